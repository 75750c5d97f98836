import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { kernelSet } from '../action/kernel-set.js';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { rowsOf } from './kept-rows.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost, sshdEntry } from './private-host.js';
import { seededRandom } from './seeded-random.js';

const MAXRETRY = 5;
const ADDRESSES = 240;
const KILLS = 3;
const MARKER = '198.51.100.99';
const JAILS = ['sshd', 'filed'] as const;

/** Per address how many lines it writes, and all lines in a random order. */
function planAttack(random: () => number): { counts: Map<string, number>; order: string[] } {
  const counts = new Map<string, number>();
  for (let index = 0; index < ADDRESSES; index += 1)
    counts.set(
      `198.51.100.${index % 90}`.replace('100', String(101 + Math.floor(index / 90))),
      1 + Math.floor(random() * 9),
    );
  const order = [...counts].flatMap(([address, count]) => Array.from({ length: count }, () => address));
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] ?? '', order[index] ?? ''];
  }
  return { counts, order };
}

test('killed in the middle of an attack, it bans everyone over the limit, nobody else, and counts each line once', async (t) => {
  const seed = Number(process.env['BAILIFF_SEED'] ?? Date.now() % 1_000_000);
  t.diagnostic(`BAILIFF_SEED=${seed}`);
  const random = seededRandom(seed);
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const state = join(host.folder, 'state');
  writeFileSync(log, '');
  host.configure(
    `[DEFAULT]\nmaxretry = ${MAXRETRY}\nfindtime = 1h\nbantime = 1h\n[sshd]\nenabled = true\nbackend = systemd\n` +
      `[filed]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\n`,
  );
  const { counts, order } = planAttack(random);
  const over = [...counts].filter(([, count]) => count >= MAXRETRY).map(([address]) => address);

  const attack = { written: 0 };
  const write = (addresses: readonly string[]): void => {
    const lines = addresses.map((address) => {
      attack.written += 1;
      return { message: failedPassword(address, attack.written), pid: 1000 + attack.written };
    });
    host.journal(...lines.map(({ message, pid }) => sshdEntry(message, pid)));
    appendFileSync(log, lines.map(({ message, pid }) => syslogLine(message, pid)).join(''));
  };

  let daemon = new Daemon(t, host, { words: ['--enforce', 'nftables'] });
  const logs = [daemon];
  let bannedBefore: readonly string[] = [];
  const killAt = Array.from({ length: KILLS }, () => 20 + Math.floor(random() * (order.length - 20))).sort(
    (a, b) => a - b,
  );
  for (const [index, end] of [...killAt, order.length].entries()) {
    await daemon.ready();
    for (const each of bannedBefore) await daemon.says(`] Restore Ban ${each}\n`);
    for (const jail of JAILS)
      for (const [address, seconds = 0] of kernelSet(host, `${jail}-4-32`))
        assert.ok(seconds <= 3600 && seconds > 3000, `${address} ${seconds} s`);
    const begin = attack.written;
    while (attack.written < end) {
      write(order.slice(attack.written, Math.min(end, attack.written + 1 + Math.floor(random() * 60))));
      await sleep(random() * 4);
    }
    if (index === KILLS) break;
    // Both jails tell each line that counts; at least a fifth of this round's lines are of nobody banned.
    await daemon.says('] Found ', 1 + Math.floor(random() * 0.2 * 2 * (end - begin)));
    const signal = random() < 0.25 ? 'SIGTERM' : 'SIGKILL';
    await daemon.end(signal);
    bannedBefore = rowsOf(state, 'SELECT DISTINCT target FROM ban').map((row) => String(row['target']));
    t.diagnostic(
      `${signal} after ${attack.written} of ${order.length} lines, ${bannedBefore.length} addresses banned`,
    );
    // Once more, at any moment of the start.
    const early = new Daemon(t, host, { words: ['--enforce', 'nftables'] });
    logs.push(early);
    await sleep(random() * 600);
    await early.end('SIGKILL');
    daemon = new Daemon(t, host, { words: ['--enforce', 'nftables'] });
    logs.push(daemon);
  }
  write(Array.from({ length: MAXRETRY }, () => MARKER));
  for (const jail of JAILS) await daemon.says(`[${jail}] Ban ${MARKER}`);

  const expected = [...over, MARKER].sort();
  for (const jail of JAILS) {
    await kernelHolds(host, `${jail}-4-32`, expected);
  }
  await daemon.end();
  for (const jail of JAILS) {
    const counted = new Map(
      rowsOf(state, `SELECT target, count(*) AS n FROM failure WHERE jail = '${jail}' GROUP BY target`).map(
        (row) => [String(row['target']), Number(row['n'])],
      ),
    );
    for (const [address, lines] of counts)
      assert.equal(counted.get(address), Math.min(lines, MAXRETRY), `lines counted of ${address} in ${jail}`);
    const bans = rowsOf(state, `SELECT target FROM ban WHERE jail = '${jail}'`).map((row) =>
      String(row['target']),
    );
    assert.deepEqual(bans.sort(), expected, 'each is banned once');
  }
  const told = logs.map((each) => each.log).join('');
  for (const jail of JAILS)
    for (const address of over) assert.ok(told.split(`[${jail}] Ban ${address}\n`).length <= 2, address);
});
