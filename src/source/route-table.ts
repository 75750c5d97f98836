/**
 * Gives every distinct combination of journal match fields a small number, so that a line is routed by one index.
 * Takes the fields and values that some journal match names; gives `Lines.routes` and the index of a combination.
 * A value that no match names is left out, so a client that invents identifiers cannot make the table grow.
 */
import type { JournalMatch } from '../lib/journal-match.js';
import type { JournalFields } from './lines.js';

/** Field → the values that matter, or `any`. */
export type RouteInterest = ReadonlyMap<string, ReadonlySet<string> | 'any'>;

/** More distinct values of an `any` field than this are left out. */
const MAX_VALUES = 65_536;

/** The fields and values that these matches name; `_UID` is always among them, with any value. */
export function interestOf(matches: Iterable<JournalMatch>): RouteInterest {
  const interest = new Map<string, Set<string> | 'any'>([['_UID', 'any']]);
  for (const match of matches) {
    for (const group of match) {
      for (const [field, values] of group) {
        const known = interest.get(field) ?? new Set();
        if (known === 'any') continue;
        for (const value of values) known.add(value);
        interest.set(field, known);
      }
    }
  }
  return interest;
}

export class RouteTable {
  /** The fields, in the order in which `routeOf` takes the numbers of their values. */
  readonly fields: readonly string[];
  readonly routes: JournalFields[] = [];
  readonly #numbers: readonly Map<string, number>[];
  readonly #values: readonly string[][];
  readonly #open: readonly boolean[];
  readonly #byKey = new Map<string, number>();

  constructor(interest: RouteInterest) {
    this.fields = [...interest.keys()];
    const wanted = [...interest.values()].map((values) => (values === 'any' ? [] : [...values]));
    this.#values = wanted.map((values) => ['', ...values]);
    this.#numbers = wanted.map((values) => new Map(values.map((value, index) => [value, index + 1])));
    this.#open = [...interest.values()].map((values) => values === 'any');
  }

  /** The number of a value of the field at `fieldIndex`; 0 = absent, or of no interest. */
  numberOf(fieldIndex: number, value: string): number {
    const numbers = this.#numbers[fieldIndex];
    const values = this.#values[fieldIndex];
    if (numbers === undefined || values === undefined) return 0;
    const known = numbers.get(value);
    if (known !== undefined) return known;
    if (this.#open[fieldIndex] !== true || values.length >= MAX_VALUES) return 0;
    numbers.set(value, values.length);
    return values.push(value) - 1;
  }

  /** The index in `routes` of a combination of value numbers, one for each field. */
  routeOf(numbers: ArrayLike<number>): number {
    const key = Array.prototype.join.call(numbers, ',');
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const route: Record<string, string | undefined> = {};
    for (let index = 0; index < this.fields.length; index += 1) {
      const number = numbers[index] ?? 0;
      const field = this.fields[index];
      if (field !== undefined && number > 0) route[field] = this.#values[index]?.[number];
    }
    this.#byKey.set(key, this.routes.length);
    return this.routes.push(Object.freeze(route)) - 1;
  }
}
