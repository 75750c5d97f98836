/**
 * Stamps that are off: in operation a line that is written now happened now, whatever zone its clock is in.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ears } from '../../src/jail/ears.js';
import { tableOfTexts } from '../../src/source/line-table-builder.js';
import type { SourceNotice } from '../../src/source/lines.js';
import { jailOptions } from '../jail/jail-options.js';

const NOW_MS = Date.UTC(2026, 10, 22, 15);

function hear(stamp: string, isLive: boolean) {
  const options = jailOptions('old', {});
  const { watch } = options;
  const notices: SourceNotice[] = [];
  const ears = new Ears({
    jails: [
      {
        ...options,
        watch: { ...watch, backend: 'file', files: [{ glob: '/x', from: 'head' }] },
        filter: {
          ...options.filter,
          failregex: ['^\\s*bad from <ADDR>$'],
          successregex: [],
          logtype: 'file',
          logTimezoneSeconds: 0,
        },
      },
    ],
    connections: new Map(),
    heardBefore: new Set(),
    sinceMs: () => NOW_MS - 600_000,
    now: () => NOW_MS,
    onNotice: (notice) => void notices.push(notice),
  });
  const lines = tableOfTexts([`${stamp} bad from 192.0.2.1`, `${stamp} bad from 192.0.2.1`]);
  const batch = ears.hearFile({ source: 'file:/x', kind: 'file', lines, routes: [{}], place: 'p', isLive }, [
    'old',
  ]);
  return { times: batch.heard.map(({ match }) => match.timeMs), notices, skipped: batch.ears[0]?.skipped };
}

test('a new line whose stamp is an hour off, either way, counts as now; that is told once', () => {
  for (const stamp of ['2026-11-22 14:00:00', '2026-11-22 16:00:00', '2026-11-22 14:58:59']) {
    const { times, notices } = hear(stamp, true);
    assert.deepEqual(times, [NOW_MS, NOW_MS], stamp);
    assert.equal(notices.length, 1);
    assert.match(notices[0]?.text ?? '', /logtimezone/);
  }
});

test('up to a minute the stamp holds', () => {
  const { times, notices } = hear('2026-11-22 14:59:00', true);
  assert.deepEqual(times, [NOW_MS - 60_000, NOW_MS - 60_000]);
  assert.deepEqual(notices, []);
});

test('while catching up the stamp holds, and what is older than findtime is passed over and counted', () => {
  assert.deepEqual(hear('2026-11-22 14:55:00', false).times, [NOW_MS - 300_000, NOW_MS - 300_000]);
  const { times, skipped } = hear('2026-11-22 14:00:00', false);
  assert.deepEqual(times, []);
  assert.equal(skipped, 2);
});
