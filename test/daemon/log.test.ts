import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon, until } from './daemon-process.js';
import { PrivateHost } from './private-host.js';

test('a reader of table and log that goes away ends nothing: bans go on and the file tells them', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(`[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\n`);
  const daemon = await new Daemon(t, host).ready();
  await daemon.says('Runs as');
  daemon.hangUp();
  // The table of jails is printed 3 s after the start at the latest, to nobody.
  await daemon.until({ verb: 'status' }, ({ startedAtMs }) => Date.now() - startedAtMs > 4_000);
  const file = (): string => readFileSync(join(host.folder, 'state', 'bailiff.log'), 'utf8');
  for (const pid of [1, 2, 3]) appendFileSync(log, syslogLine(failedPassword('192.0.2.33', pid), pid));
  await until('the first ban', () => file().includes('[sshd] Ban 192.0.2.33'));
  for (const pid of [4, 5, 6]) appendFileSync(log, syslogLine(failedPassword('192.0.2.34', pid), pid));
  await until('the second ban', () => file().includes('[sshd] Ban 192.0.2.34'));
  assert.equal((await daemon.ask({ verb: 'status' })).jails.length, 1);
  assert.equal(await daemon.end(), 0);
});
