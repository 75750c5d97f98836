/**
 * One expression as lint looks at it: compiled as the filter compiles it, its tree kept.
 * Takes the text of the configuration; gives what it finds in a line. Only for expressions that compile.
 */
import { expandTags } from '../../filter/tags.js';
import { childrenOf } from '../../lib/python-regex/sample-text.js';
import type { RegexNode } from '../../lib/python-regex/syntax.js';
import { translatePythonRegex, type TranslatedRegex } from '../../lib/python-regex/translate.js';

/** How an expression is compiled; plain data, so that it can be given to a worker. */
export interface LintSubject {
  readonly text: string;
  /** Whether `<HOST>` may be a name. */
  readonly hostNames: boolean;
  readonly multiline: boolean;
}

const ADDRESS_GROUPS = ['ip4', 'ip6', 'dns'] as const;

export class LintedExpression {
  readonly regex: RegExp;
  readonly tree: TranslatedRegex['tree'];
  readonly #names: TranslatedRegex['names'];

  /** Throws RegexSyntaxError. */
  constructor({ text, hostNames, multiline }: LintSubject) {
    const translated = translatePythonRegex(expandTags(text, hostNames), {
      flags: { multiline },
      textEnd: multiline ? 'newline' : 'bare',
    });
    this.regex = translated.regex;
    this.tree = translated.tree;
    this.#names = translated.names;
  }

  /** The node of the group that an address stands in; undefined where it has none. */
  get addressNode(): (RegexNode & { readonly kind: 'group' }) | undefined {
    for (const name of ADDRESS_GROUPS) {
      const index = this.tree.names.get(name);
      const node = index === undefined ? undefined : groupNode(this.tree.root, index);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  /** The address that the expression finds in a line; undefined where it does not match. */
  addressIn(line: string): string | undefined {
    const match = this.regex.exec(line);
    if (match === null) return undefined;
    for (const name of ADDRESS_GROUPS) {
      const value = match[this.#names.get(name) ?? -1];
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

function groupNode(node: RegexNode, index: number): (RegexNode & { readonly kind: 'group' }) | undefined {
  if (node.kind === 'group' && node.index === index) return node;
  for (const child of childrenOf(node)) {
    const found = groupNode(child, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every node of a tree, outer ones first. */
export function* nodesOf(node: RegexNode): Generator<RegexNode> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}
