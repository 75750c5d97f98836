/**
 * Makes one report of all that waits about one address: the bans of several jails, merged.
 * Takes the entries and what the host knows of each; gives the report, and which entries are not spoken of, and why.
 */
import type { Composed } from '../outbox/courier.js';
import type { OutboxEntry } from '../outbox/outbox.js';
import type { Report } from './abuseipdb-report.js';
import { categoriesOf } from './categories.js';
import { commentOf } from './comment.js';
import { type Deed, judge, type ReportCase } from './judge.js';

export interface JailCase extends ReportCase {
  /** `abuseipdb_category` as configured. */
  readonly categories: string;
}

/** `caseOf` gives undefined where the jail is no more, or reports no more. */
export function composeReports(
  entries: readonly OutboxEntry[],
  caseOf: (entry: OutboxEntry) => JailCase | undefined,
  nowMs: number,
): Composed {
  const spoken: { readonly id: number; readonly deed: Deed; readonly categories: readonly number[] }[] = [];
  const declined: { readonly id: number; readonly because: string }[] = [];
  for (const entry of entries) {
    const given = caseOf(entry);
    if (given === undefined) {
      declined.push({ id: entry.id, because: 'jail-gone: its jail does not report any more' });
      continue;
    }
    const verdict = judge(given, nowMs);
    if (verdict.deed === undefined)
      declined.push({ id: entry.id, because: `${verdict.rule}: ${verdict.because}` });
    else spoken.push({ id: entry.id, deed: verdict.deed, categories: categoriesFor(given, verdict.deed) });
  }
  const report = reportOf(spoken);
  return {
    text: report === undefined ? undefined : JSON.stringify(report),
    ids: spoken.map(({ id }) => id),
    declined,
  };
}

export function categoriesFor(given: JailCase, { service, seen }: Deed): readonly number[] {
  return categoriesOf(given.categories, service, new Set(seen.keys()));
}

/** One report of several deeds of one address; undefined where there are none. */
export function reportOf(
  spoken: readonly { readonly deed: Deed; readonly categories: readonly number[] }[],
): Report | undefined {
  const [first] = spoken;
  if (first === undefined) return undefined;
  const categories = new Set(spoken.flatMap((each) => each.categories));
  return {
    address: first.deed.address,
    categories: [...categories].sort((one, other) => one - other),
    comment: commentOf(spoken.map(({ deed }) => deed)),
    timestamp: new Date(Math.max(...spoken.map(({ deed }) => deed.lastMs))).toISOString(),
  };
}
