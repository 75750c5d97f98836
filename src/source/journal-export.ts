/**
 * Reads a stretch of the journal through `journalctl --output=export`: what was written before the start, and, where
 * libsystemd cannot be loaded, what comes. Takes where to begin; gives chunks of lines; returns the place it came to.
 * A kept entry that is gone is told, and its time is gone on from.
 */
import { ExportParser, type ParsedLines } from './export-parser.js';
import type { LineSieve } from './line-sieve.js';
import { handOn } from './hand-on.js';
import type { JournalPlace } from './journal-place.js';
import { type JournalWhere, journalId, journalctlWhere } from './journal-where.js';
import { runJournalctl } from './journalctl.js';
import { NoticeGate } from './notice-gate.js';
import { ResumeCheck } from './resume-check.js';
import type { RouteTable } from './route-table.js';
import type { Sink } from './source.js';

/** The text of so many is well below 128 KiB: for more V8 gives fresh pages to each string, at twenty times the price. */
export const CHUNK_LINES = 600;

export interface JournalStretch {
  readonly where: JournalWhere;
  readonly routes: RouteTable;
  /** Asked which lines to keep; undefined: all. */
  readonly sieve?: LineSieve | undefined;
  /** After this entry; without one, from the first at or after `sinceUs`. */
  readonly place: JournalPlace | undefined;
  readonly sinceUs: number;
  /** Nothing newer than this; undefined = to the end. */
  readonly untilUs?: number;
  /** Go on with what comes, until the signal. */
  readonly isFollowed: boolean;
}

/**
 * Hands all entries of the stretch to the sink.
 * @returns the place after the last entry, or the one given.
 * @throws BailiffError `source.journalctl` where journalctl cannot be started.
 */
export async function readJournalExport(
  stretch: JournalStretch,
  sink: Sink,
  signal: AbortSignal,
): Promise<JournalPlace | undefined> {
  const source = journalId(stretch.where);
  const after = stretch.place === undefined ? undefined : new ResumeCheck(stretch.place);
  const parser = new ExportParser(stretch.routes, after, stretch.sieve);
  const gate = new NoticeGate((notice) => sink.notice(notice));
  let place = stretch.place;
  let isTold = false;
  // What is followed is handed on as it comes, although there may be nothing in it but a new place.
  const leastLines = stretch.isFollowed ? 0 : CHUNK_LINES;
  const give = async (parsed: ParsedLines): Promise<void> => {
    if (after?.state === 'lost' && !isTold && parsed.place !== undefined) {
      isTold = true;
      sink.notice({ source, level: 'warning', event: 'vacuumed', text: lossText(after.missing) });
    }
    place = parsed.place ?? place;
    await handOn(parsed, { source, routes: stretch.routes.routes, place }, sink, signal);
  };
  const result = await runJournalctl(
    { args: argumentsOf(stretch), source, isFollowed: stretch.isFollowed },
    signal,
    (piece) => (parser.feed(piece) < leastLines ? undefined : give(parser.take())),
    (notice) => sink.notice(notice),
  );
  if (!signal.aborted) await give(parser.end());
  gate.count(
    source,
    'warning',
    'corrupt',
    'A stretch of the export was no journal entry.',
    parser.counts.corrupt,
  );
  gate.count(source, 'info', 'cut', 'A message over 64 KiB was cut.', parser.counts.cut);
  if (!result.isCursorRefused || stretch.place === undefined || signal.aborted) return place;
  sink.notice({
    source,
    level: 'warning',
    event: 'cursor-lost',
    text: 'The kept cursor is no cursor; going on from the kept time.',
  });
  return await readJournalExport(
    { ...stretch, place: undefined, sinceUs: stretch.place.realtimeUs + 1 },
    sink,
    signal,
  );
}

function argumentsOf(stretch: JournalStretch): string[] {
  const where = journalctlWhere(stretch.where);
  const follow = stretch.isFollowed ? ['--follow', '--no-tail'] : [];
  const until = stretch.untilUs === undefined ? [] : [`--until=${atTime(stretch.untilUs)}`];
  const begin =
    stretch.place === undefined ? `--since=${atTime(stretch.sinceUs)}` : `--cursor=${stretch.place.cursor}`;
  return [...where, ...follow, ...until, begin];
}

/** systemd.time's `@SECONDS.MICROSECONDS`. */
function atTime(timeUs: number): string {
  return `@${Math.floor(timeUs / 1e6)}.${String(Math.floor(timeUs % 1e6)).padStart(6, '0')}`;
}

function lossText(missing: number | undefined): string {
  const count = missing === undefined || missing < 1 ? '' : ` (${missing} entries are missing)`;
  return `The entry read last is gone from the journal; going on from its time${count}.`;
}
