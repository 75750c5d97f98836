/**
 * Sorts expressions by the character that a text must begin with for them to match.
 * Takes things and what a text must begin with for each; gives, for a text, those that can match, in their order.
 */
import { type CharacterSet, contains } from '../lib/python-regex/character-set.js';

const TABLED = 256;

export class FirstCharacters<T> {
  readonly #byUnit: readonly (readonly T[])[];

  /** `firstOf`: undefined for what always has to be tried. */
  constructor(things: readonly T[], firstOf: (thing: T) => CharacterSet | undefined) {
    const known = things.map((thing) => ({ thing, units: firstOf(thing) }));
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
