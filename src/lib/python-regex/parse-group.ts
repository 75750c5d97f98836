/**
 * Reads what follows an opening parenthesis in a Python expression: groups, names, lookaround, flags, conditions.
 * Flags at the start of a group hold for the rest of that group, as Fail2Ban reads `((?i)x|y)`.
 */
import type { Flags, Scanner } from './scanner.js';
import type { RegexNode } from './syntax.js';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** What a group needs of the parse that it stands in. */
export interface EnclosingParse {
  readonly scanner: Scanner;
  readonly names: Map<string, number>;
  /** Groups that are not closed yet. */
  readonly open: Set<number>;
  groups: number;
  branches(): readonly RegexNode[];
  choice(): RegexNode;
  reference(index: number, start: number): RegexNode;
}

/** The group whose parenthesis stands at `start`; undefined for comments and flags. */
export function parseGroup(parse: EnclosingParse, start: number): RegexNode | undefined {
  const { scanner } = parse;
  if (!scanner.take('?')) return capture(parse, undefined, start);
  if (scanner.take('#')) {
    scanner.until(')', 'a comment `(?#…`');
    return undefined;
  }
  if (scanner.take(':')) return closed(parse, start);
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
  return { kind: 'group', index, item };
}

function look(parse: EnclosingParse, behind: boolean, negative: boolean, start: number): RegexNode {
  return { kind: 'look', behind, negative, item: closed(parse, start) };
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
  const group = indexOf(parse, name, start);
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
    if (!opensGroup(scanner.text, start)) throw scanner.error('flags stand in the middle of a group', start);
    return undefined;
  }
  if (!scanner.take(':')) throw scanner.error('an unknown construct `(?…`', start);
  const item = closed(parse, start);
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

function opensGroup(text: string, start: number): boolean {
  const before = text.slice(0, start);
  return /^\s*$|(?:^|[^\\])\((?:\?:|\?P<\w+>)?\s*$|\(\?[a-z]+\)$/.test(before);
}
