/**
 * What `fail2ban-regex` is given as LOG: a file, standard input, the journal, or the text itself.
 * Takes the word; gives its lines in order, those of the journal with their time and only where its match holds.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { parseCall } from '../config/parameters.js';
import { HandOver } from '../lib/hand-over.js';
import { type JournalMatch, meetsJournalMatch } from '../lib/journal-match.js';
import { journalRecording } from '../source/recording-journal.js';
import { linesOf } from '../source/line-table.js';
import { logRecording, stdinRecording } from '../source/recording-log.js';
import { interestOf } from '../source/route-table.js';
import type { Source } from '../source/source.js';

export interface InputLine {
  readonly text: string;
  /** NaN: the text tells. */
  readonly timeMs: number;
}

export interface SourceInput {
  readonly kind: 'file' | 'stdin' | 'journal';
  readonly source: (match: JournalMatch | undefined) => Source;
  /** false: the last line is still being written. */
  readonly whole: boolean;
}

export type RegexInput = SourceInput | { readonly kind: 'text'; readonly text: string };

const JOURNALS = ['/var/log/journal', '/run/log/journal'];
const NEWLINE = 0x0a;

/** @throws BailiffError `config.parameters` for a journal that is called wrongly. */
export function regexInput(log: string, encoding: string): RegexInput {
  if (existsSync(log) && statSync(log).isFile())
    return {
      kind: 'file',
      // Python's name of it.
      source: () => logRecording(log, encoding.replace(/^latin[-_]1$/i, 'latin1')),
      whole: log.endsWith('.gz') || endsWhole(log),
    };
  if (log === '-') return { kind: 'stdin', source: () => stdinRecording(encoding), whole: true };
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
    whole: true,
  };
}

/** The lines of a source; of a journal those that the match holds for. */
export async function* inputLines(
  { source, whole }: SourceInput,
  match: JournalMatch | undefined,
): AsyncGenerator<InputLine> {
  const chunks = new HandOver<readonly InputLine[]>();
  source(match)
    .run({
      lines: ({ lines, routes }) =>
        chunks.push(
          [...linesOf(lines)].filter(
            ({ route }) => match === undefined || meetsJournalMatch(match, routes[route] ?? {}),
          ),
        ),
      notice: () => undefined,
    })
    .then(
      () => chunks.end(),
      (error: unknown) => chunks.fail(error),
    );
  let last: InputLine | undefined;
  for await (const lines of chunks) {
    for (const line of lines) {
      if (last !== undefined) yield last;
      last = line;
    }
  }
  if (last !== undefined && whole) yield last;
}

/** Whether the last line of a file has its newline: Fail2Ban leaves one without it for later. */
function endsWhole(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE);
  } finally {
    closeSync(descriptor);
  }
}
