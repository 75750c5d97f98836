import assert from 'node:assert/strict';
import { test } from 'node:test';
import { match } from '../../src/cli/match.js';
import { replay } from '../../src/cli/replay.js';
import { replayRequest } from '../../src/cli/replay-request.js';
import { runOptions } from '../../src/cli/run.js';
import { Terminal } from '../../src/cli/terminal.js';
import type { MatchEvent, MatchRequest, ReplayEvent, ReplayRequest } from '../../src/jail/offline-events.js';
import { AT_MS, matchLine, matchSummary, replayEvents } from './sample-events.js';
import { bailiff } from './run-bailiff.js';

process.env['TZ'] = 'UTC';

async function* batchesOf<T>(...batches: readonly (readonly T[])[]): AsyncGenerator<readonly T[]> {
  yield* batches;
}

/** Runs a command over a terminal that is none; gives what it printed and its status. */
async function printed(command: (terminal: Terminal) => Promise<number>) {
  let out = '';
  let err = '';
  const terminal = new Terminal({ write: (text) => (out += text) }, { write: (text) => (err += text) });
  return { status: await command(terminal), out, err };
}

const request: MatchRequest = {
  configDirectory: undefined,
  asFail2ban: false,
  filter: 'sshd',
  input: { kind: 'stdin' },
  eachLine: true,
};

test('match prints one object a line as designed, and no summary', async () => {
  const lines = [
    matchLine('failure'),
    { ...matchLine('helper'), line: 2, host: undefined, regex: undefined },
  ];
  const { status, out } = await printed((terminal) =>
    match(() => batchesOf<MatchEvent>(lines, [matchSummary]), request, { terminal, json: true }),
  );
  assert.equal(status, 0);
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      {
        line: 1,
        text: 'Failed password for root from 192.0.2.1',
        match: true,
        host: '192.0.2.1',
        id: 'session-7',
        user: 'root',
        attempts: 2,
        time: '2026-11-22T12:00:00.000Z',
        regex: 0,
      },
      {
        line: 2,
        text: 'Failed password for root from 192.0.2.1',
        match: false,
        id: 'session-7',
        user: 'root',
        attempts: 2,
        time: '2026-11-22T12:00:00.000Z',
      },
    ],
  );
});

test('match marks lines up, spells out what is hidden, and sums up', async () => {
  const lines = [matchLine('failure', 'a\u001b[2Jb'), matchLine('success'), matchLine('missed')];
  const { out } = await printed((terminal) =>
    match(() => batchesOf<MatchEvent>(lines, [matchSummary]), request, { terminal, json: false }),
  );
  assert.match(
    out,
    /^ {5}1 failure {2}a\\x1b\[2Jb \(192\.0\.2\.1, id session-7, user root, 2 attempts, expression 0\)$/m,
  );
  assert.match(out, /^ {5}1 success /m);
  assert.match(out, /^Filter sshd\[mode=normal\]: 100 lines in 0\.050 s, 2,000 lines a second$/m);
  assert.match(out, /^failures 40, successes 2, ignored 1, helpers 7, missed 50, undated 0$/m);
  assert.match(out, /^40\tfailregex 0\t\^Failed \\u\{202e\}<HOST>\$$/m);
});

test('match is 1 where no line is a failure', async () => {
  const summary = { ...matchSummary, failures: 0 };
  const { status } = await printed((terminal) =>
    match(() => batchesOf<MatchEvent>([summary]), request, { terminal, json: false }),
  );
  assert.equal(status, 1);
});

const anything: ReplayRequest = {
  configDirectory: undefined,
  asFail2ban: false,
  journalPath: '/var/log/journal',
  journalExport: undefined,
  logs: [],
  sinceMs: undefined,
  untilMs: undefined,
};

test('replay prints one event a line as designed, the summary last', async () => {
  const { status, out } = await printed((terminal) =>
    replay(() => batchesOf<ReplayEvent>(replayEvents.slice(0, 2), replayEvents.slice(2)), anything, {
      terminal,
      json: true,
    }),
  );
  assert.equal(status, 0);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(events[0], {
    kind: 'ban',
    time: '2026-11-22T12:00:00.000Z',
    jail: 'sshd',
    address: '192.0.2.1',
    until: '2026-11-22T12:10:00.000Z',
    failures: 3,
    evidence: ['line \u001b[2J'],
  });
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['ban', 'unban', 'notice', 'summary'],
  );
  assert.ok(!out.includes('\u001b'));
});

test('replay tells bans in their own time and complains on standard error', async () => {
  const { out, err } = await printed((terminal) =>
    replay(() => batchesOf<ReplayEvent>(replayEvents.slice(0, 2), replayEvents.slice(2)), anything, {
      terminal,
      json: false,
    }),
  );
  assert.match(out, /^2026-11-22 12:00:00 sshd: ban 192\.0\.2\.1 until 2026-11-22 12:10:00 \(3 failures\)$/m);
  assert.match(out, /^failures 3, bans 1, unbans 1$/m);
  assert.equal(err, 'warning: a file is missing\n');
});

test('what replay shall read is taken from its words', () => {
  const read = replayRequest({
    journal: '/j',
    log: ['sshd=/var/log/a=b.log'],
    since: '2026-11-22T12:00:00Z',
    until: '@1795348900.5',
  });
  assert.deepEqual(read, {
    journalPath: '/j',
    journalExport: undefined,
    logs: [{ jail: 'sshd', path: '/var/log/a=b.log' }],
    sinceMs: AT_MS,
    untilMs: 1_795_348_900_500,
  });
  for (const words of [{}, { log: ['x'] }, { log: ['=x'] }, { log: ['x='] }, { journal: 'j', since: 'soon' }])
    assert.throws(() => replayRequest(words), { code: 'cli.usage' });
  assert.throws(() => replayRequest({ journal: 'j', since: '2026-11-23', until: '2026-11-22' }), {
    code: 'cli.usage',
  });
});

test('what the daemon shall do is taken from the words of run', () => {
  const terminal = new Terminal();
  const options = { terminal, json: false, configDirectory: '/c', asFail2ban: true };
  const bare = runOptions({}, options);
  assert.deepEqual(
    [bare.configDirectory, bare.asFail2ban, bare.stateDirectory, bare.socketPath, bare.enforce, bare.http],
    ['/c', true, undefined, undefined, undefined, undefined],
  );
  const given = runOptions({ state: '/s', socket: '/p', enforce: 'nftables', http: '[::1]:8480' }, options);
  assert.deepEqual(
    [given.stateDirectory, given.socketPath, given.enforce, given.http],
    ['/s', '/p', 'nftables', { host: '::1', port: 8480 }],
  );
  assert.equal(runOptions({ http: 'off' }, options).http, 'off');
  assert.deepEqual(runOptions({ http: 'localhost:1' }, options).http, { host: 'localhost', port: 1 });
  for (const words of [{ enforce: 'iptables' }, { http: '8480' }, { http: 'a:70000' }, { http: '::1:80' }])
    assert.throws(() => runOptions(words, options), { code: 'cli.usage' });
});

test('match without lines to read is wrong use', async () => {
  const both = await bailiff('match', 'sshd', 'file', '--line', 'x');
  assert.equal(both.status, 2);
  assert.match(both.err, /Either a file or --line/);
  assert.equal((await bailiff('replay')).status, 2);
});
