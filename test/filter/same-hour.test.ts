/**
 * Stamps that are read from what the last one was: a detector that may do so, beside one that may not, since it is not
 * told where the bytes of its lines are.
 */
process.env['TZ'] = 'Europe/Berlin';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ScanRoom } from '../../src/filter/scan-room.js';
import { DateDetector } from '../../src/filter/dates/date-detector.js';

/** A common moment, both hours of a change of the clock, the turn of the year. */
const MOMENTS = ['2026-11-22T15:00:00Z', '2026-03-29T01:10:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:20:00Z', '2026-12-31T23:30:00Z', '2027-01-01T00:10:00Z'].map((text) => Date.parse(text)); // prettier-ignore
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

type Shape = (day: string, month: string, clock: string, fraction: string) => string;
const SHAPES: readonly Shape[] = [
  (day, month, clock, fraction) => `2026-${month}-${day}T${clock}.${fraction}+00:00`,
  (day, month, clock, fraction) => `2026-${month}-${day} ${clock},${fraction.slice(0, 3)}`,
  (day, month, clock) => `2026-${month}-${day} ${clock}`,
  (day, month, clock) => `${MONTHS[Number(month) - 1]} ${day.replace(/^0/, ' ')} ${clock}`,
  (day, month, clock, fraction) => `Sun ${MONTHS[Number(month) - 1]} ${day} ${clock}.${fraction} 2026`,
  (day, month, clock) => `${day}/${MONTHS[Number(month) - 1]}/2026:${clock} +0100`,
  (day, month, clock) => `[${month}/${day}/2026:${clock}]`,
  (_day, _month, clock) => clock,
];
/** What comes behind a stamp may belong to it. */
const TAILS = [' mx sshd[1]: x', ' 2026 mx', ' Z x', ' CET x', ' +0100 x', '', ' ', ' C', ': x', '5 x', '.5 x', '.123456789 x', ' pm x'] as const; // prettier-ignore

const two = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));
const line = fc
  .record({
    shape: fc.constantFrom(...SHAPES),
    tail: fc.constantFrom(...TAILS),
    hour: fc.constantFrom('01', '02', '03', '11', '23'),
    minute: fc.oneof(fc.constantFrom('11'), two(60)),
    second: fc.oneof(fc.constantFrom('11'), two(62)),
    fraction: fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0')),
    date: fc.constantFrom(['22', '11'], ['29', '03'], ['25', '10'], ['31', '12'], ['01', '01']),
  })
  .map(({ shape, tail, hour, minute, second, fraction, date: [day = '', month = ''] }) => ({
    shape,
    tail,
    day,
    month,
    clocks: [`${hour}:${minute}:${second}`, `${hour}:${second}:${minute}`, `${hour}:00:59`, `${hour}:${minute}:09`, `${hour}:01:07`, `${hour}:59:00`], // prettier-ignore
    fraction,
  }))
  // Lines of one shape follow each other, or there would be nothing to remember.
  .chain(({ shape, tail, day, month, clocks, fraction }) =>
    fc.constant([
      ...clocks.map((clock) => shape(day, month, clock, fraction) + tail),
      ...TAILS.slice(0, 4).map((other) => shape(day, month, clocks[0] ?? '', fraction) + other),
    ]),
  );

test('a stamp reads the same whether or not the last one was of the same hour', () => {
  let shortened = 0;
  const room = new ScanRoom();
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), fc.constantFrom(...MOMENTS), fc.constantFrom(undefined, 3600), (lines, at, zoneSeconds) => {
      for (const ahead of [-86_400_000, 0, 45 * 60_000, 400 * 86_400_000]) {
        const nowMs = at + ahead;
        const year = new Date(nowMs).getFullYear();
        const quick = new DateDetector([], year);
        const slow = new DateDetector([], year);
        for (const text of lines.flat()) {
          const expected = slow.detect(text, { nowMs, zoneSeconds });
          const start = room.keep(`.${text}.`) + 1;
          const bytes = { room, start, end: start + text.length, serial: 0 };
          assert.deepEqual(quick.detect(text, { nowMs, zoneSeconds }, bytes), expected, text);
          if (expected.timeMs !== undefined) shortened += 1;
        }
      }
    }),
    { numRuns: 1500, seed: 11 },
  ); // prettier-ignore
  assert.ok(shortened > 10_000);
});

test('once some stamps were of one hour, the next is read from the bytes alone', () => {
  const detector = new DateDetector([], 2026);
  const context = { nowMs: Date.parse('2026-11-22T16:00:00Z'), zoneSeconds: 0 };
  for (let second = 31; second < 35; second += 1)
    detector.detect(`2026-11-22T15:39:${second}.284848+00:00 mx sshd[1]: x`, context);
  const room = new ScanRoom();
  const text = '2026-11-22T15:41:07.000999+00:00 mx sshd[2]: y';
  const start = room.keep(text);
  const { timeMs } = detector.detect('', context, { room, start, end: start + text.length, serial: 0 });
  assert.equal(timeMs, Date.parse('2026-11-22T15:41:07.000Z'));
});
