/**
 * What prefregex finds in the bytes of a line, for all filters that have the same one: the second of two jails that hear
 * the same daemon need not look again. Takes lines in a room; remembers the last one.
 */
import type { ByteMatcher } from '../lib/byte-matcher/byte-matcher.js';
import type { Expression } from './expression.js';
import type { ScanRoom } from './scan-room.js';
import type { LineBytes } from './surroundings.js';

export class BytePrefix {
  readonly #expression: Expression;
  readonly #contentSlot: number;
  #serial = -1;
  #start = -1;
  #isFound: boolean | undefined;
  #matcher: ByteMatcher | undefined;
  /** Where the text for the other expressions stands, if the last line had any. */
  contentStart = 0;
  contentEnd = 0;

  constructor(expression: Expression) {
    this.#expression = expression;
    this.#contentSlot = [...expression.names.keys()].indexOf('content');
  }

  /** Whether it matches the line behind `start`, see `bytesIn` for `after`; undefined: that cannot be said here. */
  find(bytes: LineBytes, start: number, after: number): boolean | undefined {
    if (bytes.serial === this.#serial && start === this.#start) return this.#isFound;
    this.#serial = bytes.serial;
    this.#start = start;
    this.#matcher = this.#expression.bytesIn(bytes.room, after);
    this.#isFound = this.#matcher?.match(start, bytes.end);
    if (this.#isFound === true) this.#noteContent();
    return this.#isFound;
  }

  /** Where each group of the last line that matched stands. */
  get marks(): Int32Array | undefined {
    return this.#matcher?.marks;
  }

  get firstMark(): number {
    return this.#matcher?.firstMark ?? 0;
  }

  #noteContent(): void {
    const slot = this.#contentSlot;
    const { marks, firstMark } = this;
    const at = firstMark + 2 * slot;
    this.contentStart = slot < 0 ? 0 : (marks?.[at] ?? 0);
    this.contentEnd = slot < 0 ? 0 : (marks?.[at + 1] ?? 0);
  }
}

const known = new WeakMap<ScanRoom, Map<string, BytePrefix>>();

/** One and the same for expressions of one text on one room. */
export function bytePrefixIn(room: ScanRoom, expression: Expression): BytePrefix {
  const ofRoom = known.get(room) ?? new Map<string, BytePrefix>();
  known.set(room, ofRoom);
  const key = String(expression.regex);
  const prefix = ofRoom.get(key) ?? new BytePrefix(expression);
  ofRoom.set(key, prefix);
  return prefix;
}
