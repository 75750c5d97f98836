/**
 * Python's `re` to JavaScript's RegExp: parse, then write anew; what JavaScript would match otherwise is walked.
 * Takes an expression; gives a RegExp, group numbers by name, and the tree for those who want to know what a match needs.
 * The difference that remains: a character beyond U+FFFF counts as two, and as no letter.
 */
import { divergenceOf } from './divergence.js';
import { emitJavaScript, type EmitOptions } from './emit.js';
import { groupPresence } from './group-presence.js';
import { enableLinearFallback } from './linear-fallback.js';
import { matchesBare } from './line-end.js';
import { parsePythonRegex } from './parse.js';
import { PythonRegExp } from './python-regexp.js';
import { RegexSyntaxError } from './regex-syntax-error.js';
import { roundReader } from './rounds.js';
import type { Flags } from './scanner.js';
import type { RegexTree } from './syntax.js';

enableLinearFallback();

export interface TranslateOptions extends Partial<EmitOptions> {
  /** What Python's `re.compile` was given. */
  readonly flags?: Partial<Flags>;
  /** Whether matches tell where each group stands. */
  readonly spans?: boolean;
}

export interface TranslatedRegex {
  readonly regex: RegExp;
  /** JavaScript's group numbers by Python's names. */
  readonly names: ReadonlyMap<string, number>;
  /** JavaScript's group numbers by Python's. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly tree: RegexTree;
}

/** Throws RegexSyntaxError, with the construct and its position, for what is wrong or cannot be expressed. */
export function translatePythonRegex(text: string, options: TranslateOptions = {}): TranslatedRegex {
  const tree = parsePythonRegex(text, options.flags);
  const { textEnd = 'bare', keep = [], spans = false } = options;
  const presence = groupPresence(tree.root);
  const { kind, lossy } = divergenceOf(tree, presence, new Set([...tree.names.values(), ...keep]));
  const bare = textEnd === 'bare';
  if (kind === 'all') {
    const own = Array.from({ length: tree.groups }, (_, index) => [index + 1, index + 1] as const);
    const walked = { emitted: undefined, emittedBare: false, lossy, rounds: undefined };
    const regex = new PythonRegExp({ tree, bare, spans, ...walked });
    return { regex, names: tree.names, numbers: new Map(own), tree };
  }
  const emittedBare = bare && matchesBare(tree.root);
  const emitted = emitJavaScript(tree, presence, { textEnd: emittedBare ? 'bare' : 'newline', keep });
  const { source, names, numbers } = emitted;
  try {
    if (kind === 'script' && emittedBare === bare)
      return { regex: new RegExp(source, spans ? 'd' : ''), names, numbers, tree };
    const rounds = kind === 'groups' && !spans ? roundReader(tree, lossy) : undefined;
    const regex = new PythonRegExp({ tree, emitted, bare, emittedBare, lossy, rounds, spans });
    return { regex, names, numbers, tree };
  } catch (cause) {
    throw new RegexSyntaxError(`JavaScript refuses the translation (${String(cause)})`, -1);
  }
}
