/**
 * `<tag>` substitution in filters and actions: `<mode>`, nested `<rule-<mode>>`, `<known/x>`, `<section/x>`.
 * Takes a text and a look-up; gives the text with every known tag filled in. Unknown tags stay: `<HOST>`, `<F-USER>`
 * and what only a ban knows (`<ip>`, `<matches>`) are others' work.
 */
import { BailiffError } from '../lib/errors.js';

/** As Fail2Ban: how often a value may be found to hold tags again. */
const MAX_ROUNDS = 25;
/** No value of a real configuration is a hundredth of this. */
const MAX_LENGTH = 1 << 20;

const INNERMOST = /<([^\s<>]+)>/gu;

/**
 * Fills in tags, the innermost first, until none is known.
 * @throws BailiffError `config.tag-recursion` if the values refer to themselves.
 */
export function withTags(text: string, valueOf: (tag: string) => string | undefined): string {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    let found: string | undefined;
    const next = current.replace(INNERMOST, (whole, tag: string) => {
      const value = valueOf(tag);
      if (value === undefined || value === whole) return whole;
      found = tag;
      return value;
    });
    if (found === undefined) return current;
    if (next.length > MAX_LENGTH) throw recursion(found);
    current = next;
  }
  const last = [...current.matchAll(INNERMOST)].find(
    ([, tag]) => tag !== undefined && valueOf(tag) !== undefined,
  );
  if (last?.[1] === undefined) return current;
  throw recursion(last[1]);
}

function recursion(tag: string): BailiffError {
  return new BailiffError('config.tag-recursion', `\`<${tag}>\` refers to itself.`, {
    remedy: 'Give one of the values in that circle a text without tags.',
  });
}
