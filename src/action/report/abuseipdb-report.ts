/**
 * One report to AbuseIPDB, as it is kept in the outbox and sent. It holds nothing of a log.
 */
export interface Report {
  readonly address: string;
  readonly categories: readonly number[];
  readonly comment: string;
  /** ISO 8601 with its zone: when it was seen last. */
  readonly timestamp: string;
}

/** Written by us alone: a parse boundary. @throws SyntaxError for what we did not write. */
export function readReport(text: string): Report {
  return JSON.parse(text) as Report;
}
