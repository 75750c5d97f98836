/**
 * All log files of all jails as one source: globs expanded while running, each file followed once, however many globs
 * lead to it. Takes globs and kept places; gives chunks named `file:/path`. A file that is missing is told and waited for.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DirectoryWatch } from './directory-watch.js';
import { expandGlob } from './file-glob.js';
import type { DateProbe } from './file-start.js';
import { FileTail, type TailOptions } from './file-tail.js';
import { decodeOf, decodeUtf8 } from './encodings.js';
import type { Place, SourceId } from './lines.js';
import { NoticeGate } from './notice-gate.js';
import type { WatchedFiles } from './options.js';
import { unrotatedPath } from './rotated-files.js';
import type { Sink, Source } from './source.js';

const POLL_MS = 1000;

export interface WatchedGlob extends WatchedFiles {
  /** WHATWG encoding label; `auto` = UTF-8. */
  readonly encoding: string;
  /** Finds the time of a line: with it a file that was never seen is read from where its lines matter. */
  readonly probe?: DateProbe;
}

export interface FileSourceOptions {
  readonly files: readonly WatchedGlob[];
  /** The kept place of a file, asked for when the file is found. */
  readonly placeOf: (source: SourceId) => Place | undefined;
  /** How far to look back in a file never seen before, milliseconds since the epoch. */
  readonly sinceMs: number;
}

interface Tailed {
  readonly tail: FileTail;
  readonly globs: Set<string>;
}

export class FileSource implements Source {
  readonly id = 'file';
  readonly #options: FileSourceOptions;
  readonly #globs: WatchedGlob[] = [];
  readonly #tails = new Map<SourceId, Tailed>();
  readonly #watch: DirectoryWatch;
  readonly #dirty = new Set<SourceId>();
  readonly #missing = new Set<string>();
  readonly #scanned = new Set<string>();
  #isScanDue = true;
  #isClosed = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    this.#watch = new DirectoryWatch((...event) => this.#changed(...event));
    for (const file of options.files) this.watch(file);
  }

  /** Follows one more glob from now on; one that is followed already is left as it is. */
  watch(file: WatchedGlob): void {
    const glob = resolve(file.glob);
    if (this.#globs.some((known) => known.glob === glob)) return;
    this.#globs.push({ ...file, glob });
    this.#isScanDue = true;
    this.#wake();
  }

  /** The globs (absolute) by which a file was found: who asked for its lines. */
  globsOf(source: SourceId): readonly string[] {
    return [...(this.#tails.get(source)?.globs ?? [])];
  }

  run(sink: Sink): Promise<void> {
    this.#running = this.#run(sink);
    return this.#running;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#running?.catch(() => undefined);
  }

  async #run(sink: Sink): Promise<void> {
    const gate = new NoticeGate((notice) => sink.notice(notice));
    const poll = setInterval(() => {
      this.#isScanDue = true;
      this.#wake();
    }, POLL_MS);
    try {
      while (!this.#isClosed) {
        if (this.#isScanDue) this.#scan(gate);
        const due = [...this.#dirty];
        this.#dirty.clear();
        for (const source of due) await this.#drain(source, sink);
        if (this.#dirty.size === 0 && !this.#isScanDue) await this.#sleep();
      }
    } finally {
      clearInterval(poll);
      this.#watch.close();
      for (const { tail } of this.#tails.values()) tail.close();
    }
  }

  /** One chunk; a file with more to give stays due, so that files take turns. */
  async #drain(source: SourceId, sink: Sink): Promise<void> {
    const tail = this.#tails.get(source)?.tail;
    if (tail === undefined || this.#isClosed) return;
    let read = tail.read();
    if (read === undefined) {
      tail.follow();
      read = tail.read();
    }
    if (read === undefined) return;
    this.#dirty.add(source);
    await sink.lines({ source, kind: 'file', routes: [{}], ...read });
  }

  #scan(gate: NoticeGate): void {
    this.#isScanDue = false;
    const directories = new Set<string>();
    for (const file of this.#globs) {
      const found = expandGlob(file.glob);
      for (const directory of found.directories) directories.add(directory);
      const paths = new Set(found.paths);
      for (const path of found.paths)
        if (!paths.has(unrotatedPath(path) ?? '')) this.#found(path, file, gate);
      this.#scanned.add(file.glob);
      if (paths.size > 0) this.#missing.delete(file.glob);
      else if (!this.#missing.has(file.glob)) {
        this.#missing.add(file.glob);
        gate.count(
          `file:${file.glob}`,
          'warning',
          'missing',
          `${file.glob} does not exist; it is followed when it appears.`,
        );
      }
    }
    this.#watch.set(directories);
    for (const source of this.#tails.keys()) this.#dirty.add(source);
  }

  #found(path: string, file: WatchedGlob, gate: NoticeGate): void {
    const real = realPath(path);
    const source: SourceId = `file:${real}`;
    const known = this.#tails.get(source);
    if (known !== undefined) {
      known.globs.add(file.glob);
      return;
    }
    const decode = decodeOf(file.encoding);
    if (decode === undefined)
      gate.count(
        source,
        'warning',
        'encoding',
        `The encoding ${file.encoding} is not known; the file is read as UTF-8.`,
      );
    // What appears under a glob that was looked at before is new from its first line.
    const from: TailOptions['from'] = this.#scanned.has(file.glob) ? 'start' : file.from;
    const { probe } = file;
    const { placeOf, sinceMs } = this.#options;
    const now = (): number => performance.now();
    const place = placeOf(source);
    const options = { path: real, source, decode: decode ?? decodeUtf8, place, from, sinceMs, probe, now };
    this.#tails.set(source, { tail: new FileTail(options, gate), globs: new Set([file.glob]) });
  }

  /** A write to a file that nobody asked for costs nothing; a new name in a directory costs a scan. */
  #changed(directory: string, name: string, isRename: boolean): void {
    const source: SourceId = `file:${join(realDirectory(directory), name)}`;
    const isOurs = this.#tails.has(source);
    if (isOurs) this.#dirty.add(source);
    if (isRename) this.#isScanDue = true;
    if (isOurs || isRename) this.#wake();
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isClosed) resolve();
    });
  }
}

/** The path with its directory resolved: a link in the place of the file itself may come to point elsewhere. */
function realPath(path: string): string {
  return join(realDirectory(dirname(path)), basename(path));
}

function realDirectory(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
