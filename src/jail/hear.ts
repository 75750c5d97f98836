/**
 * Hearing, on one screen: sources → ears → batches, in the worker.
 * Takes the jails and where each source was left; gives batches one by one, reading no further while one is not taken.
 * Does not count.
 */
import { resolve } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { FileSource } from '../source/file-source.js';
import { exportRecording } from '../source/recording-journal.js';
import { logRecording } from '../source/recording-log.js';
import type { Source, Sink } from '../source/source.js';
import { journalSource } from '../source/journal-source.js';
import { interestOf } from '../source/route-table.js';
import type { Lines, SourceId, SourceNotice } from '../source/lines.js';
import type { Batch } from './batch.js';
import { Caution, type GivenUp } from './caution.js';
import { Ears } from './ears.js';
import { GivenWindow } from './given-window.js';
import { HeldBatch } from './held-batch.js';
import type { HearingStart, RecordedSource } from './hear-messages.js';
import { lookBackForNewJails } from './look-back.js';
import { ProgressWriter, STIR_EVERY_MS } from './progress.js';

/** What came to nothing is told so much later. */
const HELD_MS = 250;
/** A worker apart rests half as long as it spent on what it gave up: two thirds of the time are the most that it takes. */
const RESTS_FOR_SPENT = 0.5;

export interface HearingPort {
  /** Lines are about to be heard: to be told before, so that somebody watches over what they do. */
  stir(): void;
  batch(batch: Batch): void;
  /** Lines of the next batch were passed over in time. */
  givenUp(source: SourceId, givenUp: GivenUp): void;
  notice(notice: SourceNotice): void;
  /** The name of a source that is heard for the first time. */
  source(source: SourceId): void;
  /** The handle of a journal that somebody else has to close if this thread is killed. */
  handle(source: SourceId, handle: bigint | undefined): void;
  /** The jails that are new to the store have looked back. */
  lookedBack(): void;
}

export class Hearing {
  readonly #start: HearingStart;
  readonly #port: HearingPort;
  readonly #ears: Ears;
  readonly #progress: ProgressWriter;
  readonly #caution: Caution;
  readonly #sources: Source[] = [];
  readonly #window: GivenWindow;
  readonly #closing = new AbortController();
  readonly #held = new HeldBatch();
  #telling: NodeJS.Timeout | undefined;
  #stirredMs = -Infinity;

  constructor(start: HearingStart, port: HearingPort) {
    this.#start = start;
    this.#port = port;
    this.#progress = new ProgressWriter(start.progress);
    this.#window = new GivenWindow(this.#progress);
    this.#caution = new Caution(start.cautious, this.#progress.expressionSlot);
    this.#ears = new Ears({
      jails: start.jails,
      connections: start.connections,
      heardBefore: start.heardBefore,
      sinceMs: (jail) => start.sinceMs.get(jail) ?? Date.now(),
      now: () => Date.now(),
      progress: this.#progress,
      culprits: start.culprits,
      caution: this.#caution,
      shiftMs: start.shiftMs,
      onSource: (source) => port.source(source),
      onNotice: (notice) => port.notice(notice),
    });
  }

  /** Runs every source; resolves when all have ended, which live ones do only after `close`. */
  async run(): Promise<void> {
    const { recording, newJails } = this.#start;
    this.#ears.warm();
    if (newJails.length > 0) await this.#lookBack();
    await Promise.all(
      recording === undefined ? [...this.#runJournals(), ...this.#runFiles()] : this.#runRecording(recording),
    );
    this.#tellHeld();
  }

  /** A batch was taken while sources waited for that: they may go on. */
  taken(): void {
    this.#window.taken();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#window.release();
    await Promise.all(this.#sources.map((source) => source.close()));
    this.#tellHeld();
  }

  async #lookBack(): Promise<void> {
    await lookBackForNewJails({
      start: this.#start,
      ears: this.#ears,
      signal: this.#closing.signal,
      give: (heard) => this.#give(heard),
      notice: (notice) => this.#port.notice(notice),
    });
    this.#tellHeld();
    if (!this.#closing.signal.aborted) this.#port.lookedBack();
  }

  *#runJournals(): Iterable<Promise<void>> {
    const interest = interestOf(this.#ears.journalMatches());
    for (const namespace of this.#ears.journalNamespaces()) {
      const id = namespace === undefined ? 'journal' : `journal:${namespace}`;
      const start = { place: this.#start.places.get(id), sinceMs: this.#ears.sinceMs('journal') };
      const source = journalSource({
        where: { kind: 'system', namespace },
        interest,
        start,
        onHandle: (handle) => this.#port.handle(id, handle),
      });
      // That a jail over files has no journal to listen to as well is nothing to tell.
      const isAsked = this.#start.jails.some(
        ({ watch }) => watch.backend === 'journal' && watch.journalNamespace === namespace,
      );
      const isNews = (notice: SourceNotice): boolean => notice.event !== 'no-journal' || isAsked;
      yield this.#run(source, (chunk) => this.#ears.hearJournal(chunk, namespace), isNews);
    }
  }

  #runRecording(recording: readonly RecordedSource[]): Promise<void>[] {
    const interest = interestOf(this.#ears.journalMatches());
    return recording.map(({ path, jails }) =>
      jails === undefined
        ? this.#run(exportRecording(path, interest), (chunk) => this.#ears.hearJournal(chunk, undefined))
        : this.#run(logRecording(path), (chunk) => this.#ears.hearFile(chunk, jails)),
    );
  }

  /** Every file once, however many jails and globs lead to it. */
  *#runFiles(): Iterable<Promise<void>> {
    const globs = this.#ears.globs().map((listened) => ({ ...listened, glob: resolve(listened.glob) }));
    if (globs.length === 0) return;
    const source = new FileSource({
      files: globs,
      placeOf: (id) => this.#start.places.get(id),
      sinceMs: this.#ears.sinceMs('file'),
    });
    const jailsOf = (chunk: Lines): readonly string[] => {
      const paths = new Set(source.globsOf(chunk.source));
      return globs.flatMap(({ glob, jail }) => (paths.has(glob) ? [jail] : []));
    };
    // That a deaf jail's other way does not exist is nothing to tell.
    const asked = new Set(globs.flatMap(({ glob, asked }) => (asked ? [`file:${glob}`] : [])));
    const isNews = (notice: SourceNotice): boolean => notice.event !== 'missing' || asked.has(notice.source);
    yield this.#run(source, (chunk) => this.#ears.hearFile(chunk, jailsOf(chunk)), isNews);
  }

  #run(
    source: Source,
    hear: (chunk: Lines) => Batch,
    isNews: (notice: SourceNotice) => boolean = () => true,
  ): Promise<void> {
    this.#sources.push(source);
    const sink: Sink = {
      lines: (chunk) => this.#give(() => hear(chunk)),
      notice: (notice) => {
        if (isNews(notice)) this.#port.notice(notice);
      },
    };
    return source.run(sink);
  }

  #stir(): void {
    const nowMs = performance.now();
    if (nowMs - this.#stirredMs < STIR_EVERY_MS) return;
    this.#stirredMs = nowMs;
    this.#port.stir();
  }

  /** Hears a chunk and hands the batch over; resolves when the source may go on. */
  async #give(hear: () => Batch): Promise<void> {
    this.#stir();
    const batch = hear();
    const { givenUp, spentMs } = this.#caution.take();
    // Told before: who sees what came behind such a line knows of the line.
    for (const each of givenUp) this.#port.givenUp(batch.source, each);
    for (const due of this.#held.add(batch)) this.#tell(due);
    if (!this.#held.isEmpty) this.#telling ??= setTimeout(() => this.#tellHeld(), HELD_MS);
    await this.#window.free();
    if (this.#start.isApart && spentMs > 0) await this.#rest(spentMs * RESTS_FOR_SPENT);
  }

  #tellHeld(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    for (const due of this.#held.take()) this.#tell(due);
  }

  #tell(batch: Batch): void {
    this.#ears.told(batch.source);
    this.#port.batch(batch);
    this.#progress.posted();
  }

  async #rest(forMs: number): Promise<void> {
    const { signal } = this.#closing;
    await rest(forMs, undefined, { signal, ref: false }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
