import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost } from './private-host.js';

test('on a full disk bans go on and that is told once; what waited is written when there is space again', async (t) => {
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
  assert.equal(daemon.log.split('ERROR').length - 1, 1);
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

/** What keeps the database from being opened for writing, and how it is mended. */
const UNWRITABLE: readonly {
  readonly what: string;
  readonly mount: readonly string[];
  /** What ended the daemon before. */
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly hinder: (state: string) => string;
  readonly mend: (state: string) => string;
}[] = [
  {
    what: 'a full disk',
    mount: ['-o', 'size=1m'],
    signal: 'SIGKILL',
    hinder: (state) => `dd if=/dev/zero of=${state}/fill bs=1k 2>/dev/null || true`,
    mend: (state) => `rm ${state}/fill`,
  },
  {
    what: 'a disk without inodes',
    mount: ['-o', 'nr_inodes=40'],
    // Ended in order it leaves no log of the database behind, which then cannot be begun.
    signal: 'SIGTERM',
    hinder: (state) => `n=0; while touch ${state}/fill$n 2>/dev/null; do n=$((n+1)); done`,
    mend: (state) => `rm ${state}/fill*`,
  },
  {
    what: 'a read-only disk',
    mount: [],
    signal: 'SIGKILL',
    hinder: (state) => `mount -o remount,ro ${state}`,
    mend: (state) => `mount -o remount,rw ${state}`,
  },
];

for (const { what, mount, signal, hinder, mend } of UNWRITABLE)
  test(`a start on ${what} guards from a copy with what was kept, tells it once, and writes all of it when it can`, async (t) => {
    const host = await PrivateHost.open(t);
    const log = join(host.folder, 'auth.log');
    const state = join(host.folder, 'state');
    mkdirSync(state);
    host.run('mount', '-t', 'tmpfs', ...mount, 'tmpfs', state);
    writeFileSync(log, '');
    host.configure(
      `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\nbantime = 1h\n`,
    );
    host.settings('logtarget = none\n');
    const words = { words: ['--enforce', 'nftables'] } as const;
    const fail = (address: string, ...pids: readonly number[]): void => {
      for (const pid of pids) appendFileSync(log, syslogLine(failedPassword(address, pid), pid));
    };
    const first = await new Daemon(t, host, words).ready();
    fail('192.0.2.60', 1, 2, 3);
    fail('192.0.2.61', 4, 5);
    await first.says('[sshd] Ban 192.0.2.60');
    await first.says('Found 192.0.2.61', 2);
    await first.end(signal);

    host.run('sh', '-c', hinder(state));
    fail('192.0.2.62', 6, 7, 8);
    const second = await new Daemon(t, host, words).ready();
    await second.says('[sshd] Restore Ban 192.0.2.60');
    await second.says('[sshd] Ban 192.0.2.62');
    fail('192.0.2.61', 9);
    await second.says('[sshd] Ban 192.0.2.61');
    await kernelHolds(host, 'sshd-4-32', ['192.0.2.60', '192.0.2.61', '192.0.2.62']);
    assert.equal((await second.ask({ verb: 'status' })).counters['storeSuspended'], 1);
    assert.equal(second.log.split('ERROR').length - 1, 1, second.log);

    host.run('sh', '-c', mend(state));
    await second.says('The store can be written again; nothing is missing from it.');
    assert.equal((await second.ask({ verb: 'status' })).counters['storeSuspended'], 0);
    fail('192.0.2.63', 10, 11, 12);
    await second.says('[sshd] Ban 192.0.2.63');
    await second.end('SIGKILL');
    const third = await new Daemon(t, host, words).ready();
    for (const last of [60, 61, 62, 63]) await third.says(`[sshd] Restore Ban 192.0.2.${last}\n`);
    const why = await third.ask({ verb: 'explain', address: '192.0.2.61' });
    assert.equal(why.evidence.length, 3);
    assert.doesNotMatch(third.log, /Found 192\.0\.2/, 'no line is heard again');
  });
