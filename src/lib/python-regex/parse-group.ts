/**
 * Reads what follows an opening parenthesis in a Python expression: groups, names, lookaround, flags, conditions.
 * Python refuses flags at the start of a group; they hold for that group, which then is no capture, as Fail2Ban
 * rewrites `((?i)x|y)`.
 */
import type { Flags, Scanner } from './scanner.js';
import type { RegexNode } from './syntax.js';
import { widthOf } from './width.js';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** What a group needs of the parse that it stands in. */
export interface EnclosingParse {
  readonly scanner: Scanner;
  readonly names: Map<string, number>;
  /** Groups that are not closed yet. */
  readonly open: Set<number>;
  /** Groups that are, for the width of a reference. */
  readonly closed: Map<number, RegexNode>;
  /** Conditions on groups by number, which may stand further on: number and place. */
  readonly asked: Map<number, number>;
  groups: number;
  branches(): readonly RegexNode[];
  choice(): RegexNode;
  reference(index: number, start: number): RegexNode;
}

/** The group whose parenthesis stands at `start`; undefined for comments and flags. */
export function parseGroup(parse: EnclosingParse, start: number): RegexNode | undefined {
  const { scanner } = parse;
  if (flaggedAhead(scanner, start)) return flagged(parse, start);
  if (!scanner.take('?')) return capture(parse, undefined, start);
  if (scanner.take('#')) {
    scanner.until(')', 'a comment `(?#…`');
    return undefined;
  }
  if (scanner.take(':')) return shell(closed(parse, start));
  if (scanner.take('>')) return { kind: 'atomic', item: closed(parse, start) };
  if (scanner.take('=')) return look(parse, false, false, start);
  if (scanner.take('!')) return look(parse, false, true, start);
  if (scanner.take('<=')) return look(parse, true, false, start);
  if (scanner.take('<!')) return look(parse, true, true, start);
  if (scanner.take('P<')) return capture(parse, scanner.until('>', 'a name `(?P<…`'), start);
  if (scanner.take('P=')) return named(parse, scanner.until(')', 'a reference `(?P=…`'), start);
  if (scanner.take('(')) return condition(parse, scanner.until(')', 'a condition `(?(…`'), start);
  return flags(parse, start);
}

function closed(parse: EnclosingParse, start: number): RegexNode {
  const item = parse.choice();
  if (!parse.scanner.take(')')) throw parse.scanner.error('a `(` lacks its `)`', start);
  return item;
}

/** A group of its own for a quantifier behind it. */
function shell(item: RegexNode): RegexNode {
  return item.kind === 'assertion' || item.kind === 'repeat' ? { kind: 'sequence', items: [item] } : item;
}

function capture(parse: EnclosingParse, name: string | undefined, start: number): RegexNode {
  parse.groups += 1;
  const index = parse.groups;
  if (name !== undefined) {
    if (!NAME.test(name)) throw parse.scanner.error(`"${name}" cannot name a group`, start);
    if (parse.names.has(name)) throw parse.scanner.error(`the group name ${name} is used twice`, start);
    parse.names.set(name, index);
  }
  parse.open.add(index);
  const item = closed(parse, start);
  parse.open.delete(index);
  parse.closed.set(index, item);
  return { kind: 'group', index, item };
}

function look(parse: EnclosingParse, behind: boolean, negative: boolean, start: number): RegexNode {
  const item = closed(parse, start);
  if (behind) {
    const [least, most] = widthOf(item, parse.closed);
    if (least !== most) throw parse.scanner.error('what a lookbehind looks for must have one length', start);
  }
  return { kind: 'look', behind, negative, item };
}

function indexOf(parse: EnclosingParse, name: string, start: number): number {
  const index = /^\d+$/.test(name) ? Number(name) : parse.names.get(name);
  if (index === undefined || index < 1)
    throw parse.scanner.error(`there is no group ${name} to refer to`, start);
  return index;
}

function named(parse: EnclosingParse, name: string, start: number): RegexNode {
  return parse.reference(indexOf(parse, name, start), start);
}

function condition(parse: EnclosingParse, name: string, start: number): RegexNode {
  const ahead = /^\d+$/.test(name) && Number(name) > parse.groups;
  if (ahead) parse.asked.set(Number(name), start);
  const group = ahead ? Number(name) : indexOf(parse, name, start);
  const nothing: RegexNode = { kind: 'sequence', items: [] };
  const [yes = nothing, no = nothing, ...more] = parse.branches();
  if (!parse.scanner.take(')')) throw parse.scanner.error('a `(` lacks its `)`', start);
  if (more.length > 0) throw parse.scanner.error('a condition has more than two branches', start);
  return { kind: 'condition', group, yes, no };
}

/** `(?i)` at the start of a group, or `(?i-s:…)`. */
function flags(parse: EnclosingParse, start: number): RegexNode | undefined {
  const { scanner } = parse;
  const outer = scanner.flags;
  scanner.flags = read(scanner, start);
  if (scanner.take(')')) {
    const begins = /^(?:\(\?(?:[a-z]+|#[^)]*)\))*$/.test(scanner.text.slice(0, start));
    if (!begins) throw scanner.error('flags stand in the middle of the expression', start);
    return undefined;
  }
  if (!scanner.take(':')) throw scanner.error('an unknown construct `(?…`', start);
  const item = shell(closed(parse, start));
  scanner.flags = outer;
  return item;
}

function read(scanner: Scanner, start: number): Flags {
  let flags = scanner.flags;
  let on = true;
  for (;;) {
    const unit = scanner.peek();
    if (unit === ')' || unit === ':') return flags;
    if (unit === '-' && on) on = false;
    else if (!on && (unit === 'a' || unit === 'u'))
      throw scanner.error(`the flag ${unit} cannot be taken off`, start);
    else if (unit === 'i') flags = { ...flags, ignoreCase: on };
    else if (unit === 's') flags = { ...flags, dotAll: on };
    else if (unit === 'm') flags = { ...flags, multiline: on };
    else if (unit === 'x') flags = { ...flags, verbose: on };
    else if (unit === 'a') flags = { ...flags, ascii: on };
    else if (unit === 'u') flags = { ...flags, ascii: false };
    else throw scanner.error('an unknown construct `(?…`', start);
    scanner.at += 1;
  }
}

const FLAGGED = /\((?:\?:)?\(\?([a-z]+)\)/y;

function flaggedAhead(scanner: Scanner, start: number): boolean {
  FLAGGED.lastIndex = start;
  return FLAGGED.test(scanner.text);
}

/** `((?i)x|y)` and `(?:(?i)x|y)` as `(?i:x|y)`. */
function flagged(parse: EnclosingParse, start: number): RegexNode {
  const { scanner } = parse;
  const outer = scanner.flags;
  scanner.take('?:');
  scanner.take('(?');
  scanner.flags = read(scanner, start);
  scanner.take(')');
  const item = shell(closed(parse, start));
  scanner.flags = outer;
  return item;
}
