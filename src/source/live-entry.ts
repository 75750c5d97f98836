/**
 * Reads the current entry of a libsystemd handle as a line.
 * Asks for single fields, and only for those that are needed. Takes the handle; gives the line, its time and route.
 */
import { linePrefix, oneLine } from './journal-line.js';
import type { Libsystemd } from './libsystemd.js';
import type { Line } from './lines.js';
import type { RouteTable } from './route-table.js';
import { SUPPRESSED_ID } from './suppression.js';

const IDENTIFIER = 'SYSLOG_IDENTIFIER';
/** As journald calls itself where it speaks of its own. */
const JOURNALD = 'systemd-journald';

export interface LiveEntry {
  /** Undefined for an entry without a message. */
  readonly line: Line | undefined;
  readonly realtimeUs: number;
  /** Set for journald's word about suppressed messages. */
  readonly suppressed: { readonly message: string; readonly uid: string } | undefined;
}

export class LiveEntryReader {
  readonly #library: Libsystemd;
  readonly #routes: RouteTable;
  readonly #numbers: number[];

  constructor(library: Libsystemd, routes: RouteTable) {
    this.#library = library;
    this.#routes = routes;
    this.#numbers = routes.fields.map(() => 0);
  }

  /** The current entry; a negative errno where it cannot be read. */
  read(handle: bigint): LiveEntry | number {
    const library = this.#library;
    const realtimeUs = library.realtimeUs(handle);
    if (Number.isNaN(realtimeUs)) return -74;
    const message = library.field(handle, 'MESSAGE');
    if (typeof message === 'number') return message;
    const text = (name: string): string => {
      const value = library.field(handle, name);
      return typeof value === 'string' ? value : '';
    };
    const identifier = library.field(handle, IDENTIFIER);
    const named = typeof identifier === 'string' ? identifier : '';
    // To look for a field that an entry lacks costs most.
    const mayBeJournald = named === '' || named === JOURNALD;
    const suppressed =
      mayBeJournald && text('MESSAGE_ID') === SUPPRESSED_ID
        ? { message: message ?? '', uid: text('_UID') }
        : undefined;
    if (message === undefined) return { line: undefined, realtimeUs, suppressed };
    const ident = named || text('_COMM');
    const pid = text('SYSLOG_PID') || text('_PID');
    const isKernel = ident === 'kernel' && pid === '';
    const monotonicUs = isKernel
      ? Number(text('_SOURCE_MONOTONIC_TIMESTAMP')) || library.monotonicUs(handle)
      : 0;
    const sourceUs = Number(text('_SOURCE_REALTIME_TIMESTAMP'));
    for (const [index, field] of this.#routes.fields.entries()) {
      const value = field === IDENTIFIER ? identifier : library.field(handle, field);
      this.#numbers[index] = typeof value === 'string' ? this.#routes.numberOf(index, value) : 0;
    }
    const line: Line = {
      text: linePrefix(oneLine(text('_HOSTNAME')), oneLine(ident), pid, monotonicUs) + oneLine(message),
      timeMs: Math.floor((sourceUs > 0 ? sourceUs : realtimeUs) / 1000),
      route: this.#routes.routeOf(this.#numbers),
    };
    return { line, realtimeUs, suppressed };
  }
}
