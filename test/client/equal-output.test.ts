import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { clientConfiguration } from '../../src/cli/client-configuration.js';
import { client } from '../../src/cli/client.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from '../../src/control/client.js';
import { MAIN } from '../cli/run-bailiff.js';
import { until } from '../daemon/daemon-process.js';
import { CALLS, type Call } from './calls.js';
import { type Answered, Fail2banServer } from './fail2ban-server.js';
import { type ScratchHost, scratchHost } from './scratch-host.js';

process.env['TZ'] = 'UTC';

test("every call answers as fail2ban-client's, beside a running server of each", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-client-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const host = scratchHost(folder);
  const calls = CALLS.map((call) => ({
    ...call,
    words: call.words.map((word) => word.replace('LOGS', host.logs)),
  }));
  const server = await Fail2banServer.start(t, host);
  const theirs = await server.answers(calls);
  const socket = join(folder, 'bailiff.sock');
  const daemon = spawn(
    process.execPath,
    [
      MAIN,
      '--as-fail2ban',
      'run',
      '--config',
      host.config,
      '--state',
      join(folder, 'state'),
      '--socket',
      socket,
    ],
    { stdio: 'ignore', env: { ...process.env, TZ: 'UTC' } },
  );
  const ended = once(daemon, 'close');
  t.after(async () => {
    daemon.kill('SIGKILL');
    await ended;
  });
  await until('the daemon to answer', () =>
    request(socket, { verb: 'ping' }).then(
      () => true,
      () => false,
    ),
  );
  const differences: string[] = [];
  for (const [index, call] of calls.entries()) {
    const ours = comparable(await answerWhenDone(call, socket, host), host);
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
  const [pid, theirPid] = [daemon.pid ?? 0, server.pid];
  await ended;
  for (const word of ['(?:Restore )?Ban|Unban', 'Attempt|Found']) {
    const lines = linesOf(readFileSync(join(folder, 'daemon.log'), 'utf8'), word);
    assert.deepEqual(lines(pid), lines(theirPid), 'the log tells the same in the same words');
  }
  t.diagnostic(`${calls.length} calls, ${calls.length - differences.length} equal`);
  const heading = `${differences.length} of ${calls.length} differ`;
  assert.equal(differences.length, 0, [heading, ...differences].join('\n'));
});

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

async function answerWhenDone(call: Call, socketPath: string, host: ScratchHost): Promise<Answered> {
  let answered = await answer(call, socketPath, host);
  await until(call.words.join(' '), async () => {
    if (call.until === undefined || answered.out === call.until) return true;
    answered = await answer(call, socketPath, host);
    return false;
  });
  return answered;
}

async function answer(call: Call, socketPath: string, host: ScratchHost): Promise<Answered> {
  let [out, err] = ['', ''];
  const status = await client(['-c', host.config, ...call.words], {
    socketPath,
    configDirectory: undefined,
    asFail2ban: true,
    configuration: clientConfiguration,
    out: { write: (text: string) => (out += text) },
    err: { write: (text: string) => (err += text) },
    input: Readable.from(call.input === undefined ? [] : [call.input]),
  });
  return { status, out, err };
}

/** Without what differs because the data do: times, pids, the place of the socket and of the database. */
function comparable({ status, out, err }: Answered, { folder }: ScratchHost): Answered {
  const text = (written: string): string =>
    written
      .replaceAll(`${folder}/state/bailiff.sqlite`, 'DATABASE')
      .replaceAll(`${folder}/f2b.sqlite3`, 'DATABASE')
      .replace(/(?:f2b|bailiff)\.sock/g, 'SOCKET')
      .replaceAll(folder, 'FOLDER')
      .replace(/^[^]*?(?=fail2ban> )/, 'BANNER ')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})?/g, 'TIME')
      .replace(/(?<=^TIME [\w.]+ *)\[\d+\]/gm, '[PID]');
  return { status, out: text(out), err: text(err) };
}
