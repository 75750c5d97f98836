/**
 * The journal as one source for all jails: journalctl's export for what is old, libsystemd polled for what is new.
 * Takes the kept place and how far to look back; hands over from one to the other at the last entry's cursor, so that
 * nothing is missed or told twice. Without libsystemd journalctl follows too, and that is told (its wake-up is slow).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BailiffError, describeError } from '../lib/errors.js';
import { closable } from './closable.js';
import { readJournalExport } from './journal-export.js';
import { LiveJournal } from './journal-live.js';
import { type JournalPlace, parseJournalPlace } from './journal-place.js';
import { surveyJournal } from './journal-survey.js';
import { type JournalWhere, journalId } from './journal-where.js';
import { type Libsystemd, loadLibsystemd } from './libsystemd.js';
import { loadLoopWait } from './loop-wait.js';
import { oncePerFile } from './once-per-file.js';
import { RouteTable, type RouteInterest } from './route-table.js';
import type { Sink, Source, StartAt } from './source.js';

const RETRY_MS = 1000;

export interface JournalSourceOptions {
  readonly where: JournalWhere;
  /** The fields and values that lines are routed by, see interestOf. */
  readonly interest: RouteInterest;
  readonly start: StartAt;
  /** Told the native handle while one is open, so that another thread can close it after a kill. */
  readonly onHandle?: (handle: bigint | undefined) => void;
  /** Given by tests that want journalctl alone. */
  readonly load?: () => Promise<Libsystemd | undefined>;
}

/** The live journal of this machine, of a namespace or of a directory. */
export function journalSource(options: JournalSourceOptions): Source {
  const id = journalId(options.where);
  const closing = new AbortController();
  const routes = new RouteTable(options.interest);

  async function run(outer: Sink): Promise<void> {
    const { signal } = closing;
    const sink = oncePerFile(outer);
    for (const notice of (await surveyJournal(options.where)).notices) sink.notice(notice);
    const sinceUs = options.start.sinceMs * 1000;
    let place = placeToStart(options.start, sink);
    place = await tryExport(place, false, sink);
    const library = await (options.load ?? loadLibsystemd)();
    if (signal.aborted) return;
    if (library !== undefined) {
      const onHandle = options.onHandle ?? (() => undefined);
      const wait = await loadLoopWait();
      const live = { where: options.where, routes, library, wait, place, sinceUs, onHandle };
      await new LiveJournal(live, sink, signal).run();
      return;
    }
    const text =
      'libsystemd cannot be loaded (npm package koffi); journalctl is followed instead, up to 0.5 s later.';
    sink.notice({ source: id, level: 'warning', event: 'slow', text });
    while (!signal.aborted) {
      place = await tryExport(place, true, sink);
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async function tryExport(
    place: JournalPlace | undefined,
    isFollowed: boolean,
    sink: Sink,
  ): Promise<JournalPlace | undefined> {
    const stretch = {
      where: options.where,
      routes,
      place,
      sinceUs: options.start.sinceMs * 1000,
      isFollowed,
    };
    let reached = place;
    const watched: Sink = {
      notice: (notice) => sink.notice(notice),
      lines: async (chunk) => {
        await sink.lines(chunk);
        reached = parseJournalPlace(chunk.place) ?? reached;
      },
    };
    try {
      return await readJournalExport(stretch, watched, closing.signal);
    } catch (error) {
      // What the sink throws ends the run; a journalctl that cannot be run does not.
      if (!(error instanceof BailiffError)) throw error;
      sink.notice({ source: id, level: 'warning', event: 'journalctl', text: describeError(error) });
      return reached;
    }
  }

  function placeToStart(start: StartAt, sink: Sink): JournalPlace | undefined {
    const place = parseJournalPlace(start.place);
    if (place === undefined) {
      if (start.place !== undefined)
        sink.notice({
          source: id,
          level: 'warning',
          event: 'cursor-lost',
          text: 'The kept place is not readable; looking back instead.',
        });
      return undefined;
    }
    if (place.realtimeUs >= start.sinceMs * 1000) return place;
    const skipped = Math.round(start.sinceMs / 1000 - place.realtimeUs / 1e6);
    sink.notice({
      source: id,
      level: 'info',
      event: 'skipped',
      text: `${skipped} s of the journal are older than needed and were skipped.`,
    });
    return undefined;
  }

  return closable(id, run, closing);
}
