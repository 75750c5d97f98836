/**
 * One compiled expression of a filter and how to read its groups.
 * Takes the text of the configuration; gives a RegExp with its groups by name. Does not decide what a match means.
 */
import { type ByteCode, byteCode, ByteMatcher } from '../lib/byte-matcher/byte-matcher.js';
import type { MatcherRoom } from '../lib/byte-matcher/matcher-room.js';
import { BailiffError } from '../lib/errors.js';
import type { CharacterSet } from '../lib/python-regex/character-set.js';
import { firstUnits } from '../lib/python-regex/first-units.js';
import { RegexSyntaxError } from '../lib/python-regex/regex-syntax-error.js';
import { pythonRepr } from '../lib/python-repr.js';
import { type RequiredText, requiredTexts } from '../lib/python-regex/required-text.js';
import type { RegexNode, RegexTree } from '../lib/python-regex/syntax.js';
import { translatePythonRegex, type TranslatedRegex } from '../lib/python-regex/translate.js';
import { keptTranslation, type KeptTranslation } from './kept-translations.js';
import { mayWrite, writtenInTurn } from './byte-writing.js';
import { type GroupNames, type Groups, type GroupReads, readGroups } from './groups.js';
import { expandTags } from './tags.js';

export type ExpressionList = 'prefregex' | 'failregex' | 'ignoreregex' | 'successregex';

export interface ExpressionSettings {
  readonly list: ExpressionList;
  /** Index in its list. */
  readonly index: number;
  readonly text: string;
  /** The filter's name, for messages. */
  readonly filter: string;
  /** Whether `<HOST>` may be a name. */
  readonly hostNames: boolean;
  /** Whether it is tried on a buffer of several lines. */
  readonly multiline: boolean;
  /** Whether lines still hold their date when the needed texts are looked for. */
  readonly dated: boolean;
  /** The names of the filter's groups; the expression's own are added. */
  readonly groupNames: GroupNames;
  /** What is made of the RegExp before it is tried on lines. */
  readonly limit: ((regex: RegExp) => RegExp) | undefined;
}

export class Expression {
  readonly list: ExpressionList;
  readonly index: number;
  readonly text: string;
  readonly regex: RegExp;
  readonly #needs: () => readonly RequiredText[];
  /** What a text must begin with; undefined where anything may. */
  readonly first: CharacterSet | undefined;
  readonly names: ReadonlyMap<string, number>;
  readonly reads: GroupReads;
  /** `alt_user_1` → `user`, by the numbers of the groups, sorted by name. */
  readonly #alternates: readonly (readonly [alternate: number, target: number])[];
  /** `tuple_id`, `tuple_id_1` → `fid`, sorted. */
  readonly #tuples: readonly (readonly [target: number, parts: readonly number[]])[];
  /** Whether it has any of these. */
  readonly #isFilledIn: boolean;
  readonly #code: Compiled['code'] | undefined;
  #room: MatcherRoom | undefined;
  #matcher: ByteMatcher | undefined;
  /** How often it matched. */
  hits = 0;

  constructor(settings: ExpressionSettings) {
    this.list = settings.list;
    this.index = settings.index;
    this.text = settings.text;
    const { regex, needs, first, names, code } = compiled(settings);
    this.regex = settings.limit?.(regex) ?? regex;
    this.#code = settings.limit === undefined && !settings.multiline ? code : undefined;
    this.#needs = needs;
    this.first = first;
    this.names = names;
    const { groupNames } = settings;
    this.reads = [...names].map(([name, inMatch]) => [groupNames.numberOf(name), inMatch]);
    const joined = (kind: 'alt' | 'tuple'): readonly (readonly [string, string])[] =>
      [...names.keys()].sort().flatMap((name) => {
        const [, which, found] = /^(alt|tuple)_(.*?)(?:_\d+)?$/.exec(name) ?? [];
        return which === kind && found !== undefined ? [[name, found === 'id' ? 'fid' : found] as const] : [];
      });
    this.#alternates = joined('alt').map(([name, target]) => [
      groupNames.numberOf(name),
      groupNames.numberOf(target),
    ]);
    const tuples = joined('tuple');
    this.#tuples = [...new Set(tuples.map(([, target]) => target))].map((target) => [
      groupNames.numberOf(target),
      tuples.flatMap(([name, other]) => (other === target ? [groupNames.numberOf(name)] : [])),
    ]);
    this.#isFilledIn = this.#alternates.length > 0 || this.#tuples.length > 0;
  }

  /** Of each set every match holds one text. Found when it is asked for first: who only checks expressions does not. */
  get needs(): readonly RequiredText[] {
    return this.#needs();
  }

  /**
   * What matches it on bytes in `room`; its groups are those with a name, in the order of `reads`. undefined: it was not
   * asked for `after` times yet, in the whole process, or none can be written. 0: it is written at once.
   */
  bytesIn(room: MatcherRoom, after: number): ByteMatcher | undefined {
    if (this.#room === room) return this.#matcher;
    const code = this.#code?.(after);
    if (code === undefined) return undefined;
    this.#room = room;
    this.#matcher = new ByteMatcher(code, room);
    return this.#matcher;
  }

  /** Adds the groups of a match to those of prefregex. */
  groups(match: RegExpExecArray, groups: Groups): Groups {
    readGroups(match, this.reads, groups);
    this.fillIn(groups);
    return groups;
  }

  /**
   * Alternates (`<F-ALT_USER>`) stand in for groups that are empty; parts (`<F-TUPLE_ID>`) are joined to one text behind
   * the group that they extend, as Fail2Ban shows a tuple.
   */
  fillIn(groups: Groups): void {
    if (!this.#isFilledIn) return;
    for (const [target, parts] of this.#tuples) {
      const values = [target, ...parts].map((number) => pythonRepr(groups[number] ?? null));
      groups[target] = `(${values.join(', ')})`;
    }
    for (const [alternate, target] of this.#alternates) {
      const value = groups[alternate];
      if (value !== undefined && value !== '' && (groups[target] ?? '') === '') groups[target] = value;
    }
  }
}

/** What is the same wherever an expression stands. */
interface Compiled extends Pick<Expression, 'regex' | 'first' | 'names'> {
  readonly needs: () => readonly RequiredText[];
  /** undefined: it was not asked for often enough, or none can be written. */
  readonly code: (after: number) => ByteCode | undefined;
}

interface Known extends Omit<Compiled, 'needs' | 'code'> {
  /** By whether lines hold their date: then only the pieces of a text are looked for. */
  readonly needs: { dated?: readonly RequiredText[]; undated?: readonly RequiredText[] };
  /** Mostly there as long as anybody asks, in the same breath; it is larger than all the rest, and not kept. */
  readonly tree?: WeakRef<RegexTree>;
  /** What matches it on bytes, once it was asked for often enough; undefined: it cannot be written. */
  bytes?: { asked: number; isWritten: boolean; code?: ByteCode | undefined };
}

/** One filter serves several jails and both ways, and is made anew when a worker takes over. */
const MOST_KNOWN = 1000;
const known = new Map<string, Known>();

function compiled(settings: ExpressionSettings): Compiled {
  const { dated } = settings;
  const key = keyOf(settings);
  const found = known.get(key) ?? takenFrom(keptTranslation(key)) ?? translated(settings);
  if (!known.has(key) && known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  const { regex, names, first, needs } = found;
  const tree = (): RegexTree => found.tree?.deref() ?? compile(settings).tree;
  const rootOf = (): RegexNode => tree().root;
  const needed = (): readonly RequiredText[] =>
    dated ? (needs.dated ??= requiredTexts(rootOf(), uncut)) : (needs.undated ??= requiredTexts(rootOf()));
  const code = (after: number): ByteCode | undefined => {
    const bytes = (found.bytes ??= { asked: 0, isWritten: false });
    bytes.asked += 1;
    if (bytes.asked <= after) return undefined;
    if (!bytes.isWritten && (after === 0 || mayWrite())) {
      bytes.code = writtenInTurn(() => codeOf(tree(), names));
      bytes.isWritten = true;
    }
    return bytes.code;
  };
  return { regex, names, first, needs: needed, code };
}

function codeOf(tree: RegexTree, names: Compiled['names']): ByteCode | undefined {
  return byteCode(
    tree,
    Array.from(names.keys(), (name) => tree.names.get(name) ?? 0),
  );
}

function keyOf({ hostNames, multiline, text }: ExpressionSettings): string {
  return `${hostNames} ${multiline} ${text}`;
}

function takenFrom(kept: KeptTranslation | undefined): Known | undefined {
  if (kept === undefined) return undefined;
  const { source, names, first, dated, undated } = kept;
  return { regex: new RegExp(source), names: new Map(names), first, needs: { dated, undated } };
}

/** What may be kept of an expression, by its key; undefined where more than a RegExp is needed to match it. */
export function translationToKeep(
  settings: ExpressionSettings,
): readonly [key: string, kept: KeptTranslation] | undefined {
  const { regex, names, tree } = compile(settings);
  if (regex.constructor !== RegExp || regex.flags !== '') return undefined;
  const first = firstUnits(tree.root);
  const needs = { dated: requiredTexts(tree.root, uncut), undated: requiredTexts(tree.root) };
  return [keyOf(settings), { source: regex.source, names: [...names], ...(first && { first }), ...needs }];
}

function translated(settings: ExpressionSettings): Known {
  const { regex, names, tree } = compile(settings);
  return { regex, names, first: firstUnits(tree.root), needs: {}, tree: new WeakRef(tree) };
}

function compile(settings: ExpressionSettings): TranslatedRegex {
  const { list, index, text, filter } = settings;
  const which = list === 'prefregex' ? list : `${list} ${index}`;
  const where = { option: list };
  if (text.trim() === '') throw new BailiffError('filter.regex', `${filter}: ${which} is empty.`, { where });
  try {
    return translatePythonRegex(expandTags(text, settings.hostNames), {
      flags: { multiline: settings.multiline },
      textEnd: settings.multiline ? 'newline' : 'bare',
    });
  } catch (cause) {
    if (!(cause instanceof RegexSyntaxError)) throw cause;
    throw new BailiffError('filter.regex', `${filter}: ${which}: ${cause.message}: ${text}`, {
      where,
      cause,
      remedy: 'Correct the expression; its syntax is that of Python.',
    });
  }
}

/**
 * The pieces of a text that stand in a line whose date is not cut out yet: the cut leaves two signs side by side, so a
 * text with two of them may have come together only by the cut.
 */
function uncut(text: string): readonly string[] {
  return text.split(/(?<=[^\p{L}\p{N}_])(?=[^\p{L}\p{N}_])/u);
}
