/**
 * Whether text that a client wrote may choose the address: tries it with lines made for the expression.
 * Takes an expression; gives such a line, with the address that it was to give and the one it gives. A line counts only
 * if the service could have written it: without the client's address in it, it gives the real one.
 */
import { isIPv6 } from 'node:net';
import { leastWidth } from '../../lib/python-regex/width.js';
import { contains } from '../../lib/python-regex/character-set.js';
import { type Sample, sampleText } from '../../lib/python-regex/sample-text.js';
import type { RegexNode } from '../../lib/python-regex/syntax.js';
import { type LintedExpression, nodesOf } from './linted-expression.js';

export interface AddressChoice {
  /** loose: it may match in the middle of a line. wide: what stands before or behind the address may hold anything. */
  readonly how: 'loose' | 'wide';
  readonly line: string;
  readonly real: string;
  readonly given: string;
}

const REAL = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;
const FAKE = { 4: '203.0.113.66', 6: '2001:db8:bad::66' } as const;
/** No address, no name, and unlikely in any expression. */
const HARMLESS = '%%';
/** A client's text is at least as long as an address. */
const WIDE = 20;
const PREFERENCES = ['x1 ', '1x '];

/** undefined: none was found. */
export function addressChoice(expression: LintedExpression): AddressChoice | undefined {
  const address = expression.addressNode;
  if (address === undefined) return undefined;
  const family = addressFamily(expression, address);
  const [real, fake] = [REAL[family], FAKE[family]];
  const isAnchored = beginsAnchored(expression.tree.root);
  const wide = [...nodesOf(expression.tree.root)].filter(isWide);
  for (const optional of [false, true]) {
    for (const prefer of PREFERENCES) {
      const sample = (through: readonly RegexNode[]): Sample =>
        sampleText(expression.tree.root, {
          through: new Set([address, ...through]),
          prefer,
          optional: (item) => optional && !belongsToAddress(item),
          groups: new Map([[address.index, real]]),
        });
      for (const node of wide) {
        const found = withinWide(expression, sample([node]), node, address, { real, fake });
        if (found !== undefined) return { how: 'wide', line: found, real, given: fake };
      }
      const found = behindAll(expression, sample([]), address, { real, fake });
      if (found !== undefined) return { how: 'wide', line: found, real, given: fake };
      const loose = isAnchored ? undefined : inTheMiddle(expression, sample([]), { real, fake });
      if (loose !== undefined) return { how: 'loose', line: loose, real, given: fake };
    }
  }
  return undefined;
}

interface Addresses {
  readonly real: string;
  readonly fake: string;
}

/** What stands around the address, again, inside what may hold anything. */
function withinWide(
  expression: LintedExpression,
  { text, places }: Sample,
  node: RegexNode,
  address: RegexNode,
  addresses: Addresses,
): string | undefined {
  const [start, end] = places.get(node) ?? [-1, -1];
  const [from, to] = places.get(address) ?? [-1, -1];
  if (start < 0 || from < 0) return undefined;
  const [before, after] =
    end <= from ? [text.slice(end, from), text.slice(to)] : [text.slice(0, from), text.slice(to, start)];
  const leads = end <= from ? [before] : leadsOf(before);
  for (const lead of leads) {
    for (const filler of ['', 'x', 'x ']) {
      // A client's text is one line.
      if (/\n/.test(lead + after)) continue;
      const line = (client: string): string =>
        text.slice(0, end) + filler + lead + client + after + text.slice(end);
      if (proves(expression, line, addresses)) return line(addresses.fake);
    }
  }
  return undefined;
}

/** The same behind the whole, where its end is open. */
function behindAll(
  expression: LintedExpression,
  { text, places }: Sample,
  address: RegexNode,
  addresses: Addresses,
): string | undefined {
  const [from, to] = places.get(address) ?? [-1, -1];
  if (from < 0) return undefined;
  for (const lead of leadsOf(text.slice(0, from))) {
    if (/\n/.test(lead + text.slice(to))) continue;
    const line = (client: string): string => `${text} x${lead}${client}${text.slice(to)}`;
    if (proves(expression, line, addresses)) return line(addresses.fake);
  }
  return undefined;
}

/** A whole match inside a text of another kind. */
function inTheMiddle(
  expression: LintedExpression,
  { text }: Sample,
  { real, fake }: Addresses,
): string | undefined {
  if (expression.addressIn(text) !== real || text.includes('\n')) return undefined;
  const line = `some other words: ${text.replace(real, fake)}`;
  return expression.addressIn(line) === fake ? line : undefined;
}

/** Whether every way through a tree begins at the beginning of a text or line. */
export function beginsAnchored(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.what === 'text-start' || node.what === 'line-start';
    case 'sequence': {
      const start = node.items.findIndex((item) => item.kind !== 'look' || beginsAnchored(item));
      const [first, ...rest] = node.items.slice(Math.max(0, start));
      // `^.*` and `^\s*.*` look like anchors and hold nothing.
      const firm = rest.findIndex((item) => leastWidth(item) > 0 || holdsAnything(item));
      return (
        first !== undefined && beginsAnchored(first) && !(firm >= 0 && holdsAnything(rest[firm] ?? first))
      );
    }
    case 'choice':
      return node.options.every(beginsAnchored);
    case 'condition':
      return beginsAnchored(node.yes) && beginsAnchored(node.no);
    case 'repeat':
      return node.min > 0 && beginsAnchored(node.item);
    case 'group':
    case 'atomic':
      return beginsAnchored(node.item);
    case 'look':
      return !node.negative && beginsAnchored(node.item);
    case 'character':
    case 'set':
    case 'backreference':
      return false;
  }
}

function proves(
  expression: LintedExpression,
  line: (client: string) => string,
  { real, fake }: Addresses,
): boolean {
  return expression.addressIn(line(HARMLESS)) === real && expression.addressIn(line(fake)) === fake;
}

/** The words before an address, from few to many. */
function leadsOf(before: string): readonly string[] {
  const leads: string[] = [];
  for (let at = before.length; at > 0 && leads.length < 8;) {
    at = Math.max(0, before.lastIndexOf(' ', at - 2));
    leads.push(before.slice(at));
  }
  return leads;
}

/** The bracket around an address, and what `::ffff:192.0.2.1` begins with: it is as good without them. */
function belongsToAddress(item: RegexNode): boolean {
  const first = item.kind === 'sequence' ? item.items[0] : item;
  return first?.kind === 'character' && '[]:'.includes(String.fromCharCode(first.code));
}

/** `.*` and the like, in a group or not. */
function holdsAnything(node: RegexNode): boolean {
  if (node.kind === 'group' || node.kind === 'atomic') return holdsAnything(node.item);
  if (node.kind !== 'repeat' || node.max < WIDE || node.item.kind !== 'set') return false;
  const { set } = node.item;
  return Array.from({ length: 0x7f - 0x20 }, (_, at) => 0x20 + at).every((code) => contains(set, code));
}

/** A repetition that can hold blanks, words and digits: where a client's text may stand. */
function isWide(node: RegexNode): boolean {
  if (node.kind !== 'repeat' || node.max < WIDE) return false;
  const consuming =
    node.item.kind === 'sequence' ? node.item.items.filter(({ kind }) => kind !== 'look') : [node.item];
  const [only] = consuming;
  const inner = only?.kind === 'group' ? only.item : only;
  if (consuming.length !== 1 || inner?.kind !== 'set') return false;
  const { set } = inner;
  return ['x', '1', ' ', '.'].every((character) => contains(set, character.charCodeAt(0)));
}

function addressFamily(expression: LintedExpression, address: RegexNode & { readonly kind: 'group' }): 4 | 6 {
  const [name] = [...expression.tree.names].find(([, index]) => index === address.index) ?? [];
  return name === 'ip6' && isIPv6(REAL[6]) ? 6 : 4;
}
