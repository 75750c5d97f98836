/**
 * Makes a `Line` of one export entry: time, route, `HOST IDENT[PID]: MESSAGE`.
 * Takes the entry's bytes and where the values of the wanted fields lie in them. Strings that recur are made once.
 */
import { ByteIntern, type Interned } from './byte-intern.js';
import type { EntryWalk } from './entry-walk.js';
import { LEFT_OUT, type LineSieve, NOT_LOOKED } from './line-sieve.js';
import { linePrefix, oneLine } from './journal-line.js';
import type { LineTableBuilder } from './line-table.js';
import type { RouteTable } from './route-table.js';

/** The fields that a line is made of; the numbers below are indices into this list. The route fields follow it. */
export const LINE_FIELDS = [
  '__CURSOR',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
  '_HOSTNAME',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  'MESSAGE_ID',
  '_UID',
] as const;
export const CURSOR = 0;
const REALTIME = 1;
const SOURCE_REALTIME = 2;
export const MESSAGE = 3;
const IDENT = 4;
const COMM = 5;
const SYSLOG_PID = 6;
const PID = 7;
const HOST = 8;
const MONOTONIC = 9;
const SOURCE_MONOTONIC = 10;
const MESSAGE_ID = 11;
const UID = 12;

interface Prefix {
  readonly text: string;
  /** Its number among those that the walk keeps; -1: it does not keep this one. */
  readonly kept: number;
}

interface KnownPrefix extends Prefix {
  readonly host: Interned;
  readonly ident: Interned;
  readonly pid: number;
}

const NO_BYTES = new Uint8Array();
const NONE: Interned = { text: '', number: 0 };
/** A power of two. */
export const PREFIXES = 1024;
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
  readonly #routeSlots: readonly number[];
  readonly #routeInterns: readonly ByteIntern[];
  readonly #routeNumbers: Int32Array;
  readonly #routes: RouteTable;
  readonly #knownRoutes: ({ readonly numbers: Int32Array; readonly route: number } | undefined)[];
  readonly #prefixes: (KnownPrefix | undefined)[];
  readonly #hosts = new ByteIntern(() => 0);
  readonly #idents = new ByteIntern(() => 0);

  readonly #sieve: LineSieve | undefined;

  /** With a sieve only the lines that it lets through are made. */
  constructor(routes: RouteTable, sieve?: LineSieve) {
    this.#sieve = sieve;
    const lineFields: readonly string[] = LINE_FIELDS;
    this.fields = [...lineFields, ...routes.fields.filter((field) => !lineFields.includes(field))];
    this.#routes = routes;
    this.#routeSlots = routes.fields.map((field) => this.fields.indexOf(field));
    this.#routeInterns = routes.fields.map(
      (_, index) => new ByteIntern((text) => routes.numberOf(index, text)),
    );
    this.#routeNumbers = new Int32Array(routes.fields.length);
    this.#knownRoutes = Array.from({ length: ROUTES }, () => undefined);
    this.#prefixes = Array.from({ length: PREFIXES }, () => undefined);
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
    const route = this.#routeOf(entry);
    if (this.#sieve?.hears(route) === false) {
      lines.leaveOut(timeMs, route);
      return;
    }
    const prefix = this.#prefixOf(entry);
    if (prefix.kept >= 0 && entry.isAscii && !entry.fields.isBinary) {
      const start = entry.fields.starts[MESSAGE] ?? 0;
      const end = entry.fields.ends[MESSAGE] ?? start;
      const length = prefix.text.length + end - start;
      const at = entry.fields.writeLine(prefix.kept, prefix.text.length, start, end);
      const look = this.#look(entry.fields.all, at, at + length, timeMs, route);
      if (look !== LEFT_OUT) lines.addWritten(length, timeMs, route, look);
      else {
        entry.fields.dropLine(length);
        lines.leaveOut(timeMs, route);
      }
    } else {
      const text = prefix.text + oneLine(textOf(entry, MESSAGE));
      const bytes = this.#sieve === undefined ? NO_BYTES : Buffer.from(text, 'latin1');
      const look = this.#look(bytes, 0, bytes.length, timeMs, route);
      if (look === LEFT_OUT) lines.leaveOut(timeMs, route);
      else lines.add(text, timeMs, route, look);
    }
  }

  #look(bytes: Uint8Array, start: number, end: number, timeMs: number, route: number): number {
    return this.#sieve === undefined ? NOT_LOOKED : this.#sieve.look(bytes, start, end, timeMs, route);
  }

  /** MESSAGE_ID, MESSAGE and _UID of an entry that carries a MESSAGE_ID. */
  markedOf(entry: EntryBytes): { id: string; message: string; uid: string } | undefined {
    if ((entry.fields.starts[MESSAGE_ID] ?? -1) < 0) return undefined;
    return { id: textOf(entry, MESSAGE_ID), message: textOf(entry, MESSAGE), uid: textOf(entry, UID) };
  }

  #prefixOf(entry: EntryBytes): Prefix {
    const host = internedOf(this.#hosts, entry, HOST);
    const ident = internedOf(this.#idents, entry, isFilled(entry, IDENT) ? IDENT : COMM);
    const pidField = isFilled(entry, SYSLOG_PID) ? SYSLOG_PID : PID;
    const pid = this.#digits(entry, pidField);
    const slot = Number.isNaN(pid) ? -1 : pid & (PREFIXES - 1);
    const known = slot < 0 ? undefined : this.#prefixes[slot];
    if (known?.pid === pid && known.ident === ident && known.host === host) return known;
    const pidText = textOf(entry, pidField);
    const monotonic = this.#digits(entry, SOURCE_MONOTONIC);
    const monotonicUs = Number.isNaN(monotonic) ? this.#digits(entry, MONOTONIC) : monotonic;
    const text = linePrefix(
      oneLine(host.text),
      oneLine(ident.text),
      pidText,
      Number.isNaN(monotonicUs) ? 0 : monotonicUs,
    );
    if (slot < 0 || String(pid) !== pidText) return { text, kept: -1 };
    const kept = entry.fields.keepPrefix(slot, text) ? slot : -1;
    const prefix = { host, ident, pid, text, kept };
    this.#prefixes[slot] = prefix;
    return prefix;
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
