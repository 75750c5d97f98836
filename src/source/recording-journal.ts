/**
 * A journal that is recorded: an export file (plain or .gz), or journal files and directories through journalctl.
 * Takes the path; gives its entries once, in the order of the recording. Corrupt stretches are told and skipped.
 */
import { statSync } from 'node:fs';
import { BailiffError } from '../lib/errors.js';
import { closable } from './closable.js';
import { ExportParser, type ParsedLines } from './export-parser.js';
import { handOn } from './hand-on.js';
import { CHUNK_LINES, readJournalExport } from './journal-export.js';
import type { SieveOf } from './line-sieve.js';
import { surveyJournal } from './journal-survey.js';
import type { JournalWhere } from './journal-where.js';
import { NoticeGate } from './notice-gate.js';
import { oncePerFile } from './once-per-file.js';
import { chunksOf, openRecording } from './recording-log.js';
import { RouteTable, type RouteInterest } from './route-table.js';
import type { Sink, Source } from './source.js';

/** An export as `journalctl --output=export` writes it, decompressed where its name ends in `.gz`. */
export function exportRecording(path: string, interest: RouteInterest, sieveOf?: SieveOf): Source {
  const id = `journal:${path}`;
  const routes = new RouteTable(interest);
  const closing = new AbortController();

  async function run(sink: Sink): Promise<void> {
    const gate = new NoticeGate((notice) => sink.notice(notice));
    const parser = new ExportParser(routes, undefined, sieveOf?.(routes.routes));
    const give = (parsed: ParsedLines): Promise<void> =>
      handOn(parsed, { source: id, routes: routes.routes, place: parsed.place }, sink, closing.signal);
    for await (const chunk of chunksOf(openRecording(path), id, () => closing.signal.aborted))
      if (parser.feed(chunk) >= CHUNK_LINES) await give(parser.take());
    if (closing.signal.aborted) return;
    await give(parser.end());
    gate.count(
      id,
      'warning',
      'corrupt',
      'A stretch of the export was no journal entry.',
      parser.counts.corrupt,
    );
    gate.count(id, 'info', 'cut', 'A message over 64 KiB was cut.', parser.counts.cut);
  }

  return closable(id, run, closing);
}

/** A journal file, or a directory of them, read by journalctl. */
export function journalRecording(
  path: string,
  interest: RouteInterest,
  sinceMs = 0,
  sieveOf?: SieveOf,
): Source {
  const id = `journal:${path}`;
  const closing = new AbortController();

  async function run(outer: Sink): Promise<void> {
    const sink = oncePerFile(outer);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) {
      throw new BailiffError('source.recording', `${path} does not exist.`, {
        remedy: 'Name a journal file, or a directory of journal files.',
      });
    }
    const where: JournalWhere = status.isDirectory()
      ? { kind: 'directory', path }
      : { kind: 'files', paths: [path] };
    for (const notice of (await surveyJournal(where)).notices) sink.notice(notice);
    const routes = new RouteTable(interest);
    const sieve = sieveOf?.(routes.routes);
    const stretch = { where, routes, sieve, place: undefined, sinceUs: sinceMs * 1000 };
    await readJournalExport({ ...stretch, isFollowed: false }, sink, closing.signal);
  }

  return closable(id, run, closing);
}
