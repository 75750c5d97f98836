import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MailCarrier } from '../../src/action/mail/mail-carrier.js';
import { sendBySendmail } from '../../src/action/mail/sendmail.js';
import type { Handed, Message } from '../../src/action/message/message.js';
import { folderFor } from '../control/sample-server.js';
import { type Fault, readMail, SmtpServer, type Step } from './smtp-server.js';

const MESSAGE: Message = { title: 'a title', text: '.\n..\nfine\n.', bans: [] };
const ROUTE = { from: 'root@localhost', fromName: 'Bailiff', to: 'admin@localhost', host: 'mx.example' };

async function handed(
  t: TestContext,
  fault?: Fault,
): Promise<{ readonly told: Handed; readonly server: SmtpServer }> {
  const server = await SmtpServer.open();
  t.after(() => server.close());
  server.fault = fault;
  const way = { host: '127.0.0.1', port: server.port };
  // What hangs is given up at once, and nothing else.
  const carrier = new MailCarrier({ ...ROUTE, way }, (giveUp) => {
    server.hangs = giveUp;
    return () => undefined;
  });
  return { told: await carrier.hand(MESSAGE, 0), server };
}

test('a mail arrives whole, with its dots', async (t) => {
  const { told, server } = await handed(t);
  assert.deepEqual(told.answer, { kind: 'accepted', detail: '250 2.0.0 Ok: queued as 4X' });
  const [mail] = server.mails;
  assert.ok(mail);
  assert.deepEqual([mail.from, mail.to], ['<root@localhost>', '<admin@localhost>']);
  assert.equal(readMail(mail).text, '.\n..\nfine\n.'.replaceAll('\n', '\r\n'));
  assert.match(
    readMail(mail).headers,
    /^From: Bailiff <root@localhost>\r\nTo: <admin@localhost>\r\nSubject: a title\r\n/,
  );
});

test('up to the end of the mail nothing can have been taken: it waits; after it, without an answer, it is in doubt', async (t) => {
  const steps: readonly Step[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'end'];
  for (const step of steps)
    for (const does of ['hang', 'reset', 'cut'] as const) {
      const { told, server } = await handed(t, { step, does });
      const isDone = step === 'end';
      assert.equal(told.answer.kind, isDone ? 'unknown' : 'retry', `${step} ${does}`);
      assert.equal(server.mails.length, isDone ? 1 : 0);
      assert.ok(told.fault, 'a fault is told');
    }
});

test('later means later, and never means never, by the code alone', async (t) => {
  for (const step of ['mail', 'rcpt', 'data', 'end'] as const) {
    const later = await handed(t, { step, does: 'answer', line: '451 4.3.0 Try again later' });
    assert.deepEqual([later.told.answer.kind, later.told.fault], ['retry', '451 4.3.0 Try again later']);
    const never = await handed(t, { step, does: 'answer', line: '550 5.1.1 No such\x1b[31m user' });
    assert.deepEqual(never.told.answer, { kind: 'refused', detail: '550 5.1.1 No such\\x1b[31m user' });
    assert.equal(never.told.fault, undefined, 'the server is well');
  }
  const closed = await handed(t, { step: 'greeting', does: 'answer', line: '554 No SMTP service here' });
  assert.equal(closed.told.answer.kind, 'retry', 'a server that takes no mail at all may be put right');
});

test('a server that says what SMTP does not, or without end, is a fault', async (t) => {
  for (const line of ['HTTP/1.1 400 Bad Request', `220-${'x'.repeat(70_000)}`, '999 what']) {
    const { told } = await handed(t, { step: 'greeting', does: 'answer', line });
    assert.match(told.fault ?? '', /does not speak SMTP/);
  }
});

test('where nobody listens the mail waits', async () => {
  const told = await new MailCarrier({ ...ROUTE, way: { host: '127.0.0.1', port: 1 } }).hand(MESSAGE, 0);
  assert.equal(told.answer.kind, 'retry');
  assert.match(told.fault ?? '', /ECONNREFUSED/);
});

/** A sendmail that writes down its words and what it was given. */
function sendmail(t: TestContext, ends: string): { readonly program: string; readonly folder: string } {
  const folder = folderFor(t);
  const program = join(folder, 'sendmail');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/words\ncat > ${folder}/mail\n${ends}\n`);
  chmodSync(program, 0o755);
  return { program, folder };
}

test('sendmail gets its words one by one and the mail on standard input, and its status counts', async (t) => {
  const mail = 'Subject: x\r\n\r\n=2E\r\n~!touch x\r\n';
  const envelope = { from: 'root@localhost', to: 'admin', mail };
  const well = sendmail(t, 'exit 0');
  assert.equal((await sendBySendmail(envelope, well.program)).answer.kind, 'accepted');
  assert.equal(readFileSync(join(well.folder, 'words'), 'utf8'), '-i\n-f\nroot@localhost\n--\nadmin\n');
  assert.equal(readFileSync(join(well.folder, 'mail'), 'utf8'), mail.replaceAll('\r\n', '\n'));
  const later = await sendBySendmail(envelope, sendmail(t, 'echo full >&2; exit 75').program);
  assert.equal(later.answer.kind, 'retry');
  assert.match(later.fault ?? '', /ended with 75: full$/);
  assert.equal((await sendBySendmail(envelope, sendmail(t, 'exit 67').program)).answer.kind, 'refused');
  assert.equal((await sendBySendmail(envelope, '/nowhere/sendmail')).answer.kind, 'retry');
});

test('a sendmail that hangs is ended with what it started, and its mail is in doubt', async (t) => {
  const { program, folder } = sendmail(
    t,
    'echo waits >&2; echo no room >&2; sleep 1000 & echo $! > "$0.child"; wait',
  );
  const told = await sendBySendmail({ from: 'a', to: 'b', mail: 'x\r\n' }, program, (giveUp) => {
    const timer = setInterval(() => {
      if (
        existsSync(join(folder, 'sendmail.child')) &&
        readFileSync(join(folder, 'sendmail.child'), 'utf8').endsWith('\n')
      )
        giveUp();
    }, 10);
    return () => clearInterval(timer);
  });
  assert.equal(told.answer.kind, 'unknown');
  assert.match(told.answer.detail, /it took too long: no room$/);
  const child = Number(readFileSync(join(folder, 'sendmail.child'), 'utf8'));
  const state = existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'utf8') : 'Z';
  assert.match(state, /\) Z|^Z/, 'what it started runs on');
});
