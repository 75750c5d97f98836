/**
 * With which characters a text must begin for an expression to match, as a table that is asked for every line.
 * Takes a set of characters; gives a byte for each character of Latin-1, and one for everything else.
 */
import { type CharacterSet, contains } from '../lib/python-regex/character-set.js';

const TABLED = 256;

/** By `firstOf` a text: 1 where it may begin so. `units` undefined: it may begin with anything. */
export function firstCharacters(units: CharacterSet | undefined): Uint8Array {
  // Of what is beyond Latin-1, and of the empty text, nothing is known.
  return Uint8Array.from({ length: TABLED + 1 }, (_, unit) =>
    unit === TABLED || units === undefined || contains(units, unit) ? 1 : 0,
  );
}

/** The place in such a table for what `text` begins with. */
export function firstOf(text: string): number {
  const unit = text.length === 0 ? TABLED : text.charCodeAt(0);
  return unit < TABLED ? unit : TABLED;
}
