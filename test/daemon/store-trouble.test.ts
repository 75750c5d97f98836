import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost } from './private-host.js';

test('on a full disk bans go on and that is told; what waited is written when there is space again', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const state = join(host.folder, 'state');
  mkdirSync(state);
  host.run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', state);
  writeFileSync(log, '');
  host.configure(`[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\nbantime = 1h\n`);
  host.settings('logtarget = none\n');
  const words = { words: ['--enforce', 'nftables'] } as const;
  const attack = (address: string, from: number): void => {
    for (const pid of [from, from + 1, from + 2])
      appendFileSync(log, syslogLine(failedPassword(address, pid, 'x'.repeat(500)), pid));
  };
  const daemon = await new Daemon(t, host, words).ready();
  attack('192.0.2.50', 1);
  await daemon.says('[sshd] Ban 192.0.2.50');
  host.run('sh', '-c', 'dd if=/dev/zero of="$0/fill" bs=1k 2>/dev/null || true', state);
  for (let index = 0; index < 40; index += 1) {
    attack(`198.51.100.${index}`, 10 * index + 10);
    await daemon.says(`[sshd] Ban 198.51.100.${index}`);
  }
  await daemon.says('The store cannot be written');
  assert.equal((await daemon.ask({ verb: 'status' })).counters['storeSuspended'], 1);
  const all = Array.from({ length: 40 }, (_, index) => `198.51.100.${index}`);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.50', ...all]);
  assert.equal((await daemon.command('status', 'sshd')).status, 0);

  host.run('rm', join(state, 'fill'));
  await daemon.says('The store can be written again; nothing is missing from it.');
  const { counters } = await daemon.ask({ verb: 'status' });
  assert.deepEqual([counters['storeSuspended'], counters['storeWaiting'], counters['storeLost']], [0, 0, 0]);
  await daemon.end('SIGKILL');
  const second = await new Daemon(t, host, words).ready();
  for (let index = 0; index < 40; index += 1) await second.says(`[sshd] Restore Ban 198.51.100.${index}\n`);
  const why = await second.ask({ verb: 'explain', address: '198.51.100.39' });
  assert.equal(why.evidence.length, 3);
});

test('a start on a disk without space for the database says so and ends with 1, to be tried again', async (t) => {
  const host = await PrivateHost.open(t);
  const state = join(host.folder, 'state');
  mkdirSync(state);
  host.run('mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', state);
  host.run('sh', '-c', 'dd if=/dev/zero of="$0/fill" bs=1k 2>/dev/null || true', state);
  host.configure('[sshd]\nenabled = true\n');
  const daemon = new Daemon(t, host);
  assert.equal(await daemon.ended, 1);
  assert.match(daemon.log, /bailiff\.sqlite cannot be opened.*\(store\.full\)/);
});
