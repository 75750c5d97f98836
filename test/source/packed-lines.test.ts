import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { JournalFields, Lines } from '../../src/source/lines.js';
import { linesOf, tableOf } from '../../src/source/line-table.js';
import { packLines, unpackLines } from '../../src/source/packed-lines.js';

test('what is packed comes out as it went in, routes included', () => {
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
      const received: JournalFields[] = [];
      let known = 0;
      for (const lines of chunks) {
        sent.push({ _UID: String(sent.length) });
        const chunk: Lines = {
          source: 'journal',
          kind: 'journal',
          lines: tableOf(lines),
          routes: sent,
          place: String(sent.length),
        };
        const packed = packLines(chunk, known);
        known = sent.length;
        const unpacked = unpackLines(structuredClone(packed), received);
        assert.deepEqual(unpacked, { ...chunk, routes: received });
        assert.deepEqual(received, sent);
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
