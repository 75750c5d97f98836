import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ActionOptions } from '../../src/action/options.js';
import { AppriseCarrier } from '../../src/action/webhook/apprise-carrier.js';
import { labelOf, receiverOf } from '../../src/action/webhook/receiver.js';
import { folderFor } from '../control/sample-server.js';
import { MessagingHost, NOON_MS } from './messaging-host.js';

const MINUTE_MS = 60_000;

interface Taken {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Receiving {
  readonly host: MessagingHost;
  readonly taken: readonly Taken[];
  readonly url: string;
  answer: (response: ServerResponse) => void;
}

async function receiving(t: TestContext): Promise<Receiving> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      taken.push({ url: request.url ?? '', headers: request.headers, body });
      made.answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = new MessagingHost({ rate: 1000 });
  t.after(async () => {
    await host.messages.close();
    server.closeAllConnections();
    server.close();
    host.store.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const made: Receiving = {
    host,
    taken,
    url: `http://127.0.0.1:${port}`,
    answer: (response) => void response.end(),
  };
  return made;
}

function action(native: string, parameters: Readonly<Record<string, string>>): ActionOptions {
  return { name: native, native, parameters };
}

test('a webhook gets every ban as JSON, signed so that its secret need not travel', async (t) => {
  const { host, taken, url } = await receiving(t);
  host.use({ sshd: [action('webhook', { webhook_url: `${url}/in?x=1`, webhook_secret: 'very-secret' })] });
  host.ban('192.0.2.1', { lines: ['Failed password for alice'] });
  await host.runUntil(NOON_MS + MINUTE_MS);
  const [first] = taken;
  assert.ok(first);
  assert.equal(first.url, '/in?x=1');
  const seconds = first.headers['x-bailiff-timestamp'];
  const mac = createHmac('sha256', 'very-secret')
    .update(`${String(seconds)}.${first.body}`)
    .digest('hex');
  assert.equal(first.headers['x-bailiff-signature'], `sha256=${mac}`);
  const { id, ...body } = JSON.parse(first.body) as { readonly id: string };
  assert.ok(id);
  assert.deepEqual(body, {
    event: 'ban',
    host: 'mx.example',
    title: '[Bailiff] sshd: banned 192.0.2.1 from mx.example',
    sentAt: new Date(NOON_MS).toISOString(),
    bans: [
      {
        jail: 'sshd',
        target: '192.0.2.1',
        address: '192.0.2.1',
        bannedAt: new Date(NOON_MS).toISOString(),
        until: new Date(NOON_MS + 600_000).toISOString(),
        failures: 1,
        byHand: false,
      },
    ],
  });
  assert.ok(!JSON.stringify(taken).includes('alice'), 'no text of a log');
  assert.ok(!JSON.stringify(host.store.outbox.newestOfAll(9)).includes('very-secret'));
});

test('ntfy and Slack get what they take, and nothing in it can name a channel', async (t) => {
  const { host, taken, url } = await receiving(t);
  host.use({
    sshd: [
      action('ntfy', { ntfy_url: `${url}/my_topic`, ntfy_token: 'tk_secret' }),
      action('slack', { slack_webhook_url: `${url}/services/T0/B0/secret` }),
    ],
  });
  host.ban('192.0.2.1', { target: '<!channel>&' });
  await host.runUntil(NOON_MS + MINUTE_MS);
  const ntfy = taken.find((each) => each.url === '/');
  assert.equal(ntfy?.headers.authorization, 'Bearer tk_secret');
  const told = JSON.parse(ntfy.body) as Readonly<Record<string, string>>;
  assert.equal(told['topic'], 'my_topic');
  assert.equal(told['title'], '[Bailiff] sshd: banned <!channel>& from mx.example');
  const slack = JSON.parse(
    taken.find((each) => each.url === '/services/T0/B0/secret')?.body ?? '',
  ) as Readonly<Record<string, string>>;
  assert.match(slack['text'] ?? '', /banned &lt;!channel&gt;&amp; from/);
  assert.doesNotMatch(slack['text'] ?? '', /[<>]/);
  const shown = JSON.stringify([
    host.store.outbox.newestOfAll(9),
    host.messages.receivers(),
    host.notices.all(),
  ]);
  assert.doesNotMatch(shown, /secret/);
});

test('what was certainly not taken waits; whatever may have been is never sent again', async (t) => {
  const receiver = await receiving(t);
  const { host, taken } = receiver;
  host.use({ sshd: [action('slack', { slack_webhook_url: `${receiver.url}/x` })] });
  let at = 0;
  const tried = async (answer: Receiving['answer']): Promise<string> => {
    at += 1;
    receiver.answer = answer;
    host.ban(`192.0.2.${at}`);
    const before = taken.length;
    await host.runUntil(host.clock.now() + 1000);
    assert.equal(taken.length, before + 1, `asked once: ${at}`);
    const state = host.store.outbox.newestOfAll(1)[0]?.state ?? '';
    receiver.answer = (response) => void response.end();
    // Whatever waits goes; what does not, never.
    await host.runUntil(host.clock.now() + 60 * MINUTE_MS);
    assert.equal(taken.length, before + (state === 'waiting' ? 2 : 1), `asked again: ${at}`);
    return state;
  };
  const status =
    (code: number, headers = {}): Receiving['answer'] =>
    (response) =>
      void response.writeHead(code, headers).end('<html>');
  for (const code of [401, 403, 404, 410, 301, 307])
    assert.equal(await tried(status(code)), 'waiting', String(code));
  assert.equal(await tried(status(429, { 'Retry-After': '600' })), 'waiting');
  for (const code of [400, 413, 422]) assert.equal(await tried(status(code)), 'refused', String(code));
  for (const code of [500, 502, 503, 504, 408])
    assert.equal(await tried(status(code)), 'unknown', String(code));
  assert.equal(await tried((response) => response.destroy()), 'unknown');
  assert.equal(
    await tried((response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half');
      setImmediate(() => response.destroy());
    }),
    'unknown',
  );
  assert.equal(await tried(status(204)), 'accepted');
});

test('a receiver that is wrongly written is off, and told without what may be secret', () => {
  const wrong = (
    kind: 'webhook' | 'ntfy' | 'slack' | 'apprise',
    parameters: Readonly<Record<string, string>>,
    code: string,
  ): void =>
    assert.throws(
      () => receiverOf(kind, parameters),
      (error) =>
        error instanceof Error && 'code' in error && error.code === code && !error.message.includes('s3cret'),
    );
  wrong('webhook', {}, 'action.webhook-url');
  wrong('webhook', { webhook_url: 'ftp://x/s3cret' }, 'action.webhook-url');
  wrong('webhook', { webhook_url: 'http://hooks.example/s3cret' }, 'action.webhook-url');
  wrong('webhook', { webhook_url: 'https://u:s3cret@hooks.example/' }, 'action.webhook-url');
  wrong('slack', { slack_webhook_url: 'file:/nowhere/url' }, 'action.webhook-secret');
  wrong('ntfy', { ntfy_url: 'https://ntfy.sh' }, 'action.webhook-url');
  wrong('ntfy', { ntfy_url: 'https://ntfy.sh/t', ntfy_token: 's3cret\r\nX: y' }, 'action.webhook-secret');
  wrong('apprise', { args: '-vv slack://s3cret' }, 'action.webhook-arguments');
  assert.equal(receiverOf('apprise', { args: '--config /etc/fail2ban/apprise.conf' }).kind, 'apprise');
});

test('a secret may lie in a file or a credential, and two receivers at one host differ by name', (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'url'), 'https://hooks.slack.com/services/T0/B0/one\n');
  const one = receiverOf('slack', { slack_webhook_url: `file:${join(folder, 'url')}` });
  const same = receiverOf('slack', { slack_webhook_url: 'credential:url' }, folder);
  const other = receiverOf('slack', { slack_webhook_url: 'https://hooks.slack.com/services/T0/B0/two' });
  assert.equal(labelOf(one), labelOf(same));
  assert.notEqual(labelOf(one), labelOf(other));
  assert.match(labelOf(one), /^slack hooks\.slack\.com \([0-9a-f]{4}\)$/);
});

test('apprise gets its words one by one, the text on standard input, and no secret in either', async (t) => {
  const folder = folderFor(t);
  const program = join(folder, 'apprise');
  const script = (end: string): void => {
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/words\nenv > ${folder}/env\ncat > ${folder}/text\n${end}\n`,
    );
    chmodSync(program, 0o755);
  };
  script('exit 0');
  process.env['BAILIFF_TEST_SECRET'] = 's3cret';
  t.after(() => delete process.env['BAILIFF_TEST_SECRET']);
  const carrier = new AppriseCarrier('/etc/apprise.conf', program);
  const message = { title: '-x $(touch y)', text: '~!touch\n', bans: [] };
  assert.equal((await carrier.hand(message)).answer.kind, 'accepted');
  assert.equal(
    readFileSync(join(folder, 'words'), 'utf8'),
    '--input-format=text\n--title=-x $(touch y)\n--config=/etc/apprise.conf\n',
  );
  assert.equal(readFileSync(join(folder, 'text'), 'utf8'), '~!touch\n');
  assert.doesNotMatch(readFileSync(join(folder, 'env'), 'utf8'), /s3cret/);
  script('exit 1');
  assert.equal((await carrier.hand(message)).answer.kind, 'unknown');
  assert.equal((await new AppriseCarrier('/x', '/nowhere/apprise').hand(message)).answer.kind, 'retry');
  assert.ok(!existsSync(join(folder, 'y')));
});
