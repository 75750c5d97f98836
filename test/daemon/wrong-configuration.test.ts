import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bailiff } from '../cli/run-bailiff.js';
import { folderWith } from '../config/folder.js';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { PrivateHost } from './private-host.js';

const JAIL = '[broken]\nenabled = true\nlogpath = /var/log/x\n';

const CASES = [
  ['a bad time', `${JAIL}filter = sshd\nbantime = soon\n`, 5, 'bantime'],
  ['an unknown action', `${JAIL}filter = sshd\naction = nosuch\n`, 5, 'action'],
  ['a jail without a filter', `${JAIL}filter = nosuch\n`, 4, 'filter'],
] as const;

for (const [what, text, line, option] of CASES)
  test(`config check tells ${what} with its place and a remedy, exit status 4`, async (t) => {
    const directory = folderWith(t, { 'jail.local': text });
    const { status, out, err } = await bailiff('config', 'check', '--config', directory);
    assert.equal(status, 4);
    const told = out + err;
    assert.ok(told.includes(`jail.local:${line}: [broken] ${option}`), told);
  });

const FILTERS = [
  ['a bad expression', 'failregex = ^bad ( from <HOST>$\n'],
  ['a filter without an address', 'failregex = ^bad from someone$\n'],
] as const;

for (const [what, text] of FILTERS)
  test(`config check tells ${what} with its place and a remedy, exit status 4`, async (t) => {
    const directory = folderWith(t, {
      'jail.local': `${JAIL}filter = wrong\n`,
      'filter.d/wrong.conf': `[Definition]\n${text}`,
    });
    const { status, out, err } = await bailiff('config', 'check', '--config', directory);
    assert.equal(status, 4);
    const told = out + err;
    assert.match(told, /wrong\.conf:2: \[Definition\] failregex/);
  });

test('an unknown key is a warning with the nearest name, and an error only with --strict', async (t) => {
  const directory = folderWith(t, { 'jail.local': '[sshd]\nenabled = true\nmaxrety = 3\n' });
  const { status, out, err } = await bailiff('config', 'check', '--config', directory);
  assert.equal(status, 0);
  assert.match(out + err, /jail\.local:3: \[sshd\] maxrety/);
  assert.match(out + err, /maxretry/);
  assert.equal((await bailiff('config', 'check', '--strict', '--config', directory)).status, 4);
});

test('a broken jail beside a good one: the good one bans, log and status tell the broken one', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(
    `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\n${JAIL}filter = sshd\nbantime = soon\n`,
  );
  const daemon = await new Daemon(t, host).ready();
  for (const pid of [1, 2, 3]) appendFileSync(log, syslogLine(failedPassword('192.0.2.60', pid), pid));
  await daemon.says('[sshd] Ban 192.0.2.60');
  assert.match(daemon.log, /ERROR .*jail\.local:\d+: \[broken\] bantime/);
  assert.match((await daemon.command('status')).out, /\[broken\] bantime/);
});

test('what an action cannot be told is told at the start, with its place', async (t) => {
  const host = await PrivateHost.open(t);
  host.configure(
    '[postfix]\nenabled = true\nbackend = systemd\naction = %(action_)s\n' +
      '  %(action_abuseipdb)s[abuseipdb_category="22"]\n',
  );
  const daemon = await new Daemon(t, host).ready();
  await daemon.says(/jail\.local:\d+: \[postfix\] action: .*\(action\.report-category\)/);
  assert.equal(await daemon.end(), 0);
});
