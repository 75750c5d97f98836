/**
 * Mails and webhooks with faults at random and a process that is killed again and again: each ban is told at most once, and
 * whatever was certainly not taken comes through. Simulated time, a real store on disk, real servers.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Effect } from '../../src/action/effect.js';
import { folderFor } from '../control/sample-server.js';
import { seededRandom } from '../daemon/seeded-random.js';
import { outcomesOf } from '../reports/reporting-host.js';
import { MessagingHost } from './messaging-host.js';
import { type Fault, readMail, SmtpServer, type Step } from './smtp-server.js';

const HOUR_MS = 3_600_000;
const BANS = 400;
const STEPS: readonly Step[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'end'];
const ADDRESS = /\b11\.0\.\d+\.\d+\b/g;

/** What a webhook answers, and whether it keeps what it was told. */
const ANSWERS: readonly (readonly [
  name: string,
  keeps: boolean,
  answer: (response: ServerResponse) => void,
])[] = [
  ['500 and kept', true, (response) => void response.writeHead(500).end()],
  ['502', false, (response) => void response.writeHead(502).end('<html>')],
  ['401', false, (response) => void response.writeHead(401).end()],
  ['429', false, (response) => void response.writeHead(429, { 'Retry-After': '60' }).end()],
  ['reset and kept', true, (response) => void response.socket?.destroy()],
  ['reset', false, (response) => void response.socket?.destroy()],
  ['hang and kept', true, () => undefined],
  ['hang', false, () => undefined],
];

for (const seed of [1, 2, 3])
  test(`of ${BANS} bans with faults and kills at random each is mailed and posted at most once, seed ${seed}`, async (t) => {
    const random = seededRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item =>
      items[Math.floor(random() * items.length)] ?? assert.fail();
    const path = join(folderFor(t), 'store');
    let isFaulty = true;
    let kill: () => void = () => undefined;
    const smtp = await SmtpServer.open();
    smtp.hangs = () => kill();
    smtp.faultOfNext = (): Fault | undefined => {
      if (!isFaulty || random() >= 0.3) return undefined;
      const step = pick(STEPS);
      const does = pick(['answer', 'hang', 'reset', 'cut'] as const);
      return does === 'answer' ? { step, does, line: '451 4.3.0 later' } : { step, does };
    };
    const posted: string[] = [];
    const webhook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const [name, keeps, answer] =
          isFaulty && random() < 0.3 ? pick(ANSWERS) : (['204', true, undefined] as const);
        // A parse boundary: what the host under test wrote.
        const { bans } = JSON.parse(body) as { readonly bans: readonly { readonly target: string }[] };
        if (keeps) posted.push(...bans.map(({ target }) => target));
        if (answer === undefined) response.writeHead(204).end();
        else answer(response);
        if (name.startsWith('hang')) kill();
      });
    });
    webhook.listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const place = webhook.address();
    const url = `http://127.0.0.1:${typeof place === 'object' && place !== null ? place.port : 0}/hook`;

    let starts = 0;
    const hosts: MessagingHost[] = [];
    let effects: readonly Effect[] = [];
    const start = (nowMs?: number): MessagingHost => {
      starts += 1;
      const host = new MessagingHost({ path, smtpPort: smtp.port, rate: 10_000 });
      if (nowMs !== undefined) host.clock.advanceTo(nowMs);
      const [sshd] = host.use({
        sshd: [
          {
            name: 'sendmail',
            native: 'sendmail',
            parameters: { dest: 'root@localhost', sender: 'b@localhost' },
          },
          {
            name: 'webhook',
            native: 'webhook',
            parameters: { webhook_url: url, webhook_secret: 's'.repeat(20) },
          },
        ],
      });
      effects = sshd?.actions.map((action) => host.messages.effectOf(sshd, action)) ?? [];
      hosts.push(host);
      return host;
    };
    t.after(async () => {
      webhook.closeAllConnections();
      webhook.close();
      await smtp.close();
      await host.messages.close();
      for (const { store } of hosts) store.close();
    });
    let host = start();
    /** Up to a time, whatever is killed on the way. */
    const run = async (untilMs: number): Promise<void> => {
      while (host.clock.now() < untilMs) {
        const killed = new Promise<boolean>((resolve) => (kill = () => resolve(true)));
        if (await Promise.race([killed, host.playUntil(untilMs).then(() => false)]))
          host = start(host.clock.now());
      }
    };
    for (let at = 0; at < BANS; at += 1) {
      await run(host.clock.now() + 20_000);
      if (random() < 0.02) host = start(host.clock.now());
      const address = `11.0.${at >> 8}.${at & 255}`;
      host.ban(address);
      const outcomes = outcomesOf({ jail: 'sshd', address }, host.clock.now());
      const decisions = outcomes.flatMap((each) => (each.kind === 'decided' ? [each.decision] : []));
      for (const effect of effects) effect.follow(decisions);
    }
    isFaulty = false;
    await run(host.clock.now() + 24 * HOUR_MS);

    const mailed = smtp.mails.flatMap((mail) => [...new Set(readMail(mail).text.match(ADDRESS))]);
    for (const [what, told, courier] of [
      ['mail', mailed, /^mail /],
      ['webhook', posted, /^webhook /],
    ] as const) {
      assert.equal(new Set(told).size, told.length, `by ${what} nothing was told twice`);
      const entries = host.store.outbox.newestOfAll(10 * BANS).filter((entry) => courier.test(entry.courier));
      assert.equal(entries.length, BANS);
      const counts = new Map<string, number>();
      for (const { state, payload } of entries) {
        counts.set(state, (counts.get(state) ?? 0) + 1);
        const [address = ''] = payload.match(ADDRESS) ?? [];
        if (state === 'accepted') assert.ok(told.includes(address), `${address} arrived by ${what}`);
        else assert.equal(state, 'unknown', `${address} by ${what}`);
      }
      assert.ok((counts.get('accepted') ?? 0) > BANS / 2);
      t.diagnostic(
        `${what}: ${told.length} arrived; ${[...counts].map(([state, some]) => `${some} ${state}`).join(', ')}`,
      );
    }
    assert.ok(starts > 10, `${starts} starts`);
    t.diagnostic(`${starts} starts, ${smtp.connections} connections to the mail server`);
  });
