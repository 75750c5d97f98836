import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FileTail, type TailOptions } from '../../src/source/file-tail.js';
import { decodeUtf8 } from '../../src/source/encodings.js';
import { linesOf } from '../../src/source/line-table.js';
import type { Place, SourceNotice } from '../../src/source/lines.js';
import { NoticeGate } from '../../src/source/notice-gate.js';

class Bench {
  readonly root = mkdtempSync(join(tmpdir(), 'tail-'));
  readonly path = join(this.root, 'x.log');
  readonly lines: string[] = [];
  readonly notices: SourceNotice[] = [];
  place: Place | undefined;
  nowMs = 0;
  #tail: FileTail | undefined;

  tail(options: Partial<TailOptions> = {}): FileTail {
    this.#tail ??= new FileTail(
      {
        path: this.path,
        source: `file:${this.path}`,
        decode: decodeUtf8,
        place: this.place,
        from: 'head',
        sinceMs: 0,
        probe: undefined,
        now: () => this.nowMs,
        ...options,
      },
      new NoticeGate((notice) => this.notices.push(notice)),
    );
    return this.#tail;
  }

  /** Reads all there is, as FileSource does. */
  read(options: Partial<TailOptions> = {}): string[] {
    const tail = this.tail(options);
    const read: string[] = [];
    for (let quiet = 0; quiet < 2;) {
      const chunk = tail.read();
      if (chunk === undefined) {
        tail.follow();
        quiet += 1;
        continue;
      }
      quiet = 0;
      for (const { text } of linesOf(chunk.lines)) read.push(text);
      this.place = chunk.place;
    }
    this.lines.push(...read);
    return read;
  }

  restart(): void {
    this.#tail?.close();
    this.#tail = undefined;
  }

  rotate(): void {
    this.#shift();
    renameSync(this.path, `${this.path}.1`);
  }

  /** As logrotate's copytruncate: what lies beside the log then is a copy of what was read. */
  copyAndTruncate(): void {
    this.#shift();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
  }

  #shift(): void {
    for (let number = 8; number > 0; number -= 1)
      if (existsSync(`${this.path}.${number}`))
        renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
  }

  end(): void {
    this.restart();
    rmSync(this.root, { recursive: true });
  }

  get events(): string[] {
    return this.notices.map((notice) => notice.event);
  }
}

test('half a line waits for its newline', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'one\nfrom 192.0.2.1');
  assert.deepEqual(bench.read(), ['one']);
  appendFileSync(bench.path, '7\n');
  assert.deepEqual(bench.read(), ['from 192.0.2.17']);
  bench.end();
});

test('a renamed file is read to its end, then the new one, and what is written late to the old one is not lost', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  appendFileSync(bench.path, 'b\n');
  bench.rotate();
  writeFileSync(bench.path, 'c\n');
  assert.deepEqual(bench.read(), ['b', 'c']);
  appendFileSync(`${bench.path}.1`, 'late\n');
  assert.deepEqual(bench.read(), ['late']);
  assert.deepEqual(bench.events, ['rotated']);
  bench.end();
});

test('two rotations before a look lose nothing', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  bench.rotate();
  writeFileSync(bench.path, 'b\n');
  bench.rotate();
  writeFileSync(bench.path, 'c\n');
  assert.deepEqual(bench.read(), ['b', 'c']);
  bench.end();
});

test('a truncated file is read from its start, also when it has grown past the old end', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'first line\n');
  bench.read();
  truncateSync(bench.path);
  appendFileSync(bench.path, 'x\n');
  assert.deepEqual(bench.read(), ['x']);
  writeFileSync(bench.path, 'other content, longer than before\n');
  assert.deepEqual(bench.read(), ['other content, longer than before']);
  assert.deepEqual(bench.events, ['truncated']);
  bench.end();
});

test('half a line that a truncation or rotation took is dropped and told', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\nfrom 192.0.2.1');
  bench.read();
  writeFileSync(bench.path, 'b\n');
  assert.deepEqual(bench.read(), ['b']);
  assert.ok(bench.events.includes('half-line'));
  bench.end();
});

test('after a restart reading goes on at the kept place', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\nb\n');
  bench.read();
  bench.restart();
  appendFileSync(bench.path, 'c\n');
  assert.deepEqual(bench.read(), ['c']);
  bench.end();
});

test('a file rotated while nobody read is finished first, with those between', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  bench.restart();
  appendFileSync(bench.path, 'b\n');
  bench.rotate();
  writeFileSync(bench.path, 'c\n');
  bench.rotate();
  writeFileSync(bench.path, 'd\n');
  assert.deepEqual(bench.read(), ['b', 'c', 'd']);
  assert.deepEqual(bench.events, []);
  bench.end();
});

test('after a restart a copy that was made before the log was truncated is not read again', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  bench.rotate();
  writeFileSync(bench.path, 'b\n');
  bench.read();
  bench.copyAndTruncate();
  bench.restart();
  appendFileSync(bench.path, 'c\n');
  assert.deepEqual(bench.read(), ['c']);
  bench.end();
});

test('a kept file that is gone is told, and the file that is there is read from its start', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  bench.restart();
  bench.rotate();
  writeFileSync(bench.path, 'b\n');
  rmSync(`${bench.path}.1`);
  assert.deepEqual(bench.read(), ['b']);
  assert.deepEqual(bench.events, ['rest-lost']);
  bench.end();
});

test('a file overwritten while nobody read is read from its start', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.read();
  bench.restart();
  writeFileSync(bench.path, 'b\nc\n');
  assert.deepEqual(bench.read(), ['b', 'c']);
  assert.deepEqual(bench.events, ['truncated']);
  bench.end();
});

test('without a place, `tail` begins at the end and `head` as far back as the probe finds young lines', () => {
  const bench = new Bench();
  const old = Array.from(
    { length: 100_000 },
    (_, index) => `${index} some text that makes the line longer\n`,
  );
  writeFileSync(bench.path, old.join(''));
  assert.deepEqual(bench.read({ from: 'tail' }), []);
  appendFileSync(bench.path, '100000 new\n');
  assert.deepEqual(bench.read(), ['100000 new']);
  bench.restart();
  bench.place = undefined;
  let probes = 0;
  const probe = (text: string): number => {
    probes += 1;
    return Number.parseInt(text, 10);
  };
  const read = bench.read({ probe, sinceMs: 60_000 });
  const first = Number.parseInt(read[0] ?? '', 10);
  assert.ok(first <= 60_000 && first > 40_000, `began at ${first}`);
  assert.equal(read.length, 100_001 - first, 'every line from there on, whole');
  assert.ok(probes < 40);
  bench.end();
});

test('lines far longer than what is probed at once hide no young line, however long the file', () => {
  const bench = new Bench();
  const lines = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(1 << 20)}\n`);
  writeFileSync(bench.path, lines.join(''));
  const probe = (text: string): number | undefined => {
    const [, digits] = /^(\d+) /.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const numbers = (sinceMs: number): readonly number[] => {
    bench.place = undefined;
    const read = bench.read({ probe, sinceMs }).map((line) => Number.parseInt(line, 10));
    bench.restart();
    return read;
  };
  assert.deepEqual(numbers(0), [...lines.keys()]);
  assert.ok([4, 5].includes(numbers(5)[0] ?? 0), 'nor is an old one read again');
  bench.end();
});

test('a place that is not understood is none', () => {
  const bench = new Bench();
  writeFileSync(bench.path, 'a\n');
  bench.place = '{"no":1}';
  assert.deepEqual(bench.read(), ['a']);
  bench.end();
});

test('whatever is appended, rotated, truncated and restarted, no line is lost or doubled', () => {
  const operation = fc.oneof(
    { weight: 5, arbitrary: fc.nat({ max: 3 }).map((lines) => ({ kind: 'append' as const, lines })) },
    { weight: 2, arbitrary: fc.constant({ kind: 'half' as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'read' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'rotate' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'copytruncate' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const bench = new Bench();
      const written: string[] = [];
      let half = '';
      let rotations = 0;
      const append = (text: string): void => appendFileSync(bench.path, text);
      const completeLine = (): void => {
        const line = `${half}${written.length} ${'é'.repeat(written.length % 7)}`;
        append(`${line.slice(half.length)}\n`);
        written.push(line);
        half = '';
      };
      // Only what is read after the first look is followed through rotation.
      completeLine();
      bench.read();
      for (const { kind, ...rest } of operations) {
        if (kind === 'append' && 'lines' in rest)
          for (let count = 0; count < rest.lines; count += 1) completeLine();
        else if (kind === 'half') {
          append('half ');
          half += 'half ';
        } else if (kind === 'read') bench.read();
        else if (kind === 'wait') bench.nowMs += 20_000;
        else if (kind === 'restart') bench.restart();
        else if (rotations < 7) {
          // A writer ends its line before it is rotated; a truncation takes what nobody has read, so it is read.
          if (half !== '') completeLine();
          if (kind === 'copytruncate') {
            bench.read();
            rotations += 1;
            bench.copyAndTruncate();
            // Between two looks, or the file may have grown past the old end with the same first bytes.
            bench.read();
          } else {
            rotations += 1;
            bench.rotate();
            append('');
          }
        }
      }
      if (half !== '') completeLine();
      bench.read();
      assert.deepEqual(bench.lines, written);
      bench.end();
    }),
    { numRuns: 300 },
  );
});
