/**
 * Translations of expressions that were made when the program was put together, so that a start need not make them again.
 * Takes the key of an expression; gives what its translation came to, where it was kept. What was kept is found by the
 * whole text of the expression and lies beside the code that made it; anything else is translated as ever.
 */
import { existsSync, readFileSync } from 'node:fs';
import { codeUrl } from '../lib/code-url.js';
import type { CharacterSet } from '../lib/python-regex/character-set.js';
import type { RequiredText } from '../lib/python-regex/required-text.js';

/** Where they lie beside the code; `scripts/bundle.mjs` writes it. */
export const TRANSLATIONS_FILE = 'translations.json';

export interface KeptTranslation {
  readonly source: string;
  readonly names: readonly (readonly [name: string, number: number])[];
  readonly first?: CharacterSet;
  readonly dated: readonly RequiredText[];
  readonly undated: readonly RequiredText[];
}

let kept: ReadonlyMap<string, KeptTranslation> | undefined;

export function keptTranslation(key: string): KeptTranslation | undefined {
  kept ??= readKept();
  return kept.get(key);
}

/** Compiled sources have none, and need none. */
function readKept(): ReadonlyMap<string, KeptTranslation> {
  const file = codeUrl(TRANSLATIONS_FILE);
  if (!existsSync(file)) return new Map();
  // A parse boundary: what this program wrote when it was put together.
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, KeptTranslation>));
}
