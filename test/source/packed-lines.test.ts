import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { JournalFields, Lines, Look } from '../../src/source/lines.js';
import { tableOf } from '../../src/source/line-table-builder.js';
import { linesOf } from '../../src/source/line-table.js';
import { packLines, unpackLines } from '../../src/source/packed-lines.js';

test('what is packed comes out as it went in, routes and looks included', () => {
  const line = fc.record(
    {
      text: fc.string({ unit: 'binary' }),
      timeMs: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 2e12 })),
      route: fc.nat({ max: 5 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(fc.array(line)), (chunks) => {
      const sent: JournalFields[] = [];
      const looks: Look[] = [];
      const received = { routes: [] as JournalFields[], looks: [] as Look[] };
      let known = { routes: 0, looks: 0 };
      for (const lines of chunks) {
        sent.push({ _UID: String(sent.length) });
        looks.push([undefined, Uint8Array.of(1, 0, looks.length)]);
        const sifted = {
          passed: [sent.length],
          byLine: Int32Array.from(lines, (_, at) => at - 2),
          looks,
          lastLineMs: 1,
        };
        const chunk: Lines = {
          source: 'journal',
          kind: 'journal',
          lines: tableOf(lines),
          routes: sent,
          place: String(sent.length),
          ...(sent.length % 3 === 0 ? {} : { sifted }),
        };
        const packed = packLines(chunk, known);
        known = { routes: sent.length, looks: chunk.sifted === undefined ? known.looks : looks.length };
        const unpacked = unpackLines(structuredClone(packed), received);
        assert.deepEqual(unpacked, chunk);
        assert.deepEqual(received.routes, sent);
        assert.deepEqual([...linesOf(unpacked.lines)], lines);
      }
    }),
  );
});

test('a recording that does not exist is told as without a thread', async () => {
  const { threadedRecording } = await import('../../src/jail/reading-thread.js');
  const source = threadedRecording({
    kind: 'export',
    path: '/nonexistent.export',
    interest: new Map(),
    sinceMs: 0,
    jails: undefined,
  });
  const run = source.run({ lines: () => Promise.resolve(), notice: () => undefined });
  await assert.rejects(run, { code: 'source.recording' });
});
