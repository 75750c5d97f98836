/**
 * Whether a jail's filter recognises nothing of what its service logged in the last day, although logins failed.
 * Takes the jails and where the journal lies; reads the ends of their logs within a time limit, and gives what spoke of
 * failed logins unheard. What cannot be read, or another jail recognises, is no finding.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { Filter } from '../../filter/filter.js';
import { parseAddress } from '../../lib/address.js';
import { HandOver } from '../../lib/hand-over.js';
import { meetsJournalMatch } from '../../lib/journal-match.js';
import { expandGlob } from '../../source/file-glob.js';
import { linesOf } from '../../source/line-table.js';
import type { Line, Lines } from '../../source/lines.js';
import { journalRecording } from '../../source/recording-journal.js';
import { interestOf } from '../../source/route-table.js';
import type { JailOptions } from '../options.js';

export interface UnheardFailures {
  readonly jail: string;
  /** A file, or `the journal`. */
  readonly where: string;
  readonly failures: number;
  /** One of them. */
  readonly line: string;
}

export interface LogsToLook {
  /** Directories of journals; the first that is there is read. */
  readonly journals: readonly string[];
  readonly nowMs: number;
  /** When to be done with reading, milliseconds since the epoch. */
  readonly untilMs: number;
}

const DAY_MS = 86_400_000;
const TAIL_BYTES = 4 << 20;
/** Fewer may be one slip of the tongue. */
const LEAST_FAILURES = 3;
/** Lines that tell of a login that failed, whoever writes them. */
const FAILED_LOGIN =
  /\b(?:auth\w*[ _-]?fail|auth\w* (?:error|mismatch)|failed (?:password|login|publickey|keyboard|auth)|login (?:failed|failure|incorrect|denied)|(?:invalid|illegal|unknown) user\b(?! in )|invalid (?:password|login|credential)|password mismatch|(?:bad|wrong|incorrect) (?:password|username|login|credential))/i;

/** The jails that heard nothing of it. */
export async function unheardFailures(
  jails: readonly JailOptions[],
  logs: LogsToLook,
): Promise<readonly UnheardFailures[]> {
  const listeners = jails.filter((jail) => !jail.countsBans).map((jail) => new Listener(jail, logs.nowMs));
  const others = (own: Listener, line: Line): boolean =>
    listeners.some((each) => each !== own && each.logtype === own.logtype && each.recognises(line));
  for (const listener of listeners)
    if (listener.jail.watch.backend === 'file') readFiles(listener, logs, (line) => others(listener, line));
  await readJournal(listeners, logs, others);
  return listeners.flatMap((listener) => listener.unheard ?? []);
}

class Listener {
  readonly jail: JailOptions;
  readonly logtype: 'journal' | 'file';
  readonly #filter: Filter;
  #recognised = 0;
  #failures = 0;
  #first: { readonly line: string; readonly where: string } | undefined;

  constructor(jail: JailOptions, nowMs: number) {
    this.jail = jail;
    this.logtype = jail.filter.logtype;
    this.#filter = new Filter(jail.filter, { now: () => nowMs });
  }

  get unheard(): UnheardFailures | undefined {
    if (this.#recognised > 0 || this.#failures < LEAST_FAILURES || this.#first === undefined)
      return undefined;
    return { jail: this.jail.name, failures: this.#failures, ...this.#first };
  }

  /** Whether there is no need to read on. */
  get isHearing(): boolean {
    return this.#recognised > 0;
  }

  recognises(line: Line): boolean {
    return this.#filter.examine(line).recognised;
  }

  hear(line: Line, where: string, nowMs: number, isOthers: () => boolean): void {
    const verdict = this.#filter.examine(line);
    if (verdict.recognised) this.#recognised += 1;
    else if (
      FAILED_LOGIN.test(line.text) &&
      namesAddress(line.text) &&
      verdict.timeMs >= nowMs - DAY_MS &&
      !isOthers()
    ) {
      this.#failures += 1;
      this.#first ??= { line: line.text, where };
    }
  }
}

/** Whether a line holds the address of another host. */
function namesAddress(text: string): boolean {
  return [...text.matchAll(/[0-9a-f:.]{3,}/gi)].some(([word]) => {
    const address = parseAddress(word.replace(/[.:]$/, ''));
    return address !== undefined && !/^(?:127\.|0\.|::1?$)/.test(address);
  });
}

function readFiles(
  listener: Listener,
  { nowMs, untilMs }: LogsToLook,
  isOthers: (line: Line) => boolean,
): void {
  for (const path of listener.jail.watch.files.flatMap(({ glob }) => expandGlob(glob).paths)) {
    for (const text of tailOf(path, nowMs - DAY_MS)) {
      if (listener.isHearing || Date.now() > untilMs) return;
      const line = { text, timeMs: Number.NaN, route: 0 };
      listener.hear(line, path, nowMs, () => isOthers(line));
    }
  }
}

/** The last lines of a file that was written to since then; none of one that cannot be read. */
function tailOf(path: string, sinceMs: number): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    // `doctor` and the daemon tell what they may not read; here there is nothing to compare.
    return [];
  }
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    if (mtimeMs < sinceMs) return [];
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const length = readSync(descriptor, bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8', 0, length).split(/\r?\n/);
    return (from === 0 ? lines : lines.slice(1)).filter((line) => line !== '');
  } finally {
    closeSync(descriptor);
  }
}

async function readJournal(
  listeners: readonly Listener[],
  { journals, nowMs, untilMs }: LogsToLook,
  isOthers: (own: Listener, line: Line) => boolean,
): Promise<void> {
  const hearing = listeners.filter(
    ({ jail }) => jail.watch.backend === 'journal' && jail.watch.journalMatch.length > 0,
  );
  const path = journals.find((each) => existsSync(each));
  if (path === undefined || hearing.length === 0) return;
  const source = journalRecording(
    path,
    interestOf(hearing.map(({ jail }) => jail.watch.journalMatch)),
    nowMs - DAY_MS,
  );
  const chunks = new HandOver<Lines>();
  source.run({ lines: (chunk) => chunks.push(chunk), notice: () => undefined }).then(
    () => chunks.end(),
    // An ordinary user may not read it.
    () => chunks.end(),
  );
  let closing: Promise<void> | undefined;
  for await (const { lines, routes } of chunks) {
    // The source waits for each chunk to be taken, also while it closes.
    if (closing !== undefined) continue;
    for (const line of linesOf(lines)) {
      const fields = routes[line.route] ?? {};
      for (const listener of hearing)
        if (!listener.isHearing && meetsJournalMatch(listener.jail.watch.journalMatch, fields))
          listener.hear(line, 'the journal', nowMs, () => isOthers(listener, line));
    }
    if (Date.now() > untilMs || hearing.every(({ isHearing }) => isHearing)) closing = source.close();
  }
  await closing;
}
