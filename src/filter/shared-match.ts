/**
 * What an expression found behind a prefix, for all filters that have the same one: modes of a filter differ in a few
 * expressions and try all others on the same lines. Takes what prefregex matched (see shared-prefix.ts) and the text to
 * search; gives the match, which nobody may change. Remembers one text.
 */
/** More expressions than this are forgotten; who has one keeps it. */
const MOST_KNOWN = 2048;
const known = new Map<string, SharedMatch>();

export class SharedMatch {
  readonly #regex: RegExp;
  #prefix: RegExpExecArray | undefined;
  #text = '';
  #match: RegExpExecArray | null = null;
  #askers = 0;

  constructor(regex: RegExp) {
    this.#regex = regex;
  }

  /** Another filter asks: from the second one on it pays to remember. */
  join(): this {
    this.#askers += 1;
    return this;
  }

  /** The match in `text`, which a match of prefregex led to. Of the same one comes the same text, most likely. */
  of(text: string, prefix: RegExpExecArray): RegExpExecArray | null {
    if (this.#askers < 2) return this.#regex.exec(text);
    // To compare texts of different lines is dear where they are equally long.
    if (prefix !== this.#prefix || text !== this.#text) {
      this.#match = this.#regex.exec(text);
      this.#prefix = prefix;
      this.#text = text;
    }
    return this.#match;
  }
}

/** One and the same for expressions of one text and flags; one of its own for what is no plain RegExp. */
export function sharedMatch(regex: RegExp): SharedMatch {
  if (regex.constructor !== RegExp) return new SharedMatch(regex);
  const key = String(regex);
  const shared = known.get(key) ?? new SharedMatch(regex);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, shared);
  return shared.join();
}
