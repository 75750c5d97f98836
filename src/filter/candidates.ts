/**
 * Which expressions of which filters are worth trying on a line, found by one look over its bytes for all of them.
 * Takes what the filters that hear the same lines require; gives, line by line, what can match. What is left out
 * cannot. Lines that hold the same texts have the same candidates, which are worked out once.
 */
import { LONGEST_WHOLE } from './long-lines.js';
import type { Requirement } from './requirement.js';
import { type RequirementTable, requirementTable } from './requirement-table.js';
import type { ScanRoom } from './scan-room.js';
import { SkippingScan } from './skipping-scan.js';
import { MOST_FOUND, type TextScan } from './text-scan.js';
import { hasVectors, VectorScan } from './vector-scan.js';

/** More combinations of texts than this are forgotten, and met anew. */
const MOST_SETS = 512;
const UNKNOWN = -1;

/** Of one filter: by the number of an expression, 1 where it is to be tried. */
export type Candidates = Uint8Array;

/** Of a filter that has nothing to try on the line by itself. */
export const NO_CANDIDATES: Candidates = new Uint8Array(0);

/** What is worth trying on a line, by filter; `undefined`: nothing of that one. */
export type CandidateSet = readonly (Candidates | undefined)[];

/** The lines that hold the same texts. */
interface Met {
  /** The numbers of the texts, in order. */
  readonly texts: readonly number[];
  /** `undefined`: no filter can match them. */
  readonly set: CandidateSet | undefined;
  /** By text: the number of what is met with that text as well. */
  readonly next: Int32Array;
}

export class CandidateScan {
  readonly #filters: readonly (readonly Requirement[])[];
  readonly #table: RequirementTable;
  readonly #scan: TextScan | undefined;
  readonly #all: CandidateSet;
  #met: Met[] = [];
  readonly #numbers = new Map<string, number>();

  /** What each filter's expressions require, see `requirementsOf`; `room` holds the lines. */
  constructor(filters: readonly (readonly Requirement[])[], room: ScanRoom) {
    this.#filters = filters;
    this.#table = requirementTable(filters);
    const { texts } = this.#table;
    const Scan = hasVectors() ? VectorScan : SkippingScan;
    this.#scan = texts.length === 0 ? undefined : new Scan(texts, room);
    this.#all = filters.map((requirements) => new Uint8Array(requirements.length).fill(1));
    this.#forget();
  }

  /** Looks at the line in `[start, end)` of the room; undefined: no filter can match it. */
  look(start: number, end: number): CandidateSet | undefined {
    // Cut in two for the expressions; a text may come together where it is cut.
    if (end - start > LONGEST_WHOLE) return this.#all;
    const scan = this.#scan;
    if (scan === undefined) return this.#met[0]?.set;
    const count = scan.scan(start, end);
    if (count === MOST_FOUND) return this.#all;
    let met = this.#met[0];
    if (count === 0) return met?.set;
    const { found } = scan;
    for (let index = 0; index < count && met !== undefined; index += 1) {
      const text = found[index] ?? 0;
      const next = met.next[text] ?? UNKNOWN;
      met = next === UNKNOWN ? this.#meet(met, text) : this.#met[next];
    }
    return met?.set;
  }

  /** What is met with one text more. */
  #meet(before: Met, text: number): Met {
    const texts = [...new Set([...before.texts, text])].sort((left, right) => left - right);
    const key = texts.join(' ');
    if (this.#met.length >= MOST_SETS) this.#forget();
    const known = this.#numbers.get(key);
    const number = known ?? this.#met.length;
    const met = (known === undefined ? undefined : this.#met[known]) ?? this.#metOf(texts);
    if (known === undefined) {
      this.#met.push(met);
      this.#numbers.set(key, number);
    }
    before.next[text] = number;
    return met;
  }

  #metOf(texts: readonly number[]): Met {
    const sets = new Set(texts.flatMap((text) => this.#table.setsOfText[text] ?? []));
    const candidates = this.#filters.map((requirements, filter) => {
      const marks = new Uint8Array(requirements.length);
      for (const [expression, wanted] of (this.#table.setsByExpression[filter] ?? []).entries())
        if (wanted?.every((set) => sets.has(set)) === true) marks[expression] = 1;
      return marks.includes(1) ? marks : undefined;
    });
    const next = new Int32Array(this.#table.texts.length).fill(UNKNOWN);
    return { texts, set: candidates.some((marks) => marks !== undefined) ? candidates : undefined, next };
  }

  /** Begins anew with the lines that hold none of the texts. */
  #forget(): void {
    this.#numbers.clear();
    this.#met = [this.#metOf([])];
  }
}
