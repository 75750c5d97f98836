/**
 * Follows the journal through libsystemd, asking for a next entry every few milliseconds: journald's own wake-up
 * comes 140-340 ms late. Takes the place to go on after; gives chunks of entries, in order, none twice.
 * Follows rotation; tells a lost cursor, unreadable entries and files that came or went. Does not read what is old in bulk.
 */
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises';
import { type JournalPlace, entriesBetween, formatJournalPlace } from './journal-place.js';
import { surveyJournal } from './journal-survey.js';
import { type JournalWhere, journalId } from './journal-where.js';
import type { Libsystemd } from './libsystemd.js';
import { tableOf } from './line-table-builder.js';
import type { Line } from './lines.js';
import { LiveEntryReader } from './live-entry.js';
import type { LoopWait } from './loop-wait.js';
import { NoticeGate } from './notice-gate.js';
import type { RouteTable } from './route-table.js';
import type { Sink } from './source.js';
import { suppressionNotice } from './suppression.js';

/** Attempts come in series: the latency of a line is half of this, and 200 polls a second cost 1 to 2 % of a core. */
const POLL_MS = 5;
/** So long after a line the next one is expected soon. */
const ALERT_MS = 30_000;
/** The wait on a quiet host: the first line of a series is seen so much later, and rest costs a tenth. */
const QUIET_POLL_MS = 50;
const BATCH_ENTRIES = 256;
/** Who is behind reads more at once: each batch is a message, a transaction and a turn through the event loop. */
const BATCH_ENTRIES_BEHIND = 512;
const BATCH_MS = 4;
const BATCH_MS_BEHIND = 6;
/** Rotation is looked for this often while entries keep coming; at every poll while none do. */
const PROCESS_EVERY_MS = 50;
const REOPEN_AFTER_MS = 1000;
const FILES_CHANGED = 2;

export interface LiveOptions {
  readonly where: JournalWhere;
  readonly routes: RouteTable;
  readonly library: Libsystemd;
  /** Undefined where the polls have to be timers. */
  readonly wait: LoopWait | undefined;
  /** Go on after this entry; without one, from the first entry at or after `sinceUs`. */
  readonly place: JournalPlace | undefined;
  readonly sinceUs: number;
  /** Told the native handle when it opens and when it is closed (undefined), see journalHandleCloser. */
  readonly onHandle: (handle: bigint | undefined) => void;
}

export class LiveJournal {
  readonly #options: LiveOptions;
  readonly #sink: Sink;
  readonly #gate: NoticeGate;
  readonly #signal: AbortSignal;
  #place: JournalPlace | undefined;
  #isUnread = false;
  /** The batch before did not reach the journal's end. */
  #isBehind = false;
  /** The journal had no entry when it was opened; its directories may not have been there to be watched. */
  #isEmpty = false;
  #processedMs = 0;
  /** When the last line of a guarded service came; `performance.now()`. */
  #lineMs = performance.now();
  /** Ends the wait between two polls. */
  #wake: () => void = () => undefined;

  constructor(options: LiveOptions, sink: Sink, signal: AbortSignal) {
    this.#options = options;
    this.#sink = sink;
    this.#gate = new NoticeGate((notice) => sink.notice(notice));
    this.#signal = signal;
    this.#place = options.place;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Follows until the signal; reopens the journal where reading fails. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      const handle = this.#options.library.open(this.#options.where);
      if (typeof handle === 'number') this.#failed('opened', handle);
      else {
        this.#options.onHandle(handle);
        try {
          const failed = this.#position(handle) ?? (await this.#follow(handle));
          if (failed !== undefined) this.#failed('read', failed);
        } finally {
          this.#options.library.close(handle);
          this.#options.onHandle(undefined);
        }
      }
      await this.#survey();
      if (this.#isEmpty) continue;
      await pause(REOPEN_AFTER_MS, this.#signal);
    }
  }

  /** Puts the handle after the place, or before the first entry since. Gives an errno where that fails. */
  #position(handle: bigint): number | undefined {
    const { library } = this.#options;
    this.#isUnread = false;
    this.#isEmpty = false;
    const place = this.#place;
    if (place !== undefined) {
      if (library.seekCursor(handle, place.cursor) < 0) {
        this.#tell('warning', 'cursor-lost', 'The kept cursor is no cursor; going on from the kept time.');
      } else {
        const next = library.next(handle);
        if (next < 0) return next;
        if (next > 0 && library.testCursor(handle, place.cursor) > 0) return undefined;
        const missing = next > 0 ? entriesBetween(place.cursor, library.cursor(handle) ?? '') : undefined;
        const count = missing === undefined || missing < 1 ? '' : ` (${missing} entries are missing)`;
        this.#tell(
          'warning',
          'vacuumed',
          `The entry read last is gone from the journal; going on from its time${count}.`,
        );
      }
    }
    return this.#positionByTime(handle, place === undefined ? this.#options.sinceUs : place.realtimeUs + 1);
  }

  #positionByTime(handle: bigint, sinceUs: number): number | undefined {
    const { library } = this.#options;
    for (;;) {
      library.seekRealtime(handle, sinceUs);
      const next = library.next(handle);
      if (next < 0) return next;
      this.#isUnread = next > 0;
      if (this.#isUnread) return undefined;
      // Nothing that new: stand on the last entry, so that a clock set back hides nothing that comes.
      library.seekTail(handle);
      const last = library.previous(handle);
      if (last < 0) return last;
      this.#isEmpty = last === 0;
      if (this.#isEmpty) return void library.seekHead(handle);
      // An entry that came in between would be taken for an old one.
      if (!(library.realtimeUs(handle) >= sinceUs)) return undefined;
    }
  }

  /** Reads on until the signal or an error, which it gives. */
  async #follow(handle: bigint): Promise<number | undefined> {
    const openedMs = performance.now();
    const { library } = this.#options;
    const reader = new LiveEntryReader(library, handle, this.#options.routes);
    const [ask, descriptor] = [library.asker(handle), library.descriptor(handle)];
    while (!this.#signal.aborted) {
      const read = this.#readBatch(handle, reader);
      if (read.lines.length > 0) this.#isEmpty = false;
      if (read.lines.length > 0) {
        await this.#sink.lines({
          source: journalId(this.#options.where),
          kind: 'journal',
          lines: tableOf(read.lines),
          routes: this.#options.routes.routes,
          place: this.#place === undefined ? '' : formatJournalPlace(this.#place),
        });
      }
      if (read.error !== undefined) return read.error;
      const nowMs = performance.now();
      if (read.isTail || nowMs - this.#processedMs >= PROCESS_EVERY_MS) {
        this.#processedMs = nowMs;
        const changed = library.process(handle);
        if (changed < 0) return changed;
        if (changed === FILES_CHANGED) await this.#rotated();
      }
      if (this.#isEmpty && nowMs - openedMs > REOPEN_AFTER_MS) return undefined;
      if (read.lines.length > 0) this.#lineMs = nowMs;
      if (!read.isTail) await yieldToOthers();
      else await this.#rest(ask, descriptor, nowMs - this.#lineMs < ALERT_MS ? POLL_MS : QUIET_POLL_MS);
    }
    return undefined;
  }

  /** Waits until it is worth while to look at the journal again: for an entry, for its files, or by the clock. */
  #rest(ask: () => number, descriptor: number, everyMs: number): Promise<void> | undefined {
    const { wait } = this.#options;
    // The clock opens an empty journal again.
    if (wait === undefined || this.#isEmpty) return this.#tick(everyMs);
    let status = 0;
    const look = (): number => (status = ask());
    const end = wait({ everyMs, descriptor, look });
    this.#isUnread = status > 0;
    return end === 'loop' ? this.#tick(everyMs) : undefined;
  }

  /** One poll's wait: a bare timer. */
  #tick(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #readBatch(
    handle: bigint,
    reader: LiveEntryReader,
  ): { lines: Line[]; isTail: boolean; error: number | undefined } {
    const { library, where } = this.#options;
    const lines: Line[] = [];
    const isBehind = this.#isBehind;
    const untilMs = performance.now() + (isBehind ? BATCH_MS_BEHIND : BATCH_MS);
    const most = isBehind ? BATCH_ENTRIES_BEHIND : BATCH_ENTRIES;
    let isRead = false;
    let status = 1;
    for (let count = 0; count < most; count += 1) {
      status = this.#isUnread ? 1 : library.next(handle);
      this.#isUnread = false;
      if (status <= 0) break;
      const entry = reader.read();
      if (typeof entry === 'number') {
        this.#gate.count(
          journalId(where),
          'warning',
          'corrupt',
          `A journal entry cannot be read (errno ${-entry}) and is skipped.`,
        );
        continue;
      }
      isRead = true;
      if (entry.line !== undefined) lines.push(entry.line);
      if (entry.suppressed !== undefined) {
        const alarm = suppressionNotice(journalId(where), entry.suppressed.message, entry.suppressed.uid);
        if (alarm !== undefined) this.#sink.notice(alarm);
      }
      if (performance.now() > untilMs) break;
    }
    if (isRead) {
      const cursor = library.cursor(handle);
      const realtimeUs = library.realtimeUs(handle);
      if (cursor !== undefined && !Number.isNaN(realtimeUs)) this.#place = { cursor, realtimeUs };
    }
    this.#isBehind = status > 0;
    return { lines, isTail: status <= 0, error: status < 0 ? status : undefined };
  }

  async #rotated(): Promise<void> {
    this.#gate.count(
      journalId(this.#options.where),
      'info',
      'rotated',
      'Journal files came or went; reading goes on.',
    );
    await this.#survey();
  }

  async #survey(): Promise<void> {
    const { notices } = await surveyJournal(this.#options.where);
    for (const notice of notices) this.#sink.notice(notice);
  }

  #failed(what: string, errno: number): void {
    this.#isEmpty = false;
    const text = `The journal cannot be ${what} (errno ${-errno}); trying again every second.`;
    this.#gate.count(journalId(this.#options.where), 'warning', 'unreadable', text);
  }

  #tell(level: 'info' | 'warning', event: string, text: string): void {
    this.#sink.notice({ source: journalId(this.#options.where), level, event, text });
  }
}

/** Sleeps; a signal ends it early and is no error. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
