/**
 * Hands on what was parsed of a journal: tells of suppressed messages, then gives the lines, if there are any.
 * Takes what a parser gave and the place after it; does not parse.
 */
import type { ParsedLines } from './export-parser.js';
import { type JournalPlace, formatJournalPlace } from './journal-place.js';
import { lengthOf } from './line-table.js';
import type { JournalFields, SourceId } from './lines.js';
import type { Sink } from './source.js';
import { suppressionNotice } from './suppression.js';

/** `place` undefined: no entry has ended yet, and there is nothing to give. */
export async function handOn(
  { lines, sifted, suppressed }: ParsedLines,
  {
    source,
    routes,
    place,
  }: {
    readonly source: SourceId;
    readonly routes: readonly JournalFields[];
    readonly place: JournalPlace | undefined;
  },
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  for (const { message, uid } of suppressed) {
    const alarm = suppressionNotice(source, message, uid);
    if (alarm !== undefined) sink.notice(alarm);
  }
  if (place === undefined || signal.aborted) return;
  const chunk = { source, kind: 'journal', lines, sifted, routes, place: formatJournalPlace(place) } as const;
  if (lengthOf(chunk) > 0) await sink.lines(chunk);
}
