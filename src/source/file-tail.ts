/**
 * Follows one log path through rotation and truncation. Takes the kept place; gives chunks of lines with the place after
 * them. Rotation by rename: the old file is read to its end (and while someone still writes to it), then the new one.
 * Half lines wait for their newline; one that never ends is dropped and told, since half an address is another address.
 */
import { statSync } from 'node:fs';
import { messageOf } from '../lib/errors.js';
import { type FileMark, formatFilePlace, isMarked, parseFilePlace } from './file-mark.js';
import { type DateProbe, endOffset, startOffset } from './file-start.js';
import type { Decode } from './encodings.js';
import type { LineTable, Place, SourceId } from './lines.js';
import type { NoticeGate } from './notice-gate.js';
import { OpenLog } from './open-log.js';
import { rotatedFiles } from './rotated-files.js';

/** A service goes on writing to a renamed log until it is told; logrotate tells it within seconds. */
const LINGER_MS = 10_000;
const MAX_OPEN = 8;

const TRUNCATED = 'The file was truncated or overwritten; it is read from its start.';
const REST_LOST = 'The file read last is gone (rotated and compressed?); lines at its end may be missing.';

export interface TailOptions {
  readonly path: string;
  readonly source: SourceId;
  readonly decode: Decode;
  readonly place: Place | undefined;
  /** Where to begin without a place: at lines of `sinceMs`, at the end, or at the start of a file that has just appeared. */
  readonly from: 'head' | 'tail' | 'start';
  readonly sinceMs: number;
  readonly probe: DateProbe | undefined;
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
}

export interface TailRead {
  readonly lines: LineTable;
  readonly place: Place;
  /** Whether the end had been reached before these lines were there. */
  readonly isLive: boolean;
}

interface Followed {
  readonly log: OpenLog;
  grownMs: number;
}

export class FileTail {
  readonly #options: TailOptions;
  readonly #gate: NoticeGate;
  /** Oldest first; the last one is the file at the path. */
  #logs: Followed[] = [];
  #cut = 0;
  #isStarted = false;
  /** Whether the end was reached before: what comes then is new. */
  #isLive = false;

  constructor(options: TailOptions, gate: NoticeGate) {
    this.#options = options;
    this.#gate = gate;
  }

  /** Whether a file is open here, under whatever name. */
  isReading(inode: number): boolean {
    return this.#logs.some(({ log }) => log.inode === inode);
  }

  /** The next lines, or undefined where the end is reached. */
  read(): TailRead | undefined {
    for (const followed of this.#logs) {
      for (;;) {
        const { lines, truncated, isAtEnd } = followed.log.read();
        if (truncated !== undefined) this.#truncated(truncated);
        if (lines.length > 0) {
          followed.grownMs = this.#options.now();
          this.#countCut();
          const place = formatFilePlace(this.#logs.map(({ log }) => log.mark));
          return { lines, place, isLive: this.#isLive };
        }
        if (isAtEnd) break;
      }
    }
    this.#isLive = this.#isStarted;
    return undefined;
  }

  /** Looks whether the path leads to another file by now; to be called when `read` has nothing, and now and then. */
  follow(): void {
    if (!this.#isStarted) this.#start();
    else this.#rotate();
    const due = this.#options.now() - LINGER_MS;
    while (this.#logs.length > 1 && ((this.#logs[0]?.grownMs ?? 0) <= due || this.#logs.length > MAX_OPEN))
      this.#dropOldest();
  }

  close(): void {
    for (const { log } of this.#logs) log.close();
    this.#logs = [];
  }

  #start(): void {
    const { path, place, from, sinceMs, probe } = this.#options;
    const marks = parseFilePlace(place);
    if (marks.length > 0) {
      this.#resume(marks);
      return;
    }
    const log = this.#open(path);
    if (log === undefined) return;
    this.#isStarted = true;
    if (from === 'head') log.seek(startOffset(log.descriptor, log.size, sinceMs, probe));
    if (from === 'tail') log.seek(endOffset(log.descriptor, log.size));
  }

  /**
   * Opens the marked files, wherever rotation has put them, and all that came after the newest of them. What lies between
   * them without a mark is no rest of ours: logrotate's copytruncate leaves copies of what was read.
   */
  #resume(marks: readonly FileMark[]): void {
    const { path, source } = this.#options;
    const candidates = [...rotatedFiles(path), path];
    const inodes = candidates.map((file) => statSync(file, { throwIfNoEntry: false })?.ino);
    const newest = newestFound(marks, inodes);
    for (const [index, candidate] of candidates.entries()) {
      const marked = marks.filter(({ inode }) => inode === inodes[index]);
      if (marked.length === 0 && index < newest && candidate !== path) continue;
      const log = this.#open(candidate);
      if (log === undefined || marked.length === 0) continue;
      const mark = marked.find((one) => isMarked(one, log.descriptor, log.inode, log.size));
      if (mark !== undefined) log.seek(mark.offset);
      // The same inode with other content: all of it was written since.
      else this.#gate.count(source, 'info', 'truncated', TRUNCATED);
    }
    // Where nothing is there yet, the marks are still good for what appears.
    this.#isStarted = this.#logs.length > 0;
    if (this.#isStarted && newest === Infinity) this.#gate.count(source, 'warning', 'rest-lost', REST_LOST);
  }

  #rotate(): void {
    const { path, source } = this.#options;
    const status = statSync(path, { throwIfNoEntry: false });
    const current = this.#logs.at(-1)?.log;
    if (status === undefined || status.ino === current?.inode) return;
    // Files between the one we read and the one that is there now: rotated twice before we looked.
    const rotated = rotatedFiles(path);
    const inodes = rotated.map((file) => statSync(file, { throwIfNoEntry: false })?.ino);
    const at = current === undefined ? -1 : inodes.indexOf(current.inode);
    const between =
      at < 0 ? [] : rotated.slice(at + 1).filter((_, index) => !this.isReading(inodes[at + 1 + index] ?? 0));
    for (const file of [...between, path]) this.#open(file);
    this.#gate.count(
      source,
      'info',
      'rotated',
      'The file was rotated; the old one is read to its end, then the new one.',
    );
  }

  #open(path: string): OpenLog | undefined {
    try {
      const log = new OpenLog(path, this.#options.decode);
      if (this.isReading(log.inode)) {
        log.close();
        return undefined;
      }
      this.#logs.push({ log, grownMs: this.#options.now() });
      return log;
    } catch (error) {
      const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
      const remedy = denied ? ' Give the user of this service read access (group adm).' : '';
      this.#gate.count(
        this.#options.source,
        'warning',
        'unreadable',
        `${path} cannot be read: ${messageOf(error)}.${remedy}`,
      );
      return undefined;
    }
  }

  #dropOldest(): void {
    const oldest = this.#logs.shift();
    if (oldest === undefined) return;
    this.#dropHalf(oldest.log.splitter.reset());
    oldest.log.close();
  }

  #truncated(halfBytes: number): void {
    this.#gate.count(this.#options.source, 'info', 'truncated', TRUNCATED);
    this.#dropHalf(halfBytes);
  }

  #dropHalf(bytes: number): void {
    if (bytes === 0) return;
    this.#gate.count(
      this.#options.source,
      'warning',
      'half-line',
      `Half a line (${bytes} bytes) never got its newline and was dropped.`,
    );
  }

  #countCut(): void {
    const cut = this.#logs.reduce((sum, { log }) => sum + log.splitter.cut, 0);
    if (cut > this.#cut)
      this.#gate.count(this.#options.source, 'info', 'cut', 'A line over 64 KiB was cut.', cut - this.#cut);
    this.#cut = cut;
  }
}

/** Where the newest mark is among the files that are there, oldest first; Infinity = no marked file is there. */
function newestFound(marks: readonly FileMark[], inodes: readonly (number | undefined)[]): number {
  for (const { inode } of [...marks].reverse()) {
    const at = inodes.lastIndexOf(inode);
    if (at >= 0) return at;
  }
  return Infinity;
}
