/**
 * The file of `bulk-report`, and what its answer says of each row.
 * The format (abuseipdb.com/bulk-report): header `IP,Categories,ReportDate,Comment`, categories quoted, ISO 8601, quotes in a
 * comment escaped by a backslash, at most 10,000 lines and 2 MB. Our comments hold neither quotes nor backslashes.
 */
import { parseAddress } from '../../lib/address.js';
import type { Report } from './abuseipdb-report.js';

const HEADER = 'IP,Categories,ReportDate,Comment';
/** Lines without the header; less than 2 MB at some 180 bytes a line. */
export const MOST_ROWS = 2_500;
/** Of what is wrong with a row so much is kept. */
const LONGEST_ERROR = 100;

export function bulkCsv(reports: readonly Report[]): string {
  const rows = reports.map(({ address, categories, timestamp, comment }) =>
    [address, `"${categories.join(',')}"`, timestamp, `"${comment.replaceAll(/["\\]/g, "'")}"`].join(','),
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** A multipart body with one file, field `csv`. */
export function multipart(csv: string, boundary: string): string {
  return (
    `--${boundary}\r\nContent-Disposition: form-data; name="csv"; filename="report.csv"\r\n` +
    `Content-Type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`
  );
}

/**
 * Rows that were not saved, by index, with what is wrong, without what `hide` takes out of it; undefined = it is no
 * answer to a bulk report.
 */
export function refusedRows(
  data: unknown,
  reports: readonly Report[],
  hide: (text: string) => string,
): ReadonlyMap<number, string> | undefined {
  if (typeof data !== 'object' || data === null || !('savedReports' in data)) return undefined;
  const listed: unknown = 'invalidReports' in data ? data.invalidReports : [];
  if (!Array.isArray(listed)) return undefined;
  const refused = new Map<number, string>();
  const rows = new Map(reports.map(({ address }, at) => [address, at]));
  // Our categories are numbers that it knows; should it refuse some, then wherever they stand.
  const byCategories = new Map<string, number[]>();
  reports.forEach(({ categories }, at) => {
    const written = categories.join(',');
    const known = byCategories.get(written);
    if (known === undefined) byCategories.set(written, [at]);
    else known.push(at);
  });
  for (const entry of listed as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('error' in entry)) continue;
    // Whether its row numbers count the header is not written anywhere; what it was given says it better.
    const input = 'input' in entry && typeof entry.input === 'string' ? entry.input : '';
    const error = typeof entry.error === 'string' ? hide(entry.error).slice(0, LONGEST_ERROR) : 'refused';
    const row = rows.get(parseAddress(input) ?? input);
    if (row !== undefined) refused.set(row, error);
    for (const at of byCategories.get(input) ?? []) refused.set(at, error);
    byCategories.delete(input);
  }
  return refused;
}
