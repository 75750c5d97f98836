import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyLab, isLab } from '../lab/installed.js';
import { CALLS } from './calls.js';
import { type Answered, Fail2banServer } from './fail2ban-server.js';
import { OurDaemon } from './our-daemon.js';
import { type ScratchHost, scratchHost } from './scratch-host.js';

process.env['TZ'] = 'UTC';

test("every call answers as fail2ban-client's, beside a running server of each", async (t) => {
  const folder = folderFor(t);
  const host = scratchHost(folder);
  const calls = CALLS.map((call) => ({
    ...call,
    words: call.words.map((word) => word.replace('LOGS', host.logs)),
  }));
  const server = await Fail2banServer.start(t, host);
  const theirs = await server.answers(calls);
  const daemon = await OurDaemon.start(t, host);
  const differences: string[] = [];
  for (const [index, call] of calls.entries()) {
    const ours = comparable(await daemon.answer(call), host);
    const expected = comparable(theirs[index] ?? { status: -1, out: '', err: '' }, host);
    const isEqual =
      call.differs === undefined
        ? JSON.stringify(ours) === JSON.stringify(expected)
        : ours.status === expected.status;
    if (isEqual) continue;
    const told = (name: string, { status, out, err }: Answered): string =>
      `  ${name}: ${status} ${JSON.stringify(out)}${err === '' ? '' : ` ${JSON.stringify(err)}`}`;
    differences.push([call.words.join(' '), told('theirs', expected), told('ours  ', ours)].join('\n'));
  }
  const [pid, theirPid] = [daemon.pid, server.pid];
  await daemon.ended();
  for (const word of ['(?:Restore )?Ban|Unban', 'Attempt|Found']) {
    const lines = linesOf(readFileSync(join(folder, 'daemon.log'), 'utf8'), word);
    assert.deepEqual(lines(pid), lines(theirPid), 'the log tells the same in the same words');
  }
  t.diagnostic(`${calls.length} calls, ${calls.length - differences.length} equal`);
  const heading = `${differences.length} of ${calls.length} differ`;
  assert.equal(differences.length, 0, [heading, ...differences].join('\n'));
});

function folderFor(t: TestContext): string {
  if (isLab) return emptyLab();
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-client-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The lines of a log that other tools read, by who wrote them. */
function linesOf(log: string, word: string): (pid: number) => readonly string[] {
  const wanted = new RegExp(`\\] (?:${word}) `);
  const lines = log.split('\n').filter((line) => wanted.test(line));
  return (pid) =>
    lines
      .filter((line) => line.includes(`[${pid}]: `))
      .map((line) =>
        line.replace(/\d{4}(?:-\d\d){2} (?:\d\d:?){3}(?:,\d{3})?/g, 'TIME').replace(`[${pid}]`, '[PID]'),
      );
}

/**
 * Without what differs because the data do: times, pids, the place of the socket and of the database, and by how much a
 * second ban by hand prolongs the first, which is the time between the two calls.
 */
function comparable({ status, out, err }: Answered, host: ScratchHost): Answered {
  const text = (written: string): string =>
    written
      .replaceAll(host.ourDatabase, 'DATABASE')
      .replaceAll(`${host.folder}/f2b.sqlite3`, 'DATABASE')
      .replaceAll(host.ourSocket, 'SOCKET')
      .replaceAll(host.theirSocket, 'SOCKET')
      .replaceAll(host.folder, 'FOLDER')
      .replace(/^[^]*?(?=fail2ban> )/, 'BANNER ')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})?/g, 'TIME')
      .replace(/(?<=TIME \+ )36\d\d(?= = TIME)/g, '3600')
      .replace(/(?<=^TIME [\w.]+ *)\[\d+\]/gm, '[PID]');
  return { status, out: text(out), err: text(err) };
}
