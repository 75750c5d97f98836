/**
 * The host's clock is set while the daemon runs: bans and counts live through it, and the kernel follows.
 */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kernelSet } from '../action/kernel-set.js';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon, until } from './daemon-process.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const HOUR_MS = 3_600_000;
const CLOCK = new URL('moved-clock.js', import.meta.url);

test('bans last and attackers are banned while the clock is set back by hours, and forward', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const clock = join(host.folder, 'clock');
  writeFileSync(log, '');
  host.configure(
    `[DEFAULT]\nmaxretry = 3\nfindtime = 10m\nbantime = 4h\n` +
      `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\n` +
      `[journal]\nenabled = true\nfilter = sshd\nport = ssh\nbackend = systemd\n`,
  );
  host.settings('logtarget = none\n');
  let offsetMs = 0;
  const setClock = (byMs: number): void => {
    offsetMs = byMs;
    writeFileSync(`${clock}.new`, String(byMs));
    renameSync(`${clock}.new`, clock);
  };
  setClock(0);
  const environment = { NODE_OPTIONS: `--import ${CLOCK.href}`, BAILIFF_TEST_CLOCK: clock };
  const daemon = await new Daemon(t, host, { words: ['--enforce', 'nftables'], environment }).ready();
  let pid = 0;
  const fail = async (address: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      pid += 1;
      appendFileSync(log, syslogLine(failedPassword(address, pid), pid, Date.now() + offsetMs));
    }
    await daemon.says(`[sshd] ${times >= 3 ? 'Ban' : 'Found'} ${address}`);
  };
  /** Hours that the kernel keeps an address out for from the last write on. */
  const keepsOut = async (address: string, hours: number): Promise<void> => {
    const held = (): number | undefined => kernelSet(host, 'sshd-4-32').get(address);
    await until('the kernel', () => Math.abs((held() ?? 0) - hours * 3600) < 60).catch(() =>
      assert.equal(held(), hours * 3600),
    );
  };

  await fail('198.51.100.1', 3);
  await fail('198.51.100.2', 2);
  await keepsOut('198.51.100.1', 4);

  setClock(-2 * HOUR_MS);
  await daemon.says('The clock was set back by 7200 s');
  await keepsOut('198.51.100.1', 6);
  appendFileSync(log, syslogLine(failedPassword('198.51.100.2', 90), 90, Date.now() + offsetMs));
  await daemon.says('[sshd] Ban 198.51.100.2');
  await fail('198.51.100.3', 3);
  for (const number of [91, 92, 93])
    host.journal({
      ...sshdEntry(failedPassword('198.51.100.5', number), number),
      __REALTIME_TIMESTAMP: String((Date.now() + offsetMs) * 1000 + number),
    });
  await daemon.says('[journal] Ban 198.51.100.5');

  setClock(HOUR_MS);
  await daemon.says('The clock was set forward by 10800 s');
  await keepsOut('198.51.100.1', 3);
  await keepsOut('198.51.100.3', 1);
  await fail('198.51.100.4', 3);
  await keepsOut('198.51.100.4', 4);
  assert.doesNotMatch(daemon.log, /Unban/);
});
