/**
 * Parses the syntax of Python's `re` module (3.13) into a tree.
 * Takes the expression and the flags it is compiled with; gives the tree, names resolved to group numbers.
 * Throws RegexSyntaxError for what Python refuses; does not know what JavaScript can express.
 */
import { unreachable } from '../unreachable.js';
import { hasCase } from './has-case.js';
import { ANY, NOT_NEWLINE } from './character-set.js';
import { foldCase } from './fold-case.js';
import { parseClass } from './parse-class.js';
import { parseEscape } from './parse-escape.js';
import { parseGroup } from './parse-group.js';
import { type Flags, Scanner } from './scanner.js';
import type { RegexNode, RegexTree } from './syntax.js';

const PLAIN: Flags = { ignoreCase: false, dotAll: false, multiline: false, verbose: false, ascii: false };

/** What a parse knows beside its place: the groups so far. */
export class Parse {
  readonly scanner: Scanner;
  readonly names = new Map<string, number>();
  readonly open = new Set<number>();
  readonly closed = new Map<number, RegexNode>();
  readonly asked = new Map<number, number>();
  groups = 0;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  /** Alternatives up to `)` or the end; flags set inside end with them. */
  branches(): readonly RegexNode[] {
    const { scanner } = this;
    const outer = scanner.flags;
    const options = [this.sequence()];
    while (scanner.take('|')) options.push(this.sequence());
    scanner.flags = outer;
    return options;
  }

  choice(): RegexNode {
    const options = this.branches();
    return options.length === 1 ? (options[0] ?? sequenceOf([])) : { kind: 'choice', options };
  }

  private sequence(): RegexNode {
    const { scanner } = this;
    const items: RegexNode[] = [];
    while (!scanner.done && scanner.peek() !== '|' && scanner.peek() !== ')') {
      if (scanner.flags.verbose && skipVerbose(scanner)) continue;
      if (!scanner.flags.verbose && this.plain(items)) continue;
      const start = scanner.at;
      const bounds = quantifier(scanner);
      // Behind a comment, or blanks of a verbose expression, it still means the item before.
      if (bounds !== undefined) items.push(repeated(scanner, items.pop(), bounds, start));
      else {
        const item = this.atom();
        if (item !== undefined) items.push(item);
      }
    }
    return sequenceOf(items);
  }

  /** Adds the characters that mean themselves up to the next one that does not; false where there are none. */
  private plain(items: RegexNode[]): boolean {
    const { scanner } = this;
    const { text, at } = scanner;
    let end = at;
    while (end < text.length && !isSpecial(text.charCodeAt(end))) end += 1;
    for (let index = at; index < end; index += 1) items.push(this.character(text.charCodeAt(index)));
    scanner.at = end;
    return end > at;
  }

  /** One item; undefined for what has no meaning of its own (comments, flags). */
  private atom(): RegexNode | undefined {
    const { scanner } = this;
    const start = scanner.at;
    const unit = scanner.next('an expression');
    switch (unit) {
      case '.':
        return { kind: 'set', set: scanner.flags.dotAll ? ANY : NOT_NEWLINE };
      case '^':
        return { kind: 'assertion', what: scanner.flags.multiline ? 'line-start' : 'text-start' };
      case '$':
        return { kind: 'assertion', what: scanner.flags.multiline ? 'line-end' : 'end' };
      case '[':
        return { kind: 'set', set: parseClass(scanner) };
      case '(':
        return parseGroup(this, start);
      case '\\':
        return this.escape();
      default:
        return this.literal(unit);
    }
  }

  private literal(unit: string): RegexNode {
    const { scanner } = this;
    const code = unit.charCodeAt(0);
    if (code >= 0xd800 && code < 0xdc00 && !scanner.done) {
      const low: RegexNode = { kind: 'character', code: scanner.next('a character').charCodeAt(0) };
      return { kind: 'sequence', items: [{ kind: 'character', code }, low] };
    }
    return this.character(code);
  }

  private character(code: number): RegexNode {
    if (!this.scanner.flags.ignoreCase) return { kind: 'character', code };
    const set = foldCase([code, code], this.scanner.flags.ascii);
    return set.length === 2 && set[0] === set[1] ? { kind: 'character', code } : { kind: 'set', set };
  }

  private escape(): RegexNode {
    const { scanner } = this;
    const start = scanner.at - 1;
    const escape = parseEscape(scanner, false);
    switch (escape.kind) {
      case 'unit':
        return this.character(escape.code);
      case 'set':
        return { kind: 'set', set: escape.set };
      case 'backreference':
        return this.reference(escape.group, start);
      case 'text-start':
      case 'text-end':
        return { kind: 'assertion', what: escape.kind };
      case 'word-edge':
        return { kind: 'assertion', what: scanner.flags.ascii ? 'ascii-word-edge' : 'word-edge' };
      case 'not-word-edge':
        return { kind: 'assertion', what: scanner.flags.ascii ? 'not-ascii-word-edge' : 'not-word-edge' };
      default:
        return unreachable(escape);
    }
  }

  /** A backreference to a group that exists and is closed. */
  reference(group: number, start: number): RegexNode {
    if (group > this.groups) throw this.scanner.error(`there is no group ${group} to refer to`, start);
    if (this.open.has(group)) throw this.scanner.error(`group ${group} refers to itself`, start);
    const item = this.closed.get(group);
    const ignoreCase = this.scanner.flags.ignoreCase && (item === undefined || hasCase(item));
    return { kind: 'backreference', group, ignoreCase };
  }
}

/** Whether a unit may begin something else than itself. */
function isSpecial(code: number): boolean {
  return SPECIAL[code] === 1 || (code >= 0xd800 && code <= 0xdfff);
}

const SPECIAL = Uint8Array.from({ length: 0x80 }, (_, code) =>
  '\\.^$*+?{()[|'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function sequenceOf(items: readonly RegexNode[]): RegexNode {
  return items.length === 1 ? (items[0] ?? { kind: 'sequence', items }) : { kind: 'sequence', items };
}

function skipVerbose(scanner: Scanner): boolean {
  if (/[ \t\n\r\v\f]/.test(scanner.peek())) {
    scanner.at += 1;
    return true;
  }
  if (!scanner.take('#')) return false;
  const newline = scanner.text.indexOf('\n', scanner.at);
  scanner.at = newline < 0 ? scanner.text.length : newline + 1;
  return true;
}

const COUNT = /\{(?:(\d+)(,(\d*))?|,(\d*))\}/y;

function repeated(
  scanner: Scanner,
  item: RegexNode | undefined,
  bounds: { readonly min: number; readonly max: number },
  start: number,
): RegexNode {
  if (item === undefined) throw scanner.error('there is nothing to repeat', start);
  if (item.kind === 'assertion') throw scanner.error('an anchor cannot be repeated', start);
  if (item.kind === 'repeat') throw scanner.error('a repetition is repeated', start);
  if (bounds.max < bounds.min) throw scanner.error('a repetition has its least above its most', start);
  const mode = scanner.take('?') ? 'lazy' : scanner.take('+') ? 'possessive' : 'greedy';
  return { kind: 'repeat', item, ...bounds, mode };
}

function quantifier(scanner: Scanner): { min: number; max: number } | undefined {
  const unit = scanner.peek();
  if (unit !== '*' && unit !== '+' && unit !== '?' && unit !== '{') return undefined;
  if (scanner.take('*')) return { min: 0, max: Infinity };
  if (scanner.take('+')) return { min: 1, max: Infinity };
  if (scanner.take('?')) return { min: 0, max: 1 };
  COUNT.lastIndex = scanner.at;
  const found = COUNT.exec(scanner.text);
  if (found === null) return undefined;
  scanner.at += found[0].length;
  const [, low, more, high, onlyHigh] = found;
  if (low !== undefined && more === undefined) return { min: Number(low), max: Number(low) };
  const top = low === undefined ? onlyHigh : high;
  return { min: Number(low ?? 0), max: top === undefined || top === '' ? Infinity : Number(top) };
}

/**
 * The tree of a Python expression compiled with `flags`. Throws RegexSyntaxError.
 * Source: the `re` module's documentation and its behaviour in CPython 3.11–3.13.
 */
export function parsePythonRegex(text: string, flags: Partial<Flags> = {}): RegexTree {
  const parse = new Parse(new Scanner(text, { ...PLAIN, ...flags }));
  const root = parse.choice();
  if (!parse.scanner.done) throw parse.scanner.error('a `)` has no `(`');
  for (const [group, at] of parse.asked)
    if (group > parse.groups) throw parse.scanner.error(`there is no group ${group} to refer to`, at);
  return { root, names: parse.names, groups: parse.groups };
}
