import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FileSource } from '../../src/source/file-source.js';
import { journalSource } from '../../src/source/journal-source.js';
import { linesOf } from '../../src/source/line-table.js';
import type { Lines, Place } from '../../src/source/lines.js';
import { exportRecording, journalRecording } from '../../src/source/recording-journal.js';
import { logRecording } from '../../src/source/recording-log.js';
import { threadedRecording } from '../../src/jail/reading-thread.js';
import { interestOf } from '../../src/source/route-table.js';
import type { Source } from '../../src/source/source.js';
import { CollectingSink } from './collecting-sink.js';
import { RemoteJournal, canUse, exportEntry } from './test-journals.js';

interface Variant {
  readonly name: string;
  readonly isLive: boolean;
  readonly needsJournal: boolean;
  /** Prepares an input; `write` adds lines `from` … `to`, `open` gives a source over it. */
  readonly make: (t: TestContext) => Promise<Input> | Input;
}

interface Input {
  write(from: number, to: number): Promise<void> | void;
  open(place?: Place): Source;
}

const interest = interestOf([]);
const entries = (from: number, to: number): string => {
  let text = '';
  for (let number = from; number <= to; number += 1)
    text += exportEntry(number, { MESSAGE: `line ${number}` });
  return text;
};
const plain = (from: number, to: number): string => {
  let text = '';
  for (let number = from; number <= to; number += 1) text += `line ${number}\n`;
  return text;
};

function temporary(t: TestContext, name: string): string {
  const root = mkdtempSync(join(tmpdir(), 'source-'));
  t.after(() => rmSync(root, { recursive: true }));
  return join(root, name);
}

function liveJournal(name: string, withLibrary: boolean): Variant {
  const make = (t: TestContext): Input => {
    const journal = new RemoteJournal(t);
    const without = { load: () => Promise.resolve(undefined) };
    return {
      write: (from, to) => journal.write(entries(from, to)),
      open: (place) =>
        journalSource({
          where: { kind: 'directory', path: journal.directory },
          interest,
          start: { place, sinceMs: 0 },
          ...(withLibrary ? {} : without),
        }),
    };
  };
  return { name, isLive: true, needsJournal: true, make };
}

function recordedExport(name: string, open: (path: string) => Source): Variant {
  const make = (t: TestContext): Input => {
    const path = temporary(t, 'x.export.gz');
    return {
      write: (from, to) => writeFileSync(path, gzipSync(entries(from, to))),
      open: () => open(path),
    };
  };
  return { name, isLive: false, needsJournal: false, make };
}

const variants: readonly Variant[] = [
  liveJournal('the journal through libsystemd', true),
  liveJournal('the journal through journalctl', false),
  {
    name: 'a followed file',
    isLive: true,
    needsJournal: false,
    make: (t) => {
      const path = temporary(t, 'x.log');
      const files = [{ glob: path, from: 'head' as const, encoding: 'auto' }];
      return {
        write: (from, to) => appendFileSync(path, plain(from, to)),
        open: (place) => new FileSource({ files, placeOf: () => place, sinceMs: 0 }),
      };
    },
  },
  {
    name: 'a recorded log',
    isLive: false,
    needsJournal: false,
    make: (t) => {
      const path = temporary(t, 'x.log.gz');
      return {
        write: (from, to) => writeFileSync(path, gzipSync(plain(from, to))),
        open: () => logRecording(path),
      };
    },
  },
  recordedExport('a recorded export', (path) => exportRecording(path, interest)),
  recordedExport('a recorded export in a thread of its own', (path) =>
    threadedRecording({ kind: 'export', path, interest, sinceMs: 0, jails: undefined }),
  ),
  {
    name: 'a recorded journal',
    isLive: false,
    needsJournal: true,
    make: (t) => {
      const journal = new RemoteJournal(t);
      return {
        write: async (from, to) => {
          journal.write(entries(from, to));
          await journal.end();
        },
        open: () => journalRecording(journal.file, interest),
      };
    },
  },
];

const expected = (from: number, to: number): string[] => plain(from, to).trimEnd().split('\n');

for (const { name, isLive, needsJournal, make } of variants) {
  test(`${name} gives every line once, in order, with a place`, async (t) => {
    if (needsJournal && !canUse(t, 'journal-remote')) return;
    const input = await make(t);
    await input.write(1, 5000);
    const sink = new CollectingSink();
    const source = input.open();
    const run = source.run(sink);
    if (isLive) {
      await sink.until('5000 lines', () => sink.texts.length >= 5000);
      await input.write(5001, 5010);
      await sink.until('what came later', () => sink.texts.length >= 5010);
      await source.close();
    }
    await run;
    assert.deepEqual(sink.texts, expected(1, isLive ? 5010 : 5000));
    assert.ok(sink.chunks.every((chunk) => chunk.place !== '' && chunk.lines.length > 0));
    assert.ok(
      sink.chunks.every((chunk) =>
        [...linesOf(chunk.lines)].every((line) => chunk.routes[line.route] !== undefined),
      ),
    );
    assert.deepEqual(
      sink.notices.filter((notice) => !['slow', 'missing', 'rotated', 'no-journal'].includes(notice.event)),
      [],
    );
    await source.close();
  });

  test(`${name} reads no further before a chunk is taken, and gives nothing after it is closed`, async (t) => {
    if (needsJournal && !canUse(t, 'journal-remote')) return;
    const input = await make(t);
    await input.write(1, 20_000);
    const source = input.open();
    const taken: Lines[] = [];
    let open = 0;
    let worst = 0;
    let closing: Promise<void> | undefined;
    let atClose = 0;
    const run = source.run({
      notice: () => undefined,
      lines: async (chunk) => {
        open += 1;
        worst = Math.max(worst, open);
        taken.push(chunk);
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        // A live source always has a second chunk; a recording may be read in one.
        if (isLive && taken.length === 1) await input.write(20_001, 20_010);
        if (taken.length === 2) {
          atClose = taken.length;
          closing = source.close();
        }
        open -= 1;
      },
    });
    await run;
    await closing;
    assert.equal(worst, 1);
    if (atClose > 0) assert.equal(taken.length, atClose);
    await source.close();
  });

  test(`${name} ends where its sink fails`, async (t) => {
    if (needsJournal && !canUse(t, 'journal-remote')) return;
    const input = await make(t);
    await input.write(1, 10);
    const source = input.open();
    const run = source.run({
      notice: () => undefined,
      lines: () => Promise.reject(new Error('sink is gone')),
    });
    await assert.rejects(run, /sink is gone/);
    await source.close();
  });

  if (!isLive) continue;
  test(`${name} goes on after any kept place, telling nothing twice and leaving nothing out`, async (t) => {
    if (needsJournal && !canUse(t, 'journal-remote')) return;
    const input = await make(t);
    await input.write(1, 1500);
    const first = new CollectingSink();
    const source = input.open();
    const run = source.run(first);
    await first.until('1500 lines', () => first.texts.length >= 1500);
    await input.write(1501, 1520);
    await first.until('20 more', () => first.texts.length >= 1520);
    await source.close();
    await run;
    await input.write(1521, 1530);
    let read = 0;
    for (const chunk of first.chunks.filter(
      (_, index) => index % 3 === 0 || index > first.chunks.length - 3,
    )) {
      read = first.texts.indexOf([...linesOf(chunk.lines)].at(-1)?.text ?? '') + 1;
      const second = new CollectingSink();
      const again = input.open(chunk.place);
      const running = again.run(second);
      await second.until('the rest', () => second.texts.length >= 1530 - read);
      await again.close();
      await running;
      assert.deepEqual(second.texts, expected(read + 1, 1530));
    }
  });
}
