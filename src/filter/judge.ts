/**
 * Tries the expressions of a filter on a text: prefregex, failregex in order, ignoreregex, successregex.
 * Takes one text whose date is cut out; gives the first expression that matches with its groups.
 * Keeps no memory of earlier lines. Before each attempt it writes to a shared slot where it stands.
 */
import type { Expression } from './expression.js';
import type { Expressions } from './expressions.js';
import { firstCharacters, firstOf } from './first-characters.js';
import { GROUP, type Groups, type GroupReads, readGroups } from './groups.js';
import type { Candidates } from './candidates.js';
import { ignoredFirst } from './requirement.js';
import { type SharedMatch, sharedMatch } from './shared-match.js';
import { type SharedPrefix, sharedPrefix } from './shared-prefix.js';

export interface Hit {
  readonly list: 'failregex' | 'successregex' | 'ignoreregex';
  readonly expression: Expression;
  readonly match: RegExpExecArray;
  readonly groups: Groups;
}

/** An expression, its number for the shared slot, and which groups of prefregex it leaves standing. */
interface Attempt {
  readonly list: 'failregex' | 'successregex';
  readonly expression: Expression;
  readonly number: number;
  /** What a text must begin with, see `firstCharacters`. */
  readonly first: Uint8Array;
  readonly inherited: GroupReads;
  /** Where there is prefregex. */
  readonly matches: SharedMatch | undefined;
}

/** More sets of candidates than this are forgotten, and met anew. */
const MOST_SETS = 512;

/** In the shared slot: no expression is being tried. */
const NOWHERE = -1;

export class Judge {
  readonly #expressions: Expressions;
  readonly #attempts: readonly Attempt[];
  /** Those of each set of candidates that was met: the lines of an attack hold the same texts. */
  readonly #attemptsOf = new Map<Candidates, readonly Attempt[]>();
  readonly #ignoredFirst: boolean;
  readonly #standing: Int32Array;
  readonly #content: number;
  readonly #prefixes: SharedPrefix | undefined;
  readonly #none: Readonly<Groups>;
  /** Whether prefregex matched the last text. */
  prefixed = false;

  /** `choosy`: expressions that cannot begin as the text does are not tried. */
  constructor(expressions: Expressions, standing: Int32Array, choosy: boolean) {
    const { all, prefregex } = expressions;
    const attempts = all.flatMap((expression, number): Attempt[] => {
      const { list } = expression;
      if (list !== 'failregex' && list !== 'successregex') return [];
      const own = new Set(expression.reads.map(([group]) => group));
      const inherited = (prefregex?.reads ?? []).filter(
        ([group]) => group !== GROUP.content && !own.has(group),
      );
      const first = firstCharacters(choosy ? expression.first : undefined);
      const matches = prefregex && sharedMatch(expression.regex);
      return [{ list, expression, number, first, inherited, matches }];
    });
    this.#expressions = expressions;
    this.#attempts = attempts;
    this.#ignoredFirst = ignoredFirst(expressions);
    this.#standing = standing;
    this.#content = prefregex?.names.get('content') ?? 0;
    this.#prefixes = prefregex && sharedPrefix(prefregex.regex);
    this.#none = expressions.groupNames.none();
  }

  /** The first hit, or undefined. Only `candidates` are tried; without them all are. */
  try(text: string, candidates?: Candidates): Hit | undefined {
    const { prefregex } = this.#expressions;
    this.prefixed = false;
    if (this.#ignoredFirst) {
      const ignored = this.#ignored(text);
      if (ignored !== undefined) return ignored;
    }
    let body = text;
    let prefix: RegExpExecArray | null = null;
    if (prefregex !== undefined) {
      this.#standing[0] = 0;
      prefix = this.#prefixes?.of(text) ?? null;
      this.#standing[0] = NOWHERE;
      if (prefix === null) return undefined;
      prefregex.hits += 1;
      this.prefixed = true;
      const content = this.#content === 0 ? undefined : prefix[this.#content];
      if (content !== undefined && content !== '') body = content;
    }
    const attempts = candidates === undefined ? this.#attempts : this.#among(candidates);
    const first = firstOf(body);
    for (let at = 0; at < attempts.length; at += 1) {
      const attempt = attempts[at];
      if (attempt === undefined) break;
      if (attempt.first[first] !== 1) continue;
      this.#standing[0] = attempt.number;
      const { matches } = attempt;
      const match =
        matches === undefined || prefix === null || this.#prefixes?.isRepeated !== true
          ? attempt.expression.regex.exec(body)
          : matches.of(body, prefix);
      this.#standing[0] = NOWHERE;
      if (match !== null) return this.#hit(attempt, match, prefix, body);
    }
    return undefined;
  }

  #among(candidates: Candidates): readonly Attempt[] {
    const known = this.#attemptsOf.get(candidates);
    if (known !== undefined) return known;
    const attempts = this.#attempts.filter(({ number }) => candidates[number] === 1);
    if (this.#attemptsOf.size >= MOST_SETS) this.#attemptsOf.clear();
    this.#attemptsOf.set(candidates, attempts);
    return attempts;
  }

  #hit(attempt: Attempt, match: RegExpExecArray, prefix: RegExpExecArray | null, body: string): Hit {
    const { list, expression, inherited } = attempt;
    expression.hits += 1;
    if (list === 'failregex') {
      const ignored = this.#ignored(body);
      if (ignored !== undefined) return ignored;
    }
    const groups = this.#none.slice();
    if (prefix !== null) {
      readGroups(prefix, inherited, groups);
      this.#expressions.prefregex?.fillIn(groups);
    }
    return { list, expression, match, groups: expression.groups(match, groups) };
  }

  #ignored(text: string): Hit | undefined {
    const { ignoreregex, all } = this.#expressions;
    if (ignoreregex.length === 0) return undefined;
    const first = all.length - ignoreregex.length;
    for (const [index, expression] of ignoreregex.entries()) {
      this.#standing[0] = first + index;
      const match = expression.regex.exec(text);
      this.#standing[0] = NOWHERE;
      if (match === null) continue;
      expression.hits += 1;
      return { list: 'ignoreregex', expression, match, groups: expression.groups(match, this.#none.slice()) };
    }
    return undefined;
  }
}
