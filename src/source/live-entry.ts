/**
 * Reads the current entry of a libsystemd handle as a line.
 * Takes the handle; gives the line, its time and route.
 */
import type { EntryFields } from './entry-fields.js';
import { linePrefix, oneLine } from './journal-line.js';
import type { Libsystemd } from './libsystemd.js';
import type { Line } from './lines.js';
import type { RouteTable } from './route-table.js';
import { SUPPRESSED_ID } from './suppression.js';

/** As journald calls itself where it speaks of its own. */
const JOURNALD = 'systemd-journald';

/** What lines are made of, in the order in which `read` takes them. */
const NAMES = [
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_PID',
  '_COMM',
  '_HOSTNAME',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  'MESSAGE_ID',
  '_UID',
] as const;

export interface LiveEntry {
  /** Undefined for an entry without a message. */
  readonly line: Line | undefined;
  /** Set for journald's word about suppressed messages. */
  readonly suppressed: { readonly message: string; readonly uid: string } | undefined;
}

export class LiveEntryReader {
  readonly #library: Libsystemd;
  readonly #handle: bigint;
  readonly #routes: RouteTable;
  readonly #fields: EntryFields;
  /** Where the values of the routes' fields stand. */
  readonly #places: readonly number[];
  readonly #numbers: number[];

  /** For the entries of one handle. */
  constructor(library: Libsystemd, handle: bigint, routes: RouteTable) {
    this.#library = library;
    this.#handle = handle;
    this.#routes = routes;
    const names = [...new Set<string>([...NAMES, ...routes.fields])];
    this.#fields = library.fields(handle, names);
    this.#places = routes.fields.map((name) => names.indexOf(name));
    this.#numbers = routes.fields.map(() => 0);
  }

  /** The current entry; a negative errno where it cannot be read. */
  read(): LiveEntry | number {
    const status = this.#fields.read();
    if (status < 0) return status;
    const [message, identifier = '', syslogPid, ownPid, comm, host = '', sourceTime, sourceUptime, id, uid] =
      this.#fields.values;
    const mayBeJournald = identifier === '' || identifier === JOURNALD;
    const suppressed =
      mayBeJournald && id === SUPPRESSED_ID ? { message: message ?? '', uid: uid ?? '' } : undefined;
    if (message === undefined) return { line: undefined, suppressed };
    const ident = identifier || comm || '';
    const pid = syslogPid || ownPid || '';
    const isKernel = ident === 'kernel' && pid === '';
    const monotonicUs = isKernel ? Number(sourceUptime) || this.#library.monotonicUs(this.#handle) : 0;
    const sourceUs = Number(sourceTime);
    const timeUs = sourceUs > 0 ? sourceUs : this.#library.realtimeUs(this.#handle);
    if (Number.isNaN(timeUs)) return -74;
    const line: Line = {
      text: linePrefix(oneLine(host), oneLine(ident), pid, monotonicUs) + oneLine(message),
      timeMs: Math.floor(timeUs / 1000),
      route: this.#route(),
    };
    return { line, suppressed };
  }

  #route(): number {
    const { values } = this.#fields;
    for (const [index, place] of this.#places.entries()) {
      const value = values[place];
      this.#numbers[index] = value === undefined ? 0 : this.#routes.numberOf(index, value);
    }
    return this.#routes.routeOf(this.#numbers);
  }
}
