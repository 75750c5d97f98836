import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { batches } from '../../src/cli/batches.js';
import { exitStatusOf } from '../../src/cli/exit.js';
import { jsonText } from '../../src/cli/json-text.js';
import { Progress } from '../../src/cli/progress.js';
import { pythonRepr } from '../../src/lib/python-repr.js';
import { displayWidth, tableLines } from '../../src/cli/table.js';
import { parseTime, timeText, untilText } from '../../src/cli/time-text.js';
import { spanText } from '../../src/lib/span-text.js';
import { BailiffError } from '../../src/lib/errors.js';
import { clientSocketPath, daemonPaths } from '../../src/lib/paths.js';
import { visible } from '../../src/lib/visible-text.js';

process.env['TZ'] = 'UTC';

const anyText = fc.string({ unit: 'binary' });

test('JSON for a terminal hides nothing and loses nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = jsonText({ text });
      assert.deepEqual(JSON.parse(json), { text });
      assert.equal(visible(json), json);
    }),
  );
});

test("a text in Python's words is one visible line", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const repr = pythonRepr(text);
      assert.equal(visible(repr), repr);
      assert.match(repr, /^(['"]).*\1$/su);
    }),
  );
});

test("values are written as Python's repr writes them", () => {
  assert.equal(
    pythonRepr([{ sshd: ['192.0.2.1', null, true, false, 1.5] }, [], {}]),
    "[{'sshd': ['192.0.2.1', None, True, False, 1.5]}, [], {}]",
  );
  assert.equal(pythonRepr(`it's`), `"it's"`);
  assert.equal(pythonRepr(`it's "x"`), `'it\\'s "x"'`);
  assert.equal(pythonRepr('a\\b\n\u001b\u202e\u{e0001}é\u00a0'), `'a\\\\b\\n\\x1b\\u202e\\U000e0001é\\xa0'`);
});

test('columns line up by display width', () => {
  assert.equal(displayWidth('漢字'), 4);
  assert.equal(displayWidth('e\u0301'), 1);
  assert.deepEqual(
    tableLines(
      ['A', 'B'],
      [
        ['漢字', 'x'],
        ['abc', 'y'],
      ],
    ),
    ['A     B', '漢字  x', 'abc   y'],
  );
});

test('times are local text, and read back', () => {
  assert.equal(timeText(Date.UTC(2026, 0, 2, 3, 4, 5)), '2026-01-02 03:04:05');
  assert.equal(timeText(Number.NaN), '?');
  assert.equal(untilText(null), 'for ever');
  for (const text of [
    '2026-01-02 03:04:05',
    '2026-01-02T03:04:05Z',
    '2026-01-02T04:04:05+01:00',
    '@1767323045',
  ])
    assert.equal(parseTime(text), Date.UTC(2026, 0, 2, 3, 4, 5), text);
  assert.equal(parseTime('2026-01-02'), Date.UTC(2026, 0, 2));
  for (const text of ['', '1', 'yesterday', '2026-13-01', '2026-01-02 25:00:00', '@', '@1e9'])
    assert.throws(() => parseTime(text), { code: 'cli.usage' }, text);
});

test('spans are told in their two largest units', () => {
  assert.deepEqual([-1, 0, 59, 600, 5400, 93_784, 2_419_200].map(spanText), [
    'for ever',
    '0s',
    '59s',
    '10m',
    '1h 30m',
    '1d 2h',
    '4w',
  ]);
});

test('progress is silent for a second and elsewhere than on a terminal', () => {
  let nowMs = 0;
  let shown = '';
  const sink = { isTTY: true, write: (text: string) => (shown += text) };
  const progress = new Progress(sink, () => nowMs);
  nowMs = 999;
  progress.update(1, 2, 'bytes');
  progress.wipe();
  assert.equal(shown, '');
  nowMs = 1000;
  progress.update(1, 2, 'bytes');
  assert.match(shown, /\[#{15}\.{15}\] 50 %$/);
  nowMs = 1050;
  progress.update(2, 2, 'bytes');
  assert.ok(!shown.includes('100 %'), 'not oftener than ten times a second');
  nowMs = 1200;
  progress.update(1234, undefined, 'lines');
  assert.ok(shown.endsWith('1,234 lines'));
  progress.wipe();
  assert.ok(shown.endsWith('\r\u001b[K'));
  let piped = '';
  const silent = new Progress({ write: (text) => (piped += text) }, () => (nowMs += 5000));
  silent.update(1, 2, 'bytes');
  assert.equal(piped, '');
});

test('batches keep every target in order and each fits a request', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 1024 }), { maxLength: 300 }), (targets) => {
      const all = batches(targets);
      assert.deepEqual(all.flat(), targets);
      for (const batch of all) assert.ok(JSON.stringify({ verb: 'ban', targets: batch }).length <= 65_536);
    }),
    { numRuns: 30 },
  );
  assert.deepEqual(
    batches(Array.from({ length: 2001 }, () => '::1')).map(({ length }) => length),
    [1000, 1000, 1],
  );
});

test('errors of the configuration and of enforcement are 4', () => {
  assert.equal(exitStatusOf(new BailiffError('config.time', 'x')), 4);
  assert.equal(exitStatusOf(new BailiffError('firewall.denied', 'x')), 4);
  assert.equal(exitStatusOf(new BailiffError('control.no-daemon', 'x')), 3);
  assert.equal(exitStatusOf(new BailiffError('cli.usage', 'x')), 2);
});

test("root has the system's places; a user has the XDG directories, if they are absolute", () => {
  assert.deepEqual(daemonPaths({}, true), {
    socketPath: '/run/bailiff/bailiff.sock',
    stateDirectory: '/var/lib/bailiff',
  });
  assert.deepEqual(daemonPaths({ XDG_RUNTIME_DIR: '/run/user/1', XDG_STATE_HOME: '/s' }, false), {
    socketPath: '/run/user/1/bailiff/bailiff.sock',
    stateDirectory: '/s/bailiff',
  });
  const bare = daemonPaths({ XDG_RUNTIME_DIR: 'run', XDG_STATE_HOME: 's' }, false);
  assert.match(bare.stateDirectory, /\/\.local\/state\/bailiff$/);
  assert.equal(bare.socketPath, `${bare.stateDirectory}/bailiff.sock`);
  assert.match(clientSocketPath({ XDG_RUNTIME_DIR: '/nowhere' }, false), /bailiff\.sock$/);
});

test('a table that is wider than the terminal goes on in the next line', () => {
  const lines = tableLines(
    ['A', 'B'],
    [
      ['short', 'one two three four five six'],
      ['x', 'abcdefghijklmnopqrstuvwxyz'],
    ],
    24,
  );
  assert.ok(
    lines.every((line) => displayWidth(line) <= 24),
    lines.join('\n'),
  );
  assert.deepEqual(lines, [
    'A      B',
    'short  one two three',
    '       four five six',
    'x      abcdefghijklmnopq',
    '       rstuvwxyz',
  ]);
});
