/**
 * Makes a `Line` of one export entry: time, route, `HOST IDENT[PID]: MESSAGE`.
 * Takes the entry's bytes and where the values of the wanted fields lie in them. Strings that recur are made once.
 */
import { ByteIntern, type Interned } from './byte-intern.js';
import type { EntryWalk, Kept } from './entry-walk.js';
import type { LineSieve } from './line-sieve.js';
import { linePrefix, oneLine } from './journal-line.js';
import type { LineTableBuilder } from './line-table-builder.js';
import type { RouteTable } from './route-table.js';

/** The fields that a line is made of; the numbers below are indices into this list. The route fields follow it. */
const OF_ENTRIES = [
  '__CURSOR',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  'MESSAGE',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  'MESSAGE_ID',
] as const;
/** With the route fields they tell a process: entries that agree in all of them have one prefix and one route. */
const OF_PROCESSES = ['SYSLOG_IDENTIFIER', '_COMM', 'SYSLOG_PID', '_PID', '_HOSTNAME', '_UID'] as const;
export const CURSOR = 0;
const REALTIME = 1;
const SOURCE_REALTIME = 2;
export const MESSAGE = 3;
const MONOTONIC = 4;
const SOURCE_MONOTONIC = 5;
const MESSAGE_ID = 6;
const IDENT = 7;
const COMM = 8;
const SYSLOG_PID = 9;
const PID = 10;
const HOST = 11;
const UID = 12;

/** What the lines of a process have in common. */
interface Process {
  /** `HOST IDENT[PID]: `. */
  readonly prefix: string;
  /** Its number among those that the walk keeps; -1: it does not keep this one. */
  readonly kept: number;
  readonly route: number;
}

const NONE: Interned = { text: '', number: 0 };
/** How many are remembered, by the last bits of their number; a power of two. */
const PROCESSES = 512;
const ROUTES = 256;

/** A chunk's bytes, and where the values of the entry that is read now lie in them. */
export interface EntryBytes {
  readonly bytes: Buffer;
  readonly isAscii: boolean;
  readonly fields: EntryWalk;
}

export class EntryLines {
  /** Every field that is wanted: the index in it is the index in `EntryBytes.starts`. */
  readonly fields: readonly string[];
  /** What the walk has to keep from entry to entry. */
  readonly kept: Kept;
  readonly #routeSlots: readonly number[];
  readonly #routeInterns: readonly ByteIntern[];
  readonly #routeNumbers: Int32Array;
  readonly #routes: RouteTable;
  readonly #knownRoutes: ({ readonly numbers: Int32Array; readonly route: number } | undefined)[];
  readonly #processes: (Process | undefined)[];
  readonly #hosts = new ByteIntern(() => 0);
  readonly #idents = new ByteIntern(() => 0);

  readonly #sieve: LineSieve | undefined;

  /** With a sieve only the lines that it lets through are made. */
  constructor(routes: RouteTable, sieve?: LineSieve) {
    this.#sieve = sieve;
    const lineFields: readonly string[] = [...OF_ENTRIES, ...OF_PROCESSES];
    this.fields = [...lineFields, ...routes.fields.filter((field) => !lineFields.includes(field))];
    // Where something else decides the route, the process does not.
    const ofEntries: readonly string[] = OF_ENTRIES;
    const isOfProcess = !routes.fields.some((field) => ofEntries.includes(field));
    this.kept = { processes: PROCESSES, identity: isOfProcess ? OF_ENTRIES.length : this.fields.length };
    this.#routes = routes;
    this.#routeSlots = routes.fields.map((field) => this.fields.indexOf(field));
    this.#routeInterns = routes.fields.map(
      (_, index) => new ByteIntern((text) => routes.numberOf(index, text)),
    );
    this.#routeNumbers = new Int32Array(routes.fields.length);
    this.#knownRoutes = Array.from({ length: ROUTES }, () => undefined);
    this.#processes = Array.from({ length: PROCESSES }, () => undefined);
  }

  /** When journald took the entry in, microseconds since the epoch; NaN where it does not say. */
  realtimeUs(entry: EntryBytes): number {
    return this.#digits(entry, REALTIME);
  }

  /** Adds the line of an entry that was taken in at `realtimeUs`; without a message there is none. */
  addLine(entry: EntryBytes, realtimeUs: number, lines: LineTableBuilder): void {
    if ((entry.fields.starts[MESSAGE] ?? -1) < 0) return;
    const source = this.#digits(entry, SOURCE_REALTIME);
    const timeUs = Number.isNaN(source) ? realtimeUs : source;
    const timeMs = Math.floor(timeUs / 1000);
    const { prefix, kept, route } = this.#processOf(entry);
    if (this.#sieve?.hears(route) === false) {
      lines.leaveOut(timeMs, route);
    } else if (kept >= 0 && entry.isAscii && !entry.fields.isBinary) {
      const start = entry.fields.starts[MESSAGE] ?? 0;
      const end = entry.fields.ends[MESSAGE] ?? start;
      lines.addWritten(entry.fields.writeLine(kept, prefix.length, start, end), timeMs, route);
    } else {
      lines.add(prefix + oneLine(textOf(entry, MESSAGE)), timeMs, route);
    }
  }

  /** MESSAGE_ID, MESSAGE and _UID of an entry that carries a MESSAGE_ID. */
  markedOf(entry: EntryBytes): { id: string; message: string; uid: string } | undefined {
    if ((entry.fields.starts[MESSAGE_ID] ?? -1) < 0) return undefined;
    return { id: textOf(entry, MESSAGE_ID), message: textOf(entry, MESSAGE), uid: textOf(entry, UID) };
  }

  #processOf(entry: EntryBytes): Process {
    const pidField = isFilled(entry, SYSLOG_PID) ? SYSLOG_PID : PID;
    const pid = this.#digits(entry, pidField);
    const slot = Number.isNaN(pid) ? -1 : pid & (PROCESSES - 1);
    const known = slot < 0 ? undefined : this.#processes[slot];
    if (known !== undefined && entry.fields.recall(slot)) return known;
    const prefix = this.#prefixOf(entry, pidField);
    const route = this.#routeOf(entry);
    // Without a number a line says when it was written, the kernel's for one.
    if (slot < 0) return { prefix, kept: -1, route };
    const kept = entry.fields.keepPrefix(slot, prefix) ? slot : -1;
    const process = { prefix, kept, route };
    this.#processes[slot] = entry.fields.remember(slot) ? process : undefined;
    return process;
  }

  #prefixOf(entry: EntryBytes, pidField: number): string {
    const host = internedOf(this.#hosts, entry, HOST);
    const ident = internedOf(this.#idents, entry, isFilled(entry, IDENT) ? IDENT : COMM);
    const monotonic = this.#digits(entry, SOURCE_MONOTONIC);
    const monotonicUs = Number.isNaN(monotonic) ? this.#digits(entry, MONOTONIC) : monotonic;
    return linePrefix(
      oneLine(host.text),
      oneLine(ident.text),
      textOf(entry, pidField),
      Number.isNaN(monotonicUs) ? 0 : monotonicUs,
    );
  }

  #routeOf(entry: EntryBytes): number {
    const numbers = this.#routeNumbers;
    let hash = 0;
    for (let index = 0; index < numbers.length; index += 1) {
      const intern = this.#routeInterns[index];
      const value = intern === undefined ? NONE : internedOf(intern, entry, this.#routeSlots[index] ?? 0);
      numbers[index] = value.number;
      hash = (Math.imul(hash, 31) + value.number) | 0;
    }
    const slot = (hash ^ (hash >>> 8)) & (ROUTES - 1);
    const known = this.#knownRoutes[slot];
    if (known !== undefined && isEqual(known.numbers, numbers)) return known.route;
    const route = this.#routes.routeOf(numbers);
    this.#knownRoutes[slot] = { numbers: numbers.slice(), route };
    return route;
  }

  /** A decimal field as a number; NaN where it is absent, no number or not exact. */
  #digits(entry: EntryBytes, field: number): number {
    const start = entry.fields.starts[field] ?? -1;
    const end = entry.fields.ends[field] ?? -1;
    if (start < 0 || end <= start || end - start > 16) return Number.NaN;
    let value = 0;
    for (let at = start; at < end; at += 1) {
      const digit = (entry.bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return value;
  }
}

function isFilled(entry: EntryBytes, field: number): boolean {
  const start = entry.fields.starts[field] ?? -1;
  return start >= 0 && (entry.fields.ends[field] ?? 0) > start;
}

function internedOf(intern: ByteIntern, entry: EntryBytes, field: number): Interned {
  const start = entry.fields.starts[field] ?? -1;
  return start < 0
    ? NONE
    : intern.find(entry.bytes, entry.fields.view, start, entry.fields.ends[field] ?? start);
}

export function textOf(entry: EntryBytes, field: number): string {
  return textBetween(entry, entry.fields.starts[field] ?? -1, entry.fields.ends[field] ?? -1);
}

/** Latin-1 where that is right, which is nearly always and much cheaper. */
export function textBetween({ bytes, isAscii }: EntryBytes, start: number, end: number): string {
  return start < 0 ? '' : bytes.toString(isAscii ? 'latin1' : 'utf8', start, end);
}

function isEqual(left: Int32Array, right: Int32Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
