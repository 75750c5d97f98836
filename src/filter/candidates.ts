/**
 * Which expressions of which filters are worth trying on a line, found by one look over its bytes for all of them.
 * Takes what the filters that hear the same lines require; marks, line by line, what can match. What is not marked
 * cannot.
 */
import { LONGEST_WHOLE } from './long-lines.js';
import type { Requirement } from './requirement.js';
import { type RequirementTable, requirementTable } from './requirement-table.js';
import { TextScan } from './text-scan.js';

/** The mark of what is tried on every line. */
const ALWAYS = -1;
/** A line with more texts than this goes to every expression. */
const MOST_FOUND = 256;
const LAST_LINE = 0x7fffffff;

/** A filter's part of the marks: its expression N is to be tried where `marks[first + N]` is `line`, or below zero. */
export interface Candidates {
  readonly marks: Int32Array;
  readonly first: number;
  line: number;
}

export class CandidateScan {
  readonly #table: RequirementTable;
  readonly #scan: TextScan | undefined;
  readonly #found = new Int32Array(MOST_FOUND);
  /** By set: the last line that met it. */
  readonly #met: Int32Array;
  /** By expression: the last line that met one of its sets, and how many it met. */
  readonly #counted: Int32Array;
  readonly #counts: Int32Array;
  /** By expression: the last line to try it on. */
  readonly #marks: Int32Array;
  /** By filter: the last line to try one of its expressions on. */
  readonly #filters: Int32Array;
  readonly #candidates: readonly Candidates[];
  readonly #isAlways: boolean;
  #line = 0;

  /** What each filter's expressions require, see `requirementsOf`. */
  constructor(filters: readonly (readonly Requirement[])[]) {
    const table = requirementTable(filters);
    const all = filters.flat();
    const isOpen = (requirement: Requirement): boolean => requirement !== 'never' && requirement.length === 0;
    this.#table = table;
    this.#scan = table.texts.length === 0 ? undefined : new TextScan(table.texts);
    this.#met = new Int32Array(table.wantingBySet.length);
    this.#counted = new Int32Array(all.length);
    this.#counts = new Int32Array(all.length);
    this.#marks = Int32Array.from(all, (requirement) => (isOpen(requirement) ? ALWAYS : 0));
    this.#filters = Int32Array.from(filters, (requirements) => (requirements.some(isOpen) ? ALWAYS : 0));
    this.#isAlways = this.#filters.includes(ALWAYS);
    this.#candidates = table.filters.map(({ first }) => ({ marks: this.#marks, first, line: 0 }));
  }

  /** Looks at the line in `[start, end)`; false: no filter can match it. Bytes beyond ASCII stand for any text. */
  look(bytes: Uint8Array, start: number, end: number): boolean {
    this.#nextLine();
    // Cut in two for the expressions; a text may come together where it is cut.
    if (end - start > LONGEST_WHOLE) return this.#markAll();
    if (this.#scan === undefined) return this.#isAlways;
    const found = this.#scan.scan(bytes, start, end, this.#found);
    if (found === this.#found.length) return this.#markAll();
    let isAny = this.#isAlways;
    for (let index = 0; index < found; index += 1) {
      const sets = this.#table.setsOfText[this.#found[index] ?? -1] ?? [];
      for (let at = 0; at < sets.length; at += 1) if (this.#meet(sets[at] ?? 0)) isAny = true;
    }
    return isAny;
  }

  /** What of a filter is worth trying on the line looked at last; undefined: nothing. Good until the next look. */
  of(filter: number): Candidates | undefined {
    const mark = this.#filters[filter];
    if (mark !== this.#line && mark !== ALWAYS) return undefined;
    const candidates = this.#candidates[filter];
    if (candidates !== undefined) candidates.line = this.#line;
    return candidates;
  }

  /** Whether an expression has now all that it wants. */
  #meet(set: number): boolean {
    const line = this.#line;
    if (this.#met[set] === line) return false;
    this.#met[set] = line;
    let isAny = false;
    const all = this.#table.wantingBySet[set] ?? [];
    for (let at = 0; at < all.length; at += 1) {
      const wanting = all[at];
      if (wanting === undefined) break;
      const { filter, expression, sets } = wanting;
      const count = this.#counted[expression] === line ? (this.#counts[expression] ?? 0) + 1 : 1;
      this.#counted[expression] = line;
      this.#counts[expression] = count;
      if (count < sets) continue;
      this.#marks[expression] = line;
      if (this.#filters[filter] !== ALWAYS) this.#filters[filter] = line;
      isAny = true;
    }
    return isAny;
  }

  #markAll(): boolean {
    for (const [expression, mark] of this.#marks.entries())
      if (mark !== ALWAYS) this.#marks[expression] = this.#line;
    for (const [filter, mark] of this.#filters.entries())
      if (mark !== ALWAYS) this.#filters[filter] = this.#line;
    return true;
  }

  #nextLine(): void {
    this.#line += 1;
    if (this.#line < LAST_LINE) return;
    this.#line = 1;
    for (const lines of [this.#met, this.#counted]) lines.fill(0);
    for (const marks of [this.#marks, this.#filters])
      for (const [index, mark] of marks.entries()) if (mark !== ALWAYS) marks[index] = 0;
  }
}
