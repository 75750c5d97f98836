/**
 * Sorts expressions by the character that a text must begin with for them to match.
 * Takes things that have a tree each; gives, for a text, those that can match, in their order.
 */
import { contains } from '../lib/python-regex/character-set.js';
import { firstUnits } from '../lib/python-regex/first-units.js';
import type { RegexNode } from '../lib/python-regex/syntax.js';

const TABLED = 256;

export class FirstCharacters<T> {
  readonly #byUnit: readonly (readonly T[])[];

  /** `treeOf`: undefined for what always has to be tried. */
  constructor(things: readonly T[], treeOf: (thing: T) => RegexNode | undefined) {
    const known = things.map((thing) => {
      const tree = treeOf(thing);
      return { thing, units: tree === undefined ? undefined : firstUnits(tree) };
    });
    // The last row is for everything beyond Latin-1 and for the empty text: all are tried.
    this.#byUnit = Array.from({ length: TABLED + 1 }, (_, unit) =>
      known
        .filter(({ units }) => unit === TABLED || units === undefined || contains(units, unit))
        .map(({ thing }) => thing),
    );
  }

  of(text: string): readonly T[] {
    const unit = text.length === 0 ? TABLED : text.charCodeAt(0);
    return this.#byUnit[unit < TABLED ? unit : TABLED] ?? [];
  }
}
