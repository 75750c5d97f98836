import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BailiffError } from '../../src/lib/errors.js';
import { DateDetector } from '../../src/filter/dates/date-detector.js';
import { fileLine, filterOf, heard, NOW_MS } from './options.js';

const CONTEXT = { nowMs: NOW_MS, zoneSeconds: 0 };

/** line, what is left of it, moment. */
const DEFAULTS: readonly (readonly [string, string, string])[] = [
  ['2026-11-22 14:39:41 x', ' x', '2026-11-22T14:39:41.000Z'],
  ['2026-11-22T14:39:41.355728+01:00 mx x', ' mx x', '2026-11-22T13:39:41.355Z'],
  ['2026-11-22T14:39:41Z x', ' x', '2026-11-22T14:39:41.000Z'],
  ['2026/11/22 14:39:41 [error] x', ' [error] x', '2026-11-22T14:39:41.000Z'],
  ['Nov 22 14:39:41 mx sshd: x', ' mx sshd: x', '2026-11-22T14:39:41.000Z'],
  ['Nov  2 04:39:41 mx sshd: x', ' mx sshd: x', '2026-11-02T04:39:41.000Z'],
  ['Dec 31 23:59:59 mx sshd: x', ' mx sshd: x', '2025-12-31T23:59:59.000Z'],
  ['[Sun Nov 22 14:39:41.355728 2026] [error] x', '[] [error] x', '2026-11-22T14:39:41.355Z'],
  ['192.0.2.1 - - [22/Nov/2026:14:39:41 +0100] "GET"', '192.0.2.1 - - [] "GET"', '2026-11-22T13:39:41.000Z'],
  ['1795358381.250 x', ' x', '2026-11-22T14:39:41.250Z'],
  ['type=X msg=audit(1795358381.250:42): x', 'type=X msg=audit(:42): x', '2026-11-22T14:39:41.250Z'],
  ['22-11-2026 14:39:41 x', ' x', '2026-11-22T14:39:41.000Z'],
  ['261122 14:39:41 x', ' x', '2026-11-22T14:39:41.000Z'],
  ['Nov 22, 2026 2:39:41 PM x', ' x', '2026-11-22T14:39:41.000Z'],
  ['20261122T143941 x', ' x', '2026-11-22T14:39:41.000Z'],
  ['14:39:41 x', ' x', '2026-11-22T14:39:41.000Z'],
  ['23:39:41 x', ' x', '2026-11-21T23:39:41.000Z'],
  ['@400000006a628a2d2b1c3d4e x', ' x', '2026-07-23T21:39:57.000Z'],
];

for (const [line, left, moment] of DEFAULTS) {
  test(`the stamp of ${JSON.stringify(line)} is read and cut out`, () => {
    const { text, timeMs } = new DateDetector([], 2026).detect(line, CONTEXT);
    assert.equal(timeMs === undefined ? undefined : new Date(timeMs).toISOString(), moment);
    assert.equal(text, left);
  });
}

const NAMED: readonly (readonly [string, string, string, string | undefined])[] = [
  ['%Y-%m-%d %H:%M:%S', 'x 2026-11-22 14:39:41 y', 'x  y', '2026-11-22T14:39:41.000Z'],
  ['{^LN-BEG}%Y-%m-%d %H:%M:%S', 'x 2026-11-22 14:39:41 y', 'x 2026-11-22 14:39:41 y', undefined],
  ['{^LN-BEG}%Y-%m-%d %H:%M:%S', '[2026-11-22 14:39:41] y', '[] y', '2026-11-22T14:39:41.000Z'],
  ['^t=%Y-%m-%dT%H:%M:%S%z', 't=2026-11-22T14:39:41+0200 y', ' y', '2026-11-22T12:39:41.000Z'],
  ['^\\S+ \\[(%d/%b/%Y:%H:%M:%S)\\]', 'h [22/NOV/2026:14:39:41] y', 'h [] y', '2026-11-22T14:39:41.000Z'],
  ['^<co ts="{DATE}"\\s+', '<co ts="2026-11-22 14:39:41" y', 'y', '2026-11-22T14:39:41.000Z'],
  ['LEPOCH', '1795358381250 y', ' y', '2026-11-22T14:39:41.250Z'],
  ['^\\[{EPOCH}\\]', '[1795358381] y', ' y', '2026-11-22T14:39:41.000Z'],
  ['%%%Y %j', 'at %2026 326 y', 'at  y', '2026-11-22T00:00:00.000Z'],
  ['{NONE}', '2026-11-22 14:39:41 y', '2026-11-22 14:39:41 y', undefined],
];

for (const [pattern, line, left, moment] of NAMED) {
  test(`the datepattern ${pattern} finds ${moment ?? 'nothing'} in ${JSON.stringify(line)}`, () => {
    const { text, timeMs } = new DateDetector([pattern], 2026).detect(line, CONTEXT);
    assert.equal(timeMs === undefined ? undefined : new Date(timeMs).toISOString(), moment);
    assert.equal(text, left);
  });
}

test('a stamp without a zone is in the zone of the log, or else of the host', () => {
  const failregex = ['^ bad <HOST>$'];
  const [match] = heard(
    filterOf({ failregex, logTimezoneSeconds: 3600, logtype: 'file' }),
    ['2026-11-22 14:00:00 bad 192.0.2.1'],
    fileLine,
  );
  assert.equal(match?.timeMs, Date.UTC(2026, 10, 22, 13));
  const [local] = heard(
    filterOf({ failregex, logTimezoneSeconds: undefined, logtype: 'file' }),
    ['2026-11-22 14:00:00 bad 192.0.2.1'],
    fileLine,
  );
  assert.equal(local?.timeMs, new Date(2026, 10, 22, 14).getTime());
});

test('a wrong datepattern is told as the configuration error that it is', () => {
  assert.throws(
    () => filterOf({ failregex: ['^<HOST>$'], datepattern: ['%Q'] }),
    (error) =>
      error instanceof BailiffError && error.code === 'filter.datepattern' && /%Q/.test(error.message),
  );
});
