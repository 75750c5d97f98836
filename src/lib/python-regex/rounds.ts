/**
 * What groups held in earlier rounds of a repetition, which JavaScript forgets and Python keeps: `(?:user=(\w+)|\w+=\w+)*`.
 * Goes through the rounds one by one, on a text that is known to match. Only for greedy repetitions that stand in no
 * other one; where the rounds do not come out at the end of the repetition, it knows nothing.
 */
import { lossyGroups } from './divergence.js';
import { emitJavaScript } from './emit.js';
import { groupPresence } from './group-presence.js';
import type { RegexNode, RegexTree } from './syntax.js';
import { leastWidth } from './width.js';

type Repeat = RegexNode & { readonly kind: 'repeat' };

interface Loop {
  /** JavaScript's number of the group around the repetition. */
  readonly number: number;
  /** One round, sticky, with the numbers of its groups by Python's. */
  readonly round: RegExp;
  readonly groups: readonly (readonly [python: number, script: number])[];
}

/** What the groups hold that a match forgot, by Python's numbers; undefined: not known. */
export type RoundReader = (text: string) => ReadonlyMap<number, string> | undefined;

/** A reader for the groups `lossy` of a tree; undefined where their repetitions are of another kind. */
export function roundReader(tree: RegexTree, lossy: ReadonlySet<number>): RoundReader | undefined {
  const repeats = new Map<Repeat, number>();
  const left = new Set(lossy);
  const root = marked(tree.root, (node) => {
    const inside = [...lossyGroups(node).lossy].filter((group) => lossy.has(group));
    if (inside.length === 0) return undefined;
    const again = lossyGroups(node.item).lossy;
    if (node.mode !== 'greedy' || leastWidth(node.item) === 0 || asks(node.item)) return undefined;
    if (inside.some((group) => again.has(group))) return undefined;
    for (const group of inside) left.delete(group);
    repeats.set(node, tree.groups + repeats.size + 1);
    return repeats.get(node);
  });
  if (left.size > 0) return undefined;
  const keep = [...repeats.values()];
  const whole = { ...tree, root, groups: tree.groups + keep.length };
  const { source, numbers } = emitJavaScript(whole, groupPresence(root), { textEnd: 'newline', keep });
  const spanned = new RegExp(source, 'd');
  const loops = [...repeats].map(([node, group]) => loopOf(tree, node, numbers.get(group) ?? 0, lossy));
  return (text) => read(text, spanned, loops);
}

function loopOf(tree: RegexTree, node: Repeat, number: number, lossy: ReadonlySet<number>): Loop {
  const body: RegexTree = { root: node.item, names: new Map(), groups: tree.groups };
  const keep = [...lossy];
  const { source, numbers } = emitJavaScript(body, groupPresence(node.item), { textEnd: 'newline', keep });
  const groups = keep.flatMap((group) => {
    const script = numbers.get(group);
    return script === undefined ? [] : [[group, script] as const];
  });
  return { number, round: new RegExp(source, 'y'), groups };
}

function read(
  text: string,
  spanned: RegExp,
  loops: readonly Loop[],
): ReadonlyMap<number, string> | undefined {
  const match = spanned.exec(text);
  if (match === null) return undefined;
  const held = new Map<number, string>();
  for (const { number, round, groups } of loops) {
    const [from, end] = match.indices?.[number] ?? [0, 0];
    for (let at = from; at < end; at = round.lastIndex) {
      round.lastIndex = at;
      const found = round.exec(text);
      if (found === null || round.lastIndex > end) return undefined;
      for (const [python, script] of groups) {
        const value = found[script];
        if (value !== undefined) held.set(python, value);
      }
    }
  }
  return held;
}

/** The tree with groups around those repetitions that `number` gives one to; repetitions in repetitions are left. */
function marked(node: RegexNode, number: (repeat: Repeat) => number | undefined): RegexNode {
  switch (node.kind) {
    case 'repeat': {
      const index = number(node);
      return index === undefined ? node : { kind: 'group', index, item: node };
    }
    case 'sequence':
      return { ...node, items: node.items.map((item) => marked(item, number)) };
    case 'choice':
      return { ...node, options: node.options.map((option) => marked(option, number)) };
    case 'group':
      return { ...node, item: marked(node.item, number) };
    case 'condition':
    case 'look':
    case 'atomic':
    case 'character':
    case 'set':
    case 'assertion':
    case 'backreference':
      return node;
  }
}

/** Whether a node refers to groups. */
function asks(node: RegexNode): boolean {
  const { referenced, tested } = groupPresence(node);
  return referenced.size > 0 || tested.size > 0;
}
