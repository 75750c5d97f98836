/**
 * Python's `re` to JavaScript's RegExp: parse, then write anew.
 * Takes an expression; gives source, group numbers by name, and the tree for those who want to know what a match needs.
 * Differences that remain: `\b` knows ASCII letters only, and groups in a repetition forget earlier rounds.
 */
import { emitJavaScript, type EmitOptions } from './emit.js';
import { enableLinearFallback } from './linear-fallback.js';
import { parsePythonRegex } from './parse.js';
import { RegexSyntaxError } from './regex-syntax-error.js';
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
  const { textEnd = 'bare', keep = [] } = options;
  const { source, names, numbers } = emitJavaScript(tree, { textEnd, keep });
  try {
    return { regex: new RegExp(source, options.spans === true ? 'd' : ''), names, numbers, tree };
  } catch (cause) {
    throw new RegexSyntaxError(`JavaScript refuses the translation (${String(cause)})`, -1);
  }
}
