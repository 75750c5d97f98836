/**
 * What `fail2ban-regex` is given as LOG: a file, standard input, the journal, or the text itself.
 * Takes the word; gives its lines in order, those of the journal with their time and only where its match holds.
 */
import { existsSync, statSync } from 'node:fs';
import { parseCall } from '../config/parameters.js';
import { HandOver } from '../lib/hand-over.js';
import { type JournalMatch, meetsJournalMatch } from '../lib/journal-match.js';
import { journalRecording } from '../source/recording-journal.js';
import { logRecording, stdinRecording } from '../source/recording-log.js';
import { interestOf } from '../source/route-table.js';
import type { Source } from '../source/source.js';

export interface InputLine {
  readonly text: string;
  /** NaN: the text tells. */
  readonly timeMs: number;
}

export type RegexInput =
  | {
      readonly kind: 'file' | 'stdin' | 'journal';
      readonly source: (match: JournalMatch | undefined) => Source;
    }
  | { readonly kind: 'text'; readonly text: string };

const JOURNALS = ['/var/log/journal', '/run/log/journal'];

/** @throws BailiffError `config.parameters` for a journal that is called wrongly. */
export function regexInput(log: string, encoding: string): RegexInput {
  if (existsSync(log) && statSync(log).isFile())
    return { kind: 'file', source: () => logRecording(log, encoding) };
  if (log === '-') return { kind: 'stdin', source: () => stdinRecording(encoding) };
  if (!log.startsWith('systemd-journal')) return { kind: 'text', text: log };
  const { parameters } = parseCall(log);
  const path =
    parameters.get('journalpath') ??
    parameters.get('journalfiles') ??
    JOURNALS.find((each) => existsSync(each)) ??
    '/var/log/journal';
  return {
    kind: 'journal',
    source: (match) => journalRecording(path, interestOf(match === undefined ? [] : [match])),
  };
}

/** The lines of a source; of a journal those that the match holds for. */
export async function* linesOf(source: Source, match: JournalMatch | undefined): AsyncGenerator<InputLine> {
  const chunks = new HandOver<readonly InputLine[]>();
  source
    .run({
      lines: ({ lines, routes }) =>
        chunks.push(
          match === undefined
            ? lines
            : lines.filter(({ route }) => meetsJournalMatch(match, routes[route] ?? {})),
        ),
      notice: () => undefined,
    })
    .then(
      () => chunks.end(),
      (error: unknown) => chunks.fail(error),
    );
  for await (const lines of chunks) yield* lines;
}
