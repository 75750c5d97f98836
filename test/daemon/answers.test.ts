import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { PrivateHost } from './private-host.js';

const PER_STEP = 500;
const STEP_MS = 50;
const STEPS = 60;

test('status, explain, ban and unban are answered while 10,000 lines a second arrive; their times are told', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(`[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 5\nbantime = 1h\n`);
  const daemon = await new Daemon(t, host, { words: ['--enforce', 'nftables'] }).ready();
  const flood = { isOver: false };
  const flooding = (async () => {
    const startMs = performance.now();
    let count = 0;
    for (let step = 1; step <= STEPS; step += 1) {
      const lines = Array.from({ length: PER_STEP }, () => {
        count += 1;
        const address = `10.${(count >> 8) % 8}.${count % 256}.${count % 100}`;
        return syslogLine(failedPassword(address, count), count);
      });
      appendFileSync(log, lines.join(''));
      await sleep(Math.max(0, startMs + step * STEP_MS - performance.now()));
    }
    flood.isOver = true;
    return count / ((performance.now() - startMs) / 1000);
  })();
  const timesMs: number[] = [];
  const timed = async (work: Promise<unknown>): Promise<void> => {
    const startMs = performance.now();
    await work;
    timesMs.push(performance.now() - startMs);
  };
  while (!flood.isOver) {
    await timed(daemon.ask({ verb: 'status' }));
    await timed(daemon.ask({ verb: 'explain', address: '10.0.1.1' }));
    await timed(daemon.ask({ verb: 'ban', jail: 'sshd', targets: ['192.0.2.99'] }));
    await timed(daemon.ask({ verb: 'unban', targets: ['192.0.2.99'] }));
    await sleep(5);
  }
  const rate = await flooding;
  timesMs.sort((left, right) => left - right);
  const at = (share: number): string => (timesMs[Math.floor(share * (timesMs.length - 1))] ?? 0).toFixed(1);
  t.diagnostic(
    `${timesMs.length} answers at ${rate.toFixed(0)} lines/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`,
  );
  assert.ok(timesMs.length > 0);
  appendFileSync(
    log,
    Array.from({ length: 5 }, (_, pid) => syslogLine(failedPassword('192.0.2.98', pid), pid)).join(''),
  );
  await daemon.says('[sshd] Ban 192.0.2.98');
});
