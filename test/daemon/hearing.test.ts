import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const ENFORCE = { words: ['--enforce', 'nftables'] } as const;

/** What Apache 2.4 writes of a user that it does not know. */
function apacheLine(address: string, port: number): string {
  const date = new Date().toISOString();
  const day = new Date().toUTCString().slice(0, 3);
  const month = new Date().toUTCString().slice(8, 11);
  const stamp = `${day} ${month} ${date.slice(8, 10)} ${date.slice(11, 19)}.000001 ${date.slice(0, 4)}`;
  return `[${stamp}] [auth_basic:error] [pid 7:tid 8] [client ${address}:${port}] AH01618: user root not found: /\n`;
}

test("the guide's apache-auth is nothing in the journal by: the error log is followed, bans follow, and it is told", async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'apache2', 'error.log');
  mkdirSync(dirname(log));
  writeFileSync(log, '');
  host.configure(
    `[sshd]\nenabled = false\n[apache-auth]\nenabled = true\nbackend = systemd\nfindtime = 3m\nmaxretry = 5\n` +
      `journalmatch = _SYSTEMD_UNIT=apache2.service\nlogpath = ${log}\n`,
  );
  const unit = { _SYSTEMD_UNIT: 'apache2.service', SYSLOG_IDENTIFIER: 'apachectl' };
  host.journal({ ...unit, MESSAGE: 'AH00558: apache2: Could not reliably determine the server name' });
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  for (let port = 1; port <= 5; port += 1) appendFileSync(log, apacheLine('192.0.2.20', 5000 + port));
  await daemon.says('[apache-auth] Ban 192.0.2.20');
  const { hears } = await daemon.ask({ verb: 'jail', jail: 'apache-auth' });
  assert.equal(hears.state, 'deaf');
  assert.match(hears.text, /_SYSTEMD_UNIT=apache2\.service.*error\.log/);
  assert.match((await daemon.command('status')).out, /nothing in the journal by/);
  await daemon.says(/WARNING .*apache-auth: .*nothing in the journal by/);
  await kernelHolds(host, 'apache-auth-4-32', ['192.0.2.20']);
});

test('a jail over a file that does not exist hears the journal, and that is told', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'none.log');
  host.configure(`[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\n`);
  const daemon = await new Daemon(t, host).ready();
  for (const pid of [1, 2, 3]) host.journal(sshdEntry(failedPassword('192.0.2.21', pid), pid));
  await daemon.says('[sshd] Ban 192.0.2.21');
  const { hears } = await daemon.ask({ verb: 'jail', jail: 'sshd' });
  assert.equal(hears.state, 'deaf');
  assert.match(hears.text, /none\.log.*journal/);
  await daemon.says(/WARNING .*sshd: .*nothing in .*none\.log/);
});

test('a line heard over the journal and over a file counts once, and the jail then keeps to its own way', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(
    `[sshd]\nenabled = true\nbackend = systemd\nlogpath = ${log}\nmaxretry = 4\nfindtime = 10m\n`,
  );
  const lines = [1, 2, 3].map((pid) => ({ message: failedPassword('192.0.2.22', pid), pid }));
  for (const { message, pid } of lines) {
    host.journal(sshdEntry(message, pid));
    appendFileSync(log, syslogLine(message, pid));
  }
  const daemon = await new Daemon(t, host).ready();
  appendFileSync(log, syslogLine(failedPassword('192.0.2.23', 9), 9));
  host.journal(sshdEntry(failedPassword('192.0.2.24', 10), 10));
  await daemon.says('Found 192.0.2.24');
  assert.ok(!daemon.log.includes('Ban 192.0.2.22'), daemon.log);
  assert.equal((await daemon.ask({ verb: 'jail', jail: 'sshd' })).hears.state, 'hearing');
  for (const { message, pid } of lines) {
    host.journal(sshdEntry(message.replace('.22', '.25'), 20 + pid));
    appendFileSync(log, syslogLine(message.replace('.22', '.25'), 20 + pid));
  }
  host.journal(sshdEntry(failedPassword('192.0.2.24', 11), 31));
  await daemon.says('Found 192.0.2.24', 2);
  assert.equal(daemon.log.split('Found 192.0.2.25').length - 1, 3);
  assert.ok(!daemon.log.includes('Ban 192.0.2.25'));
});
