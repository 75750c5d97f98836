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

/** Rows that were not saved, by index, with what is wrong; undefined = it is no answer to a bulk report. */
export function refusedRows(
  data: unknown,
  reports: readonly Report[],
): ReadonlyMap<number, string> | undefined {
  if (typeof data !== 'object' || data === null || !('savedReports' in data)) return undefined;
  const listed: unknown = 'invalidReports' in data ? data.invalidReports : [];
  if (!Array.isArray(listed)) return undefined;
  const refused = new Map<number, string>();
  const rows = new Map(reports.map(({ address }, at) => [address, at]));
  for (const entry of listed as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('error' in entry)) continue;
    const input = 'input' in entry ? String(entry.input) : '';
    // Whether its row numbers count the header is not written anywhere; what it was given says it better.
    const error = String(entry.error).slice(0, 100);
    const row = rows.get(parseAddress(input) ?? input);
    if (row !== undefined) refused.set(row, error);
    // Our categories are numbers that it knows; should it refuse one, then wherever it stands.
    else
      reports.forEach(({ categories }, at) => {
        if (categories.join(',') === input) refused.set(at, error);
      });
  }
  return refused;
}
