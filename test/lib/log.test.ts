import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileSink, Log, type LogLine } from '../../src/lib/log.js';

function collector(): { readonly lines: LogLine[]; write(lines: readonly LogLine[]): void; reopen(): void } {
  const lines: LogLine[] = [];
  return { lines, write: (more) => void lines.push(...more), reopen: () => undefined };
}

test('a line has the shape that readers of Fail2Ban’s log expect', () => {
  const sink = collector();
  const log = new Log('info', [sink]);
  log.write('notice', 'fail2ban.actions', '[sshd] Ban 192.0.2.1');
  log.flush();
  assert.match(
    sink.lines[0]?.line ?? '',
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban\.actions {8}\[\d+\]: NOTICE {2}\[sshd\] Ban 192\.0\.2\.1$/,
  );
});

test('lines are written after the turn, in order, and none below the threshold', async () => {
  const sink = collector();
  const log = new Log('notice', [sink]);
  log.write('notice', 'a', 'one');
  log.write('info', 'a', 'unwanted');
  log.write('error', 'a', 'two');
  assert.equal(sink.lines.length, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    sink.lines.map(({ bare }) => bare),
    ['one', 'two'],
  );
});

test('a flood is written before it fills memory', () => {
  const sink = collector();
  const log = new Log('info', [sink]);
  for (let index = 0; index < 5000; index += 1) log.write('info', 'a', String(index));
  assert.ok(sink.lines.length >= 4000);
});

test('hidden characters are spelled out', () => {
  const sink = collector();
  const log = new Log('info', [sink]);
  log.write('info', 'a', 'user \u001b[2J\u202e\nx');
  log.flush();
  assert.equal(sink.lines[0]?.bare, 'user \\x1b[2J\\u{202e}\\x0ax');
});

test('a rotated file is opened again on request', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'bailiff.log');
  const log = new Log('info', [fileSink(path)]);
  log.write('info', 'a', 'before');
  log.flush();
  renameSync(path, `${path}.1`);
  log.write('info', 'a', 'between');
  log.reopen();
  log.write('info', 'a', 'after');
  log.flush();
  assert.match(readFileSync(`${path}.1`, 'utf8'), /before\n.*between\n$/);
  assert.match(readFileSync(path, 'utf8'), /^\S+ \S+ a .*after\n$/);
});
