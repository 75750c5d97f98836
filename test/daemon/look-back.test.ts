import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { rowsOf } from './kept-rows.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const HOUR_MS = 3_600_000;
const DEFAULTS = '[DEFAULT]\nmaxretry = 3\nfindtime = 10m\n';
const BY_JOURNAL = 'enabled = true\nfilter = sshd\nbackend = systemd\n';

function overFile(log: string): string {
  return `enabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\n`;
}

/** An entry of another time than now. */
function entryAt(timeMs: number, message: string, pid: number) {
  return { ...sshdEntry(message, pid), __REALTIME_TIMESTAMP: String(Math.floor(timeMs * 1000)) };
}

test('a first start looks back findtime and no further, and counts what it skips', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const nowMs = Date.now();
  const [old, young] = ['192.0.2.80', '192.0.2.81'];
  for (const pid of [1, 2, 3]) host.journal(entryAt(nowMs - HOUR_MS + pid, failedPassword(old, pid), pid));
  for (const pid of [4, 5, 6]) host.journal(entryAt(nowMs - 60_000 + pid, failedPassword(young, pid), pid));
  const lines = [old, old, old].map((each, pid) =>
    syslogLine(failedPassword(each, pid), pid, nowMs - HOUR_MS),
  );
  const more = [young, young, young].map((each, pid) =>
    syslogLine(failedPassword(each, pid), pid, nowMs - 60_000),
  );
  writeFileSync(log, [...lines, ...more].join(''));
  host.configure(`${DEFAULTS}[sshd]\n${BY_JOURNAL}[filed]\n${overFile(log)}`);
  const daemon = await new Daemon(t, host).ready();
  await daemon.says(`[sshd] Ban ${young}`);
  await daemon.says(`[filed] Ban ${young}`);
  assert.ok(!daemon.log.includes(old));
  const { counters } = await daemon.ask({ verb: 'status' });
  assert.equal(counters['skippedOldLines'], 3, 'those of the file; the journal is not even read so far back');
});

test('a jail new to an old store looks back at what the others have read, and they do not count it again', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(`${DEFAULTS}[sshd]\n${BY_JOURNAL}[filed]\n${overFile(log)}`);
  const say = (address: string, pid: number): void => {
    host.journal(sshdEntry(failedPassword(address, pid), pid));
    appendFileSync(log, syslogLine(failedPassword(address, pid), pid));
  };
  const first = await new Daemon(t, host).ready();
  for (const pid of [1, 2]) say('192.0.2.82', pid);
  for (const jail of ['sshd', 'filed']) await first.says(`[${jail}] Found 192.0.2.82`, 2);
  await first.end();
  host.configure(
    `${DEFAULTS}[sshd]\n${BY_JOURNAL}[filed]\n${overFile(log)}[new]\n${BY_JOURNAL}maxretry = 2\n` +
      `[newfile]\n${overFile(log)}maxretry = 2\n`,
  );
  say('192.0.2.83', 3);
  const second = await new Daemon(t, host).ready();
  for (const jail of ['new', 'newfile']) await second.says(`[${jail}] Ban 192.0.2.82`);
  for (const jail of ['new', 'newfile', 'sshd', 'filed']) await second.says(`[${jail}] Found 192.0.2.83`);
  assert.doesNotMatch(second.log, /\[(?:sshd|filed)\] Found 192\.0\.2\.82/);
  await second.end();
  const third = await new Daemon(t, host).ready();
  say('192.0.2.84', 4);
  for (const jail of ['new', 'newfile', 'sshd', 'filed']) await third.says(`[${jail}] Found 192.0.2.84`);
  assert.doesNotMatch(third.log, /Found 192\.0\.2\.8[23]/, 'it looks back once');
});

test('killed while a new jail looks back, it goes on where it was and counts each line once', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const count = 3000;
  writeFileSync(log, '');
  const huge = '[DEFAULT]\nmaxretry = 100000\nfindtime = 10m\n';
  host.configure(`${huge}[sshd]\n${BY_JOURNAL}[filed]\n${overFile(log)}`);
  const first = await new Daemon(t, host).ready();
  // A jail that has not heard its file yet hears the journal as well, and counts what is one attempt as two lines.
  appendFileSync(log, syslogLine(failedPassword('192.0.2.84', 0), 0));
  await first.says('[filed] Found 192.0.2.84');
  const addresses = Array.from({ length: count }, (_, index) => `198.51.100.${index % 200}`);
  host.journal(...addresses.map((address, index) => sshdEntry(failedPassword(address, index), 100 + index)));
  appendFileSync(
    log,
    addresses.map((address, index) => syslogLine(failedPassword(address, index), index)).join(''),
  );
  for (const jail of ['sshd', 'filed']) await first.says(`[${jail}] Found 198.51.100.`, count);
  await first.end();
  host.configure(
    `${huge}[sshd]\n${BY_JOURNAL}[filed]\n${overFile(log)}[new]\n${BY_JOURNAL}[newfile]\n${overFile(log)}`,
  );
  for (const jail of ['new', 'newfile']) {
    const killed = new Daemon(t, host);
    await killed.says(`[${jail}] Found `);
    await killed.end('SIGKILL');
  }
  const last = await new Daemon(t, host).ready();
  const line = failedPassword('192.0.2.85', 1);
  host.journal(sshdEntry(line, 1));
  appendFileSync(log, syslogLine(line, 1));
  for (const jail of ['sshd', 'filed', 'new', 'newfile']) await last.says(`[${jail}] Found 192.0.2.85`);
  await last.end();
  for (const jail of ['sshd', 'filed', 'new', 'newfile']) {
    const [row] = rowsOf(
      join(host.folder, 'state'),
      `SELECT count(*) AS n FROM failure WHERE jail = '${jail}' AND target <> '192.0.2.84'`,
    );
    assert.equal(row?.['n'], count + 1, jail);
  }
});
