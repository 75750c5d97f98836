import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kernelSet } from '../action/kernel-set.js';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon, until } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const ENFORCE = { words: ['--enforce', 'nftables'] } as const;
const SET = 'sshd-4-32';

function sshdOver(log: string, extra = ''): string {
  return `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\nfindtime = 10m\n${extra}`;
}

test('a restart puts the bans back into the kernel with their remaining time, but not those that are over', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(sshdOver(log, 'bantime = 1h\n'));
  const first = await new Daemon(t, host, ENFORCE).ready();
  for (const index of [1, 2, 3]) appendFileSync(log, syslogLine(failedPassword('192.0.2.1', index), index));
  await first.says('[sshd] Ban 192.0.2.1');
  assert.match((await first.command('ban', 'sshd', '192.0.2.2', '--for', '2s')).out, /192\.0\.2\.2/);
  await first.command('ban', 'sshd', '192.0.2.3', '--for', '1d');
  assert.equal(await first.end(), 0);
  assert.match(first.log, /nft delete table inet bailiff/);
  const left = kernelSet(host, SET);
  assert.ok(left.has('192.0.2.1') && left.has('192.0.2.3'), 'SIGTERM leaves the bans in the kernel');

  await until('the short ban to leave the kernel', () => !kernelSet(host, SET).has('192.0.2.2'));
  const second = await new Daemon(t, host, ENFORCE).ready();
  await second.says('[sshd] Restore Ban 192.0.2.1');
  await second.says('[sshd] Restore Ban 192.0.2.3');
  assert.ok(!second.log.includes('Restore Ban 192.0.2.2'));
  await kernelHolds(host, SET, ['192.0.2.1', '192.0.2.3']);
  const kept = kernelSet(host, SET);
  const [hour = 0, day = 0] = [kept.get('192.0.2.1'), kept.get('192.0.2.3')];
  assert.ok(hour > 3000 && hour <= 3600, `${hour} s are left of an hour`);
  assert.ok(day > 86_000 && day <= 86_400, `${day} s are left of a day`);

  const lifted = await second.command('unban', '192.0.2.1');
  assert.equal(lifted.status, 0);
  await second.says('[sshd] Unban 192.0.2.1');
  await kernelHolds(host, SET, ['192.0.2.3']);
});

test('fail2ban-client bans, tells and lifts as the guide shows it', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(sshdOver(log));
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  const client = (...words: string[]) => daemon.command('client', ...words);
  assert.deepEqual(await client('set', 'sshd', 'banip', '192.0.2.9'), { status: 0, out: '1\n', err: '' });
  await kernelHolds(host, SET, ['192.0.2.9']);
  const status = await client('status', 'sshd');
  assert.match(status.out, /Currently banned:\s1\n/);
  assert.match(status.out, /Banned IP list:\s192\.0\.2\.9\n/);
  assert.deepEqual(await client('set', 'sshd', 'unbanip', '192.0.2.9'), { status: 0, out: '1\n', err: '' });
  await kernelHolds(host, SET, []);
  assert.match((await client('status')).out, /Jail list:\s+sshd\n/);
  assert.equal((await client('set', 'nojail', 'banip', '192.0.2.9')).status, 255);
});

test('`client stop` lifts every ban and ends the daemon', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(sshdOver(log));
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  await daemon.command('ban', 'sshd', '192.0.2.4', '2001:db8::1');
  await kernelHolds(host, SET, ['192.0.2.4']);
  assert.equal((await daemon.command('client', 'stop')).status, 0);
  assert.equal(await daemon.ended, 0);
  assert.doesNotMatch(host.run('nft', 'list', 'tables'), /bailiff/);
  assert.doesNotMatch(daemon.log, /stay in the kernel/);
});

test('what the journal and a file say while the daemon is down is counted when it is up again, once', async (t) => {
  const host = await PrivateHost.open(t);
  host.configure('[sshd]\nenabled = true\nbackend = systemd\nmaxretry = 3\nfindtime = 10m\n');
  const say = (address: string, index: number): void =>
    host.journal(sshdEntry(failedPassword(address, index), index));
  say('192.0.2.7', 1);
  const first = await new Daemon(t, host).ready();
  say('192.0.2.7', 2);
  await first.says('Found 192.0.2.7', 2);
  assert.equal(await first.end('SIGKILL'), null);
  say('192.0.2.7', 3);
  say('192.0.2.8', 4);
  const second = await new Daemon(t, host).ready();
  await second.says('[sshd] Ban 192.0.2.7');
  await second.says('Found 192.0.2.8');
  assert.equal(second.log.split('Found 192.0.2.7').length - 1, 1);
  const why = await second.ask({ verb: 'explain', address: '192.0.2.7' });
  assert.equal(why.evidence.length, 3);
  assert.match(readFileSync(join(host.folder, 'state', 'bailiff.log'), 'utf8'), /Ban 192\.0\.2\.7/);
});

test('who is let off by hand stays let off over a kill, and needs as many failures as anyone for a new ban', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(sshdOver(log));
  const fail = (address: string, pid: number): void =>
    appendFileSync(log, syslogLine(failedPassword(address, pid), pid));
  const first = await new Daemon(t, host, ENFORCE).ready();
  for (const pid of [1, 2, 3]) fail('192.0.2.5', pid);
  for (const pid of [4, 5]) fail('192.0.2.6', pid);
  await first.says('[sshd] Ban 192.0.2.5');
  await first.says('Found 192.0.2.6', 2);
  await first.command('unban', '192.0.2.5', '192.0.2.6');
  await first.end('SIGKILL');
  const second = await new Daemon(t, host, ENFORCE).ready();
  await kernelHolds(host, SET, []);
  for (const pid of [6, 7]) fail('192.0.2.5', pid);
  for (const pid of [8, 9]) fail('192.0.2.6', pid);
  fail('192.0.2.7', 10);
  await second.says('Found 192.0.2.7');
  assert.doesNotMatch(second.log, /\] (?:Restore )?Ban /);
  fail('192.0.2.5', 11);
  await second.says('[sshd] Ban 192.0.2.5');
});
