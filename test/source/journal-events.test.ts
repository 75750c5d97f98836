import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseJournalMatch } from '../../src/lib/journal-match.js';
import { linesOf } from '../../src/source/line-table.js';
import { formatJournalPlace, parseJournalPlace } from '../../src/source/journal-place.js';
import { journalSource } from '../../src/source/journal-source.js';
import type { Place } from '../../src/source/lines.js';
import { journalRecording } from '../../src/source/recording-journal.js';
import { interestOf } from '../../src/source/route-table.js';
import { CollectingSink } from './collecting-sink.js';
import { PrivateJournald, RemoteJournal, canUse, exportEntry } from './test-journals.js';

const interest = interestOf([]);
const line = (number: number): string => exportEntry(number, { MESSAGE: `line ${number}` });

function open(
  t: TestContext,
  directory: string,
  place?: Place,
  onHandle?: (handle: bigint | undefined) => void,
) {
  const sink = new CollectingSink();
  const where = { kind: 'directory', path: directory } as const;
  const start = { place, sinceMs: 0 };
  const source = journalSource({ where, interest, start, ...(onHandle === undefined ? {} : { onHandle }) });
  const run = source.run(sink);
  const close = async (): Promise<void> => {
    await source.close();
    await run;
  };
  // A source that a failed test left open would keep the process alive.
  t.after(close);
  return { sink, close };
}

test('rotation is followed and told, and no line is lost or doubled', async (t) => {
  if (!canUse(t, 'journald')) return;
  const journald = new PrivateJournald(t);
  await journald.ready();
  let opened: (handle: bigint | undefined) => void = () => undefined;
  const live = new Promise<bigint | undefined>((resolve) => {
    opened = resolve;
  });
  const { sink, close } = open(t, journald.directory, undefined, opened);
  // What rotates during the catch-up is journalctl's to follow.
  await live;
  const ours = (): string[] => sink.texts.filter((text) => text.includes(' probe'));
  for (let round = 0; round < 3; round += 1) {
    journald.log('probe', `before ${round}`);
    await sink.until(`line before rotation ${round}`, () => ours().length === 2 * round + 1);
    journald.rotate();
    journald.log('probe', `after ${round}`);
    await sink.until(`line after rotation ${round}`, () => ours().length === 2 * round + 2);
    await sink.until('a rotation to be told', () => sink.events('rotated').length > 0);
  }
  assert.deepEqual(
    ours().map((text) => text.replace(/^.*: /, '')),
    ['before 0', 'after 0', 'before 1', 'after 1', 'before 2', 'after 2'],
  );
  assert.ok(journald.files().length > 1, 'journald did rotate');
  assert.match(ours()[0] ?? '', /^\S+ probe(?:\[\d+\])?: before 0$/);
  await close();
});

test('a kept entry that was vacuumed is told, and reading goes on with the first one left', async (t) => {
  if (!canUse(t, 'journald')) return;
  const journald = new PrivateJournald(t);
  await journald.ready();
  // The journal holds the kernel's messages as well, whatever they say.
  const probes = (texts: readonly string[]): string[] =>
    texts.filter((text) => text.includes(' probe')).map((text) => text.replace(/^.*: /, ''));
  const reads = async (sink: CollectingSink, text: string): Promise<void> =>
    sink.until(text, () => probes(sink.texts).includes(text));
  journald.log('probe', 'one');
  const first = open(t, journald.directory);
  await reads(first.sink, 'one');
  await first.close();
  journald.log('probe', 'lost');
  const check = open(t, journald.directory, first.sink.place);
  await reads(check.sink, 'lost');
  await check.close();
  await journald.rotated();
  journald.log('probe', 'two');
  // Of a journal without any entry nobody knows what is missing.
  const later = open(t, journald.directory, check.sink.place);
  await reads(later.sink, 'two');
  await later.close();
  for (const file of journald.files().filter((path) => path.includes('@'))) rmSync(file);
  const second = open(t, journald.directory, first.sink.place);
  await reads(second.sink, 'two');
  assert.deepEqual(probes(second.sink.texts), ['two']);
  assert.equal(second.sink.events('vacuumed').length, 1);
  assert.match(second.sink.events('vacuumed')[0]?.text ?? '', /\d+ entries are missing/);
  await second.close();
});

test('a garbage cursor is told, and the kept time is gone on from', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(line(1) + line(2) + line(3));
  await journal.end();
  const first = open(t, journal.directory);
  await first.sink.until('three lines', () => first.sink.texts.length === 3);
  await first.close();
  const third = parseJournalPlace(first.sink.place);
  assert.ok(third);
  const place = formatJournalPlace({ cursor: 'garbage', realtimeUs: third.realtimeUs - 1_000_000 });
  const second = open(t, journal.directory, place);
  await second.sink.until('the last line', () => second.sink.texts.length === 1);
  assert.deepEqual(second.sink.texts, ['line 3']);
  assert.equal(second.sink.events('cursor-lost').length, 1);
  await second.close();
  const third2 = open(t, journal.directory, 'no place at all');
  await third2.sink.until('all lines', () => third2.sink.texts.length === 3);
  assert.equal(third2.sink.events('cursor-lost').length, 1);
  await third2.close();
});

test('what is older than the look back is skipped, and that is told', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(line(1) + line(2) + line(3));
  await journal.end();
  const first = open(t, journal.directory);
  await first.sink.until('three lines', () => first.sink.texts.length === 3);
  await first.close();
  const place = formatJournalPlace({
    cursor: parseJournalPlace(first.sink.place)?.cursor ?? '',
    realtimeUs: 1_795_362_053_000_000,
  });
  const sink = new CollectingSink();
  const where = { kind: 'directory', path: journal.directory } as const;
  const source = journalSource({ where, interest, start: { place, sinceMs: 1_795_362_054_500 } });
  const run = source.run(sink);
  await sink.until('the last line', () => sink.texts.length === 1);
  assert.deepEqual(sink.texts, ['line 3']);
  assert.equal(sink.events('skipped').length, 1);
  await source.close();
  await run;
});

test('an empty and a corrupt journal file are told and the others are read', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(line(1));
  await journal.end();
  writeFileSync(join(journal.directory, 'empty.journal'), '');
  writeFileSync(join(journal.directory, 'garbage.journal'), Buffer.alloc(5000, 'x'));
  const { sink, close } = open(t, journal.directory);
  await sink.until('the line', () => sink.texts.length === 1);
  const told = sink.events('corrupt').map((notice) => notice.text);
  assert.equal(told.filter((text) => text.includes('empty.journal')).length, 1);
  assert.ok(told.some((text) => text.includes('garbage.journal')));
  await close();
});

test('a journal file cut off in the middle is told, and what is whole in it is read', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(Array.from({ length: 200 }, (_, index) => line(index)).join(''));
  await journal.end();
  const bytes = readFileSync(journal.file);
  truncateSync(journal.file, bytes.lastIndexOf('line 150') + 8);
  appendFileSync(journal.file, Buffer.alloc(64, 0xff));
  const sink = new CollectingSink();
  await journalRecording(journal.file, interest).run(sink);
  assert.ok(sink.notices.length > 0, 'it is told');
});

test('where there is no journal that is told, and one that appears later is followed', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  const { sink, close } = open(t, directory);
  await sink.until('the notice', () => sink.notices.length > 0);
  const journal = new RemoteJournal(t, 'later.journal', directory);
  journal.write(line(1));
  await sink.until('the line', () => sink.texts.length === 1);
  await close();
});

test('journald telling that it suppressed messages raises an alarm with unit and number, from the catch-up and live', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const told = (number: number, uid: string): string =>
    exportEntry(number, {
      MESSAGE: 'Suppressed 4711 messages from ssh.service',
      MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
      _UID: uid,
    });
  const journal = new RemoteJournal(t);
  journal.write(told(1, '0') + told(2, '1000'));
  const { sink, close } = open(t, journal.directory);
  await sink.until('both lines', () => sink.texts.length === 2);
  assert.equal(sink.events('suppressed').length, 1, 'a user cannot raise it');
  journal.write(told(3, '0'));
  await sink.until('the live one', () => sink.events('suppressed').length === 2);
  for (const notice of sink.events('suppressed')) {
    assert.equal(notice.level, 'alarm');
    assert.match(notice.text, /4711 messages from ssh\.service/);
  }
  await close();
});

test('entries whose clock was set back are passed on in the order of the journal', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  const { sink, close } = open(t, journal.directory);
  journal.write(line(5000));
  await sink.until('the first', () => sink.texts.length === 1);
  journal.write(line(10));
  await sink.until('the second', () => sink.texts.length === 2);
  assert.deepEqual(sink.texts, ['line 5000', 'line 10']);
  await close();
});

test('live and old entries have the same text, time and route', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const samples = [
    {
      _HOSTNAME: 'mx',
      SYSLOG_IDENTIFIER: 'postfix/smtpd',
      _PID: '5',
      _UID: '101',
      _SYSTEMD_UNIT: 'postfix.service',
      MESSAGE: 'hello',
    },
    {
      _HOSTNAME: 'mx',
      _COMM: 'sshd',
      SYSLOG_PID: '0x1f',
      _UID: '0',
      MESSAGE: 'käse',
      _SOURCE_REALTIME_TIMESTAMP: '1795362052000123',
    },
    { _HOSTNAME: 'mx', SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: '1500000', MESSAGE: 'up' },
    { SYSLOG_IDENTIFIER: 'x', MESSAGE: '' },
    { _UID: '0', _SYSTEMD_UNIT: 'other.service', MESSAGE: 'y' },
  ];
  const text = samples.map((fields, index) => exportEntry(index, fields)).join('');
  const matches = interestOf([parseJournalMatch('_SYSTEMD_UNIT=postfix.service')]);
  const journal = new RemoteJournal(t);
  const sink = new CollectingSink();
  const where = { kind: 'directory', path: journal.directory } as const;
  const source = journalSource({ where, interest: matches, start: { place: undefined, sinceMs: 0 } });
  const run = source.run(sink);
  await sink.until('the start', () => sink.notices.length > 0 || sink.texts.length > 0);
  journal.write(text);
  await sink.until('all lines', () => sink.texts.length === samples.length);
  await source.close();
  await run;
  await journal.end();
  const old = new CollectingSink();
  await journalRecording(journal.file, matches).run(old);
  const flat = (one: CollectingSink) =>
    one.chunks.flatMap((chunk) =>
      [...linesOf(chunk.lines)].map(({ text, timeMs, route }) => ({
        text,
        timeMs,
        route: chunk.routes[route],
      })),
    );
  assert.deepEqual(flat(sink), flat(old));
  assert.equal(old.texts[1], 'mx sshd[31]: käse');
});

test('the native handle is told when it opens and when it is closed', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  journal.write(line(1));
  await journal.end();
  const handles: (bigint | undefined)[] = [];
  const { sink, close } = open(t, journal.directory, undefined, (handle) => handles.push(handle));
  await sink.until('the line', () => sink.texts.length === 1);
  await close();
  assert.equal(handles.at(-1), undefined);
  assert.ok(handles.every((handle, index) => (typeof handle === 'bigint') === (index % 2 === 0)));
});

test('a journal without an entry yet is told as none by journalctl too, and heard from its first one on', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  while (!existsSync(journal.file)) await new Promise((resolve) => setImmediate(resolve));
  const source = journalSource({
    where: { kind: 'directory', path: journal.directory },
    interest,
    start: { place: undefined, sinceMs: 0 },
    load: () => Promise.resolve(undefined),
  });
  const sink = new CollectingSink();
  const run = source.run(sink);
  await sink.until('what journalctl says of it', () =>
    sink.notices.some(({ event }) => event === 'no-journal' || event === 'journalctl'),
  );
  assert.ok(
    sink.notices.every(({ event }) => event !== 'journalctl'),
    JSON.stringify(sink.notices),
  );
  journal.write(exportEntry(1, { MESSAGE: 'the first' }));
  await sink.until('the first entry', () => sink.texts.length > 0);
  await source.close();
  await run;
  assert.deepEqual(sink.texts, ['the first']);
});
