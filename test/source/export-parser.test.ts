import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { packageRoot } from '../../src/lib/package-root.js';
import { parseJournalMatch } from '../../src/lib/journal-match.js';
import { ExportParser } from '../../src/source/export-parser.js';
import { linesOf } from '../../src/source/line-table.js';
import type { Line } from '../../src/source/lines.js';
import { RouteTable, interestOf } from '../../src/source/route-table.js';

type Field = readonly [name: string, value: string | Buffer];

const TIME: Field = ['__REALTIME_TIMESTAMP', '1795362052514953'];

function binary(name: string, value: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(value.length);
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')]);
}

function entry(...fields: readonly Field[]): Buffer {
  const parts = fields.map(([name, value]) =>
    typeof value === 'string' ? Buffer.from(`${name}=${value}\n`) : binary(name, value),
  );
  return Buffer.concat([...parts, Buffer.from('\n')]);
}

function parse(pieces: readonly Buffer[], matches: readonly string[] = []) {
  const routes = new RouteTable(interestOf(matches.map(parseJournalMatch)));
  const parser = new ExportParser(routes);
  const results = [...pieces.map((piece) => parser.push(piece)), parser.end()];
  const lines: Line[] = results.flatMap((result) => [...linesOf(result.lines)]);
  return {
    lines,
    texts: lines.map((line) => line.text),
    counts: parser.counts,
    routes: routes.routes,
    results,
  };
}

function chunked(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

const shortOrLong = fc.constantFrom(
  '',
  'x',
  'sshd',
  'sshd-session',
  'postfix/submission/smtpd',
  'y'.repeat(57),
);
const processField = fc.constantFrom<[string, fc.Arbitrary<string>]>(
  ['SYSLOG_IDENTIFIER', shortOrLong],
  ['_COMM', shortOrLong],
  ['_HOSTNAME', fc.constantFrom('mx', 'mx2', 'k\u00e4se')],
  ['_UID', fc.constantFrom('0', '1000')],
  ['_SYSTEMD_UNIT', fc.constantFrom('a.service', 'b.service')],
  ['SYSLOG_PID', fc.constantFrom('7', '07', '519', '0x7', 'none')],
  // Their last bits are the same.
  ['_PID', fc.constantFrom('7', '519', '1031')],
);
const processFields = fc.array(
  processField.chain(([name, values]) => values.map((value): Field => [name, value])),
  { maxLength: 7 },
);

test('what is remembered of a process never colours the entry of another', () => {
  const matches = ['_SYSTEMD_UNIT=a.service', '_COMM=sshd + SYSLOG_IDENTIFIER=sshd'];
  fc.assert(
    fc.property(
      fc.array(processFields, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat({ max: 3 }), { maxLength: 24 }),
      (processes, order) => {
        const entries = order.map((index, number) =>
          entry(TIME, ...(processes[index % processes.length] ?? []), ['MESSAGE', `line ${number}`]),
        );
        const together = parse([Buffer.concat(entries)], matches);
        const alone = entries.map((one) => parse([one], matches));
        assert.deepEqual(
          together.lines.map(({ text, route }) => [text, together.routes[route]]),
          alone.flatMap(({ lines, routes }) => lines.map(({ text, route }) => [text, routes[route]])),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

test('where a field that changes with the entry decides who hears it, no entry is taken for another', () => {
  const process: readonly Field[] = [TIME, ['_PID', '7'], ['SYSLOG_IDENTIFIER', 'sshd']];
  const entries = ['one', 'two', 'one'].map((message) => entry(...process, ['MESSAGE', message]));
  const { lines, routes } = parse([Buffer.concat(entries)], ['MESSAGE=two']);
  assert.deepEqual(
    lines.map(({ route }) => routes[route]?.['MESSAGE']),
    [undefined, 'two', undefined],
  );
});

test('an entry becomes one line as Fail2Ban rebuilds it', () => {
  const whole = entry(
    TIME,
    ['_HOSTNAME', 'mx'],
    ['SYSLOG_IDENTIFIER', 'postfix/smtpd'],
    ['_PID', '5'],
    ['MESSAGE', 'hello'],
  );
  assert.deepEqual(parse([whole]).lines, [
    { text: 'mx postfix/smtpd[5]: hello', timeMs: 1795362052514, route: 0 },
  ]);
  const bare = entry(TIME, ['_COMM', 'sshd'], ['SYSLOG_PID', '7'], ['_PID', '8'], ['MESSAGE', 'x']);
  assert.deepEqual(
    parse([bare]).texts,
    ['sshd[7]: x'],
    'the client names its process id, the kernel stands in',
  );
  const kernel = entry(
    TIME,
    ['_HOSTNAME', 'mx'],
    ['SYSLOG_IDENTIFIER', 'kernel'],
    ['_SOURCE_MONOTONIC_TIMESTAMP', '1500000'],
    ['MESSAGE', 'up'],
  );
  assert.deepEqual(parse([kernel]).texts, ['mx kernel: [    1.500000] up']);
});

test('a newline in a message does not make a second line', () => {
  const forged = entry(
    TIME,
    ['SYSLOG_IDENTIFIER', 'a'],
    ['MESSAGE', Buffer.from('one\n\n__CURSOR=s\nMESSAGE=two')],
  );
  assert.deepEqual(parse([forged]).texts, ['a: one\\n\\n__CURSOR=s\\nMESSAGE=two']);
});

test('the time is when the sender wrote, as the kernel saw it, else when journald did', () => {
  const parsed = parse([entry(TIME, ['_SOURCE_REALTIME_TIMESTAMP', '1000000'], ['MESSAGE', 'x'])]);
  assert.equal(parsed.lines[0]?.timeMs, 1000);
});

test('UTF-8 is decoded, and what is none becomes U+FFFD', () => {
  const bytes = Buffer.concat([Buffer.from('käse '), Buffer.from([0xff, 0x1b])]);
  assert.deepEqual(parse([entry(TIME, ['MESSAGE', bytes])]).texts, ['käse \ufffd\u001b']);
});

test('lines are routed by the values that a match names, and by the user', () => {
  const unit = (name: string, uid: string) =>
    entry(TIME, ['_UID', uid], ['_SYSTEMD_UNIT', name], ['MESSAGE', 'm']);
  const parsed = parse(
    [
      unit('ssh.service', '0'),
      unit('cron.service', '0'),
      unit('other.service', '0'),
      unit('ssh.service', '0'),
    ],
    ['_SYSTEMD_UNIT=ssh.service'],
  );
  assert.deepEqual(
    parsed.lines.map((line) => parsed.routes[line.route]),
    [
      { _UID: '0', _SYSTEMD_UNIT: 'ssh.service' },
      { _UID: '0' },
      { _UID: '0' },
      { _UID: '0', _SYSTEMD_UNIT: 'ssh.service' },
    ],
  );
  assert.equal(parsed.routes.length, 2);
});

test('a field given twice has its first value', () => {
  const parsed = parse([entry(TIME, ['MESSAGE', 'first'], ['MESSAGE', 'second'])]);
  assert.deepEqual(parsed.texts, ['first']);
});

test('corrupt stretches are counted and the next whole entry is read', () => {
  const good = entry(TIME, ['MESSAGE', 'good']);
  for (const bad of [
    '=no name\n\n',
    `${'x'.repeat(100)}\n\n`,
    'MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff\n\n',
    'MESSAGE\n\x01\0\0\0\0\0\0\0ab\n\n',
    'MESSAGE=no time\n\n',
  ]) {
    const parsed = parse([Buffer.from(bad, 'latin1'), good]);
    assert.deepEqual(parsed.texts, ['good'], JSON.stringify(bad));
    assert.equal(parsed.counts.corrupt, 1, JSON.stringify(bad));
  }
});

test('half a message at the end of the input is not taken for a whole one', () => {
  const cut = entry(TIME, ['MESSAGE', 'from 192.0.2.17']).subarray(0, -3);
  assert.deepEqual(parse([cut]).texts, []);
  assert.equal(parse([cut]).counts.corrupt, 1);
  const whole = entry(TIME, ['MESSAGE', 'from 192.0.2.17']).subarray(0, -1);
  assert.deepEqual(parse([whole]).texts, ['from 192.0.2.17'], 'only the blank line is missing');
});

test('a message of 3 MiB is cut to 64 KiB, and a field of 3 MiB does not hide the message after it', () => {
  const huge = Buffer.alloc(3 << 20, 'a');
  const bytes = Buffer.concat([
    entry(TIME, ['MESSAGE', huge], ['SYSLOG_IDENTIFIER', 'x']),
    entry(TIME, ['MESSAGE', huge.toString()], ['SYSLOG_IDENTIFIER', 'y']),
    entry(TIME, ['COREDUMP', huge], ['MESSAGE', 'after binary']),
    entry(TIME, ['ENVIRON', huge.toString()], ['MESSAGE', 'after text']),
  ]);
  for (const size of [bytes.length, 1 << 16]) {
    const parsed = parse(chunked(bytes, size));
    assert.deepEqual(
      parsed.texts.map((text) => text.slice(0, 12)),
      ['x: aaaaaaaaa', 'y: aaaaaaaaa', 'after binary', 'after text'],
    );
    assert.equal(parsed.texts[0]?.length, (64 << 10) + 3);
    assert.deepEqual(parsed.counts, { entries: 4, corrupt: 0, cut: 2 });
  }
});

test('journald telling of suppressed messages is handed on apart', () => {
  const told = entry(
    TIME,
    ['MESSAGE_ID', 'a596d6fe7bfa4994828e72309e95d61e'],
    ['_UID', '0'],
    ['MESSAGE', 'Suppressed 3 messages from /system.slice/ssh.service'],
  );
  const { results } = parse([told]);
  assert.deepEqual(results[0]?.suppressed, [
    { message: 'Suppressed 3 messages from /system.slice/ssh.service', uid: '0' },
  ]);
});

test('however the bytes are cut into pieces, the lines are the same', () => {
  const field: fc.Arbitrary<Field> = fc.tuple(
    fc.constantFrom('MESSAGE', 'SYSLOG_IDENTIFIER', '_PID', '_HOSTNAME', '_UID', 'X', 'MESSAGE_ID'),
    fc.oneof(
      fc.stringMatching(/^[a-z0-9 =äöü]{0,30}$/),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    ),
  );
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.array(field, { maxLength: 6 }).map((fields) => entry(TIME, ...fields)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(60), { maxLength: 60 }),
      (pieces, sizes) => {
        const bytes = Buffer.concat(pieces);
        const cut: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          cut.push(bytes.subarray(at, at + size));
          at += size;
        }
        cut.push(bytes.subarray(at));
        const whole = parse([bytes]);
        const parts = parse(cut);
        assert.deepEqual(parts.lines, whole.lines);
        assert.deepEqual(parts.counts, whole.counts);
      },
    ),
    { numRuns: 500 },
  );
});

test('arbitrary bytes never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
      parse(pieces.map((piece) => Buffer.from(piece)));
    }),
  );
});

test('the recorded journals are read whole', () => {
  for (const [name, count] of [
    ['pam', 7579],
    ['virtual', 5970],
  ] as const) {
    const bytes = gunzipSync(
      readFileSync(join(packageRoot, 'recordings/debian13', name, 'journal.export.gz')),
    );
    const parsed = parse(chunked(bytes, 4099));
    assert.deepEqual(parsed.counts, { entries: count, corrupt: 0, cut: 0 });
    assert.equal(parsed.lines.length, count);
    assert.ok(parsed.texts.every((text) => /^mx13 \S+?(?:\[\d+\])?: /.test(text)));
  }
});
