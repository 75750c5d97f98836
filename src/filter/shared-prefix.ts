/**
 * What prefregex found in a line, for all filters that have the same one: of two jails that hear the same daemon, the
 * second need not look again. Takes a text; gives the match, which nobody may change. Remembers one line.
 */
const MOST_KNOWN = 256;
const known = new Map<string, SharedPrefix>();

export class SharedPrefix {
  readonly #regex: RegExp;
  #text = '';
  #match: RegExpExecArray | null;
  #askers = 0;
  /** Whether two filters have asked for one line: they may only have the same expression, and hear other lines. */
  isRepeated = false;

  constructor(regex: RegExp) {
    this.#regex = regex;
    this.#match = regex.exec('');
  }

  /** Another filter asks: from the second one on it pays to remember. */
  join(): this {
    this.#askers += 1;
    return this;
  }

  /** The match, or null. */
  of(text: string): RegExpExecArray | null {
    if (this.#askers < 2) return this.#regex.exec(text);
    if (text !== this.#text) {
      this.#match = this.#regex.exec(text);
      this.#text = text;
    } else this.isRepeated = true;
    return this.#match;
  }
}

/** One and the same for expressions of one text and flags; one of its own for what is no plain RegExp. */
export function sharedPrefix(regex: RegExp): SharedPrefix {
  if (regex.constructor !== RegExp) return new SharedPrefix(regex);
  const key = String(regex);
  const shared = known.get(key) ?? new SharedPrefix(regex);
  // Reloads bring others; who has one keeps it.
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, shared);
  return shared.join();
}
