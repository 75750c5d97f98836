/**
 * Leaving lines out must change nothing but time: the recordings are heard whole, and sifted, and come to the same.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import type { Batch } from '../../src/jail/batch.js';
import { checkFilter } from '../../src/jail/check-filter.js';
import { Ears } from '../../src/jail/ears.js';
import { packageRoot } from '../../src/lib/package-root.js';
import type { LineSieve } from '../../src/source/line-sieve.js';
import type { JournalFields } from '../../src/source/lines.js';
import { exportRecording } from '../../src/source/recording-journal.js';
import { interestOf } from '../../src/source/route-table.js';

const configDirectory = join(packageRoot, 'config', 'policy');
const { jails } = loadConfiguration({ configDirectory, asFail2ban: false, checkFilter });

/** What is left out ahead is heard by its bytes as well, all the rest by its text. */
function earsSince(sinceMs: number, isSifted: boolean): Ears {
  const sources = { connections: new Map(), heardBefore: new Set<string>() };
  const bytesAfter = isSifted ? 0 : Number.POSITIVE_INFINITY;
  return new Ears({
    jails,
    ...sources,
    sinceMs: () => sinceMs,
    now: () => 0,
    tellsChanges: false,
    bytesAfter,
  });
}

async function heard(host: string, sinceMs: number, isSifted: boolean): Promise<readonly Batch[]> {
  const [ears, sifting] = [earsSince(sinceMs, isSifted), earsSince(sinceMs, isSifted)];
  const path = join(packageRoot, 'recordings', 'debian13', host, 'journal.export.gz');
  const batches: Batch[] = [];
  let kept = 0;
  const sieveOf = (routes: readonly JournalFields[]): LineSieve => sifting.journalSieve(routes, undefined);
  const interest = interestOf(ears.journalMatches());
  await exportRecording(path, interest, isSifted ? sieveOf : undefined).run({
    lines: async (chunk) => {
      kept += chunk.lines.length;
      const batch = ears.hearJournal(chunk, undefined);
      const byName = [...batch.ears].sort((a, b) => a.jail.localeCompare(b.jail));
      batches.push({ ...batch, ears: byName });
    },
    notice: () => undefined,
  });
  const lines = batches.reduce((sum, batch) => sum + batch.lines, 0);
  assert.ok(isSifted && sinceMs === 0 ? kept < 0.6 * lines : kept === lines || isSifted);
  return batches;
}

for (const host of ['pam', 'virtual']) {
  test(`the recording ${host}, sifted, comes to the same batches`, async () => {
    const whole = await heard(host, 0, false);
    assert.deepEqual(await heard(host, 0, true), whole);
    const matches = whole.flatMap((batch) => batch.heard);
    assert.ok(matches.length > 1000);
    const middleMs = matches[matches.length >> 1]?.match.timeMs ?? 0;
    assert.deepEqual(await heard(host, middleMs, true), await heard(host, middleMs, false));
  });
}
