import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ActionOptions } from '../../src/action/options.js';
import { folderFor } from '../control/sample-server.js';
import { unbanOf } from '../reports/reporting-host.js';
import { MessagingHost, NOON_MS, type MessagingWords } from './messaging-host.js';
import { readMail, SmtpServer } from './smtp-server.js';
import { WhoisServer } from './whois-server.js';

const MINUTE_MS = 60_000;
const TO_ROOT = { dest: 'root@localhost', sender: 'bailiff@localhost' };

function mailing(native: string, parameters: Readonly<Record<string, string>> = TO_ROOT): ActionOptions {
  return { name: native, native, parameters };
}

async function host(
  t: TestContext,
  words: MessagingWords = {},
): Promise<{ readonly host: MessagingHost; readonly server: SmtpServer }> {
  const server = await SmtpServer.open();
  const made = new MessagingHost({ smtpPort: server.port, ...words });
  t.after(async () => {
    await made.messages.close();
    await server.close();
    made.store.close();
  });
  return { host: made, server };
}

const titles = (server: SmtpServer): readonly string[] =>
  server.mails.map(
    (mail) => /^Subject: (.*)$/m.exec(readMail(mail).headers.replaceAll('\r\n ', ' '))?.[1]?.trimEnd() ?? '',
  );

test('a ban is told by a mail of its own, with its lines where they are asked for', async (t) => {
  const { host: mx, server } = await host(t);
  mx.use({ sshd: [mailing('sendmail-whois-lines')] });
  mx.ban('192.0.2.1', {
    lines: ['sshd: Failed password for ~!touch x from 192.0.2.1', '\r\n.\r\nRCPT TO:<evil>\u001b]0;x\u202e'],
  });
  await mx.runUntil(NOON_MS + MINUTE_MS);
  assert.deepEqual(titles(server), ['[Bailiff] sshd: banned 192.0.2.1 from mx.example']);
  const [mail] = server.mails;
  assert.ok(mail);
  const { text } = readMail(mail);
  assert.match(text, /^192\.0\.2\.1 was banned by the jail sshd at \S+Z, until \S+Z, after 2 failures\.\r\n/);
  assert.match(text, /\r\n {2}sshd: Failed password for ~!touch x from 192\.0\.2\.1\r\n/);
  assert.ok(text.includes('\r\n  \\x0d\\x0a.\\x0d\\x0aRCPT TO:<evil>\\x1b]0;x\\u{202e}\r\n'));
  assert.match(text, /No whois: it is switched off/);
  assert.deepEqual(mx.states(), { accepted: 1 });
});

test('whois is in the mail, or that there is none; the ban and other mails do not wait for it', async (t) => {
  const asked: string[] = [];
  const whois = await WhoisServer.open(t, (question) => {
    asked.push(question);
    return question === '192.0.2.1' ? 'netname: ~!\u001bEVIL\ndescr: x\n' : '';
  });
  const { host: mx, server } = await host(t, { whois: `127.0.0.1:${whois.place.port}` });
  mx.use({
    sshd: [mailing('sendmail-whois')],
    dovecot: [mailing('sendmail', { ...TO_ROOT, dest: 'other' })],
  });
  mx.ban('192.0.2.1');
  mx.ban('198.51.100.1');
  mx.ban('192.0.2.1', { jail: 'dovecot' });
  while (server.mails.length < 3) await mx.runUntil(mx.clock.now());
  const texts = new Map(
    server.mails.map((mail) => [
      `${mail.to} ${/banned (\S+) from/.exec(mail.raw)?.[1]}`,
      readMail(mail).text,
    ]),
  );
  assert.match(
    texts.get('<root@localhost> 192.0.2.1') ?? '',
    /Whois, as 127\.0\.0\.1 tells it:\r\n {2}netname: ~!\\x1bEVIL\r\n {2}descr: x/,
  );
  assert.match(texts.get('<root@localhost> 198.51.100.1') ?? '', /No whois: the answer is empty\./);
  assert.doesNotMatch(texts.get('<other> 192.0.2.1') ?? '', /whois/i);
  assert.deepEqual(asked.toSorted(), ['192.0.2.1', '198.51.100.1'], 'each is asked about once');
});

test('in a storm there are few mails, and every ban is in one', async (t) => {
  const { host: mx, server } = await host(t, { rate: 10 });
  mx.use({ sshd: [mailing('sendmail')] });
  const bans = 2500;
  for (let at = 0; at < bans; at += 1) mx.ban(`198.18.${at >> 8}.${at & 255}`, { lines: ['x'] });
  await mx.runUntil(NOON_MS + 60 * MINUTE_MS);
  assert.deepEqual(mx.states(), { accepted: bans });
  assert.ok(server.mails.length <= 10, `${server.mails.length} mails`);
  const told = titles(server).map((title) =>
    Number(/^\[Bailiff\] (\d+) bans on mx\.example$/.exec(title)?.[1]),
  );
  assert.equal(
    told.reduce((sum, number) => sum + number, 0),
    bans,
  );
  assert.match(
    readMail(server.mails[0] ?? assert.fail()).text,
    /^250 bans on mx\.example: sshd 250\r\n.*  and 50 more: bailiff banned$/s,
  );
});

test('few bans are told one by one until the hour is used up, then together', async (t) => {
  const { host: mx, server } = await host(t, { rate: 4 });
  mx.use({ sshd: [mailing('sendmail')] });
  for (const last of [1, 2, 3, 4]) mx.ban(`192.0.2.${last}`);
  await mx.playUntil(NOON_MS);
  mx.messages.flush();
  await mx.playUntil(NOON_MS + MINUTE_MS);
  assert.equal(server.mails.length, 4);
  for (const last of [5, 6, 7]) mx.ban(`192.0.2.${last}`);
  mx.messages.flush();
  await mx.playUntil(NOON_MS + 10 * MINUTE_MS);
  assert.equal(server.mails.length, 4, 'the hour is used up');
  await mx.playUntil(NOON_MS + 20 * MINUTE_MS);
  assert.deepEqual(titles(server).slice(4), ['[Bailiff] 3 bans on mx.example']);
});

test('with maildigest bans wait for the time of day, but for those that cannot', async (t) => {
  const { host: mx, server } = await host(t);
  mx.use({ sshd: [mailing('sendmail')] }, { messageDigestMinutes: 7 * 60 });
  mx.ban('192.0.2.1');
  mx.ban('192.0.2.2', {}, null);
  mx.ban('192.0.2.3');
  await mx.playUntil(NOON_MS + 18 * 60 * MINUTE_MS);
  assert.deepEqual(titles(server), ['[Bailiff] sshd: banned 192.0.2.2 from mx.example']);
  await mx.playUntil(NOON_MS + 19 * 60 * MINUTE_MS + MINUTE_MS);
  assert.deepEqual(titles(server).slice(1), ['[Bailiff] 2 bans on mx.example']);
});

test('a mail waits while the server is not well, goes once, and is never sent twice when its answer is lost', async (t) => {
  const { host: mx, server } = await host(t);
  mx.use({ sshd: [mailing('sendmail')] });
  server.fault = { step: 'rcpt', does: 'answer', line: '451 later' };
  mx.ban('192.0.2.1');
  await mx.runUntil(NOON_MS + 30 * MINUTE_MS);
  assert.deepEqual([mx.states(), server.mails.length], [{ waiting: 1 }, 0]);
  assert.ok(
    server.connections >= 5 && server.connections <= 20,
    `${server.connections} tries in half an hour`,
  );
  assert.match(
    mx.notices
      .all()
      .map(({ text }) => text)
      .join(),
    /Messages wait: 451 later\./,
  );
  server.fault = undefined;
  await mx.playUntil(NOON_MS + 40 * MINUTE_MS);
  assert.deepEqual([mx.states(), server.mails.length], [{ accepted: 1 }, 1]);
  server.fault = { step: 'end', does: 'reset' };
  mx.ban('192.0.2.2');
  await mx.runUntil(NOON_MS + 41 * MINUTE_MS);
  server.fault = undefined;
  await mx.playUntil(NOON_MS + 120 * MINUTE_MS);
  assert.deepEqual([mx.states(), server.mails.length], [{ accepted: 1, unknown: 1 }, 2]);
  mx.ban('192.0.2.3');
  server.fault = { step: 'rcpt', does: 'answer', line: '550 no such user' };
  await mx.runUntil(NOON_MS + 121 * MINUTE_MS);
  assert.deepEqual(mx.states(), { accepted: 1, unknown: 1, refused: 1 });
});

test('what waits outlives a restart, and what was on its way is unknown, never sent again', async (t) => {
  const path = join(folderFor(t), 'store');
  const server = await SmtpServer.open();
  t.after(() => server.close());
  const first = new MessagingHost({ path, smtpPort: server.port });
  first.use({ sshd: [mailing('sendmail')] });
  first.ban('192.0.2.1');
  const [entry] = first.store.outbox.newestOfAll(1);
  assert.ok(entry);
  // As a kill leaves it: written down, and then nothing.
  first.store.outbox.begin([entry.id], '{"title":"x"}', NOON_MS);
  first.ban('192.0.2.2');
  first.store.close();
  const second = new MessagingHost({ path, smtpPort: server.port });
  t.after(() => second.store.close());
  second.use({ sshd: [mailing('sendmail')] });
  await second.runUntil(NOON_MS + MINUTE_MS);
  assert.deepEqual(second.states(), { unknown: 1, accepted: 1 });
  assert.deepEqual(titles(server), ['[Bailiff] sshd: banned 192.0.2.2 from mx.example']);
});

test('a ban that is lifted first is not told, nor one of before, nor for a receiver that is no more', async (t) => {
  const { host: mx, server } = await host(t);
  mx.use({ sshd: [mailing('sendmail')] });
  mx.ban('192.0.2.1');
  mx.decide(unbanOf({ jail: 'sshd', address: '192.0.2.1' }, NOON_MS, 'hand'));
  mx.ban('192.0.2.2', { origin: 'imported' });
  mx.ban('192.0.2.3', { origin: 'restored' });
  mx.ban('192.0.2.4');
  mx.use({ sshd: [mailing('sendmail', { ...TO_ROOT, dest: 'new@localhost' })] });
  mx.ban('192.0.2.5', { origin: 'hand' });
  await mx.runUntil(NOON_MS + MINUTE_MS);
  assert.deepEqual(mx.states(), { cancelled: 1, declined: 1, accepted: 1 });
  assert.deepEqual(
    server.mails.map(({ to }) => to),
    ['<new@localhost>'],
  );
  assert.match(readMail(server.mails[0] ?? assert.fail()).text, /banned by hand in the jail sshd/);
});

test('the queue is bounded, and what is given up is told', async (t) => {
  const { host: mx } = await host(t, { most: 100, smtpPort: 1 });
  mx.use({ sshd: [mailing('sendmail')] });
  for (let at = 0; at < 400; at += 1)
    mx.ban(`198.18.${at >> 8}.${at & 255}`, { lines: ['x'], failures: at }, NOON_MS + 1 + at);
  assert.ok((mx.states()['waiting'] ?? 0) <= 164);
  assert.match(
    mx.notices
      .all()
      .map(({ text }) => text)
      .join(),
    /messages given up since the start/,
  );
});

test('an address that is none, or a server that wants a login, turns the one action off and is told', async (t) => {
  const { host: mx } = await host(t);
  const wrong = mailing('sendmail', { dest: '-oQ/x' });
  const login = { name: 'smtp', native: 'smtp', parameters: { host: 'localhost', user: 'u', password: 'p' } };
  const [jail] = mx.use({ sshd: [wrong, login] });
  assert.ok(jail);
  assert.match(mx.messages.effectOf(jail, wrong).state().detail, /no mail address/);
  assert.match(mx.messages.effectOf(jail, login).state().detail, /does not log in/);
  mx.ban('192.0.2.1');
  assert.deepEqual(mx.states(), {});
});

test('where nothing is enforced no mail is written', async (t) => {
  const { host: mx } = await host(t, { off: 'observing: nothing is sent' });
  const [jail] = mx.use({ sshd: [mailing('sendmail')] });
  mx.ban('192.0.2.1');
  assert.deepEqual(mx.states(), {});
  assert.equal(mx.messages.effectOf(jail ?? assert.fail(), mailing('sendmail')).state().state, 'off');
});

test('start and end are told where that is wanted, each once, before anything else', async (t) => {
  const { host: mx, server } = await host(t, { startStop: true });
  mx.use({ sshd: [mailing('sendmail')] });
  mx.messages.begun();
  await mx.playUntil(NOON_MS + MINUTE_MS);
  assert.deepEqual(titles(server), ['[Bailiff] has started on mx.example']);
  assert.match(readMail(server.mails[0] ?? assert.fail()).text, /It guards: sshd\./);
  mx.ban('192.0.2.1');
  await mx.messages.close();
  assert.deepEqual(titles(server).slice(1), ['[Bailiff] ends on mx.example']);
  assert.deepEqual(mx.states(), { accepted: 2, waiting: 1 });
});
