/**
 * Options of a jail that have a grammar of their own: the expressions of `bantime.increment`, and `ignorecache`.
 * Takes their texts; gives what they say or throws a BailiffError without a place, which the caller adds.
 */
import type { SparedKind } from '../ban/options.js';
import type { IgnoreCache } from '../failure/options.js';
import { parseArithmetic } from '../lib/arithmetic.js';
import { BailiffError } from '../lib/errors.js';
import { parseDuration } from './duration.js';
import { parseCall } from './parameters.js';
import { parseChoice, parseInteger, parseWords } from './values.js';

/** The names that `bantime.formula` may use, see ban/growth.ts. */
const FORMULA_NAMES = ['ban.Time', 'ban.Count', 'banFactor'];
const SPARES = ['sessions', 'gateways', 'resolvers', 'networks', 'none'] as const;
const MOST_CACHED = 100_000;

/** @throws BailiffError `config.formula`. */
export function checkFormula(text: string): void {
  if (text !== '') parseArithmetic(text, FORMULA_NAMES);
}

/** @throws BailiffError `config.formula`. */
export function checkFactor(text: string): void {
  if (text !== '') parseArithmetic(text);
}

/** @throws BailiffError `config.choice`. */
export function parseSpares(text: string): readonly SparedKind[] {
  const words = parseWords(text).map((word) => parseChoice(word, SPARES));
  return [...new Set(words)].filter((word) => word !== 'none');
}

/** @throws BailiffError `config.number`. */
export function parseMultipliers(text: string): readonly number[] {
  return parseWords(text).map((word) => parseInteger(word, 0, 1_000_000_000));
}

/**
 * `key="<F-USER>@<ip-host>", max-count=100, max-time=5m`; empty = none.
 * @throws BailiffError `config.ignorecache`, `config.number`, `config.time`.
 */
export function parseIgnoreCache(text: string): IgnoreCache | undefined {
  if (text.trim() === '') return undefined;
  const { parameters } = readParameters(text);
  const key = parameters.get('key') ?? '';
  const unknown = [...parameters.keys()].filter((name) => !/^(?:key|max-count|max-time)$/.test(name));
  if (key === '' || unknown.length > 0) throw bad(text);
  return {
    key,
    maxCount: parseInteger(parameters.get('max-count') ?? '100', 1, MOST_CACHED),
    maxTimeSeconds: parseDuration(parameters.get('max-time') ?? '5m'),
  };
}

function readParameters(text: string): ReturnType<typeof parseCall> {
  try {
    return parseCall(`ignorecache[${text}]`);
  } catch (error) {
    if (error instanceof BailiffError) throw bad(text);
    throw error;
  }
}

function bad(text: string): BailiffError {
  return new BailiffError('config.ignorecache', `\`${text}\` says no key, max-count and max-time.`, {
    remedy: 'Write key="<ip>", max-count=100, max-time=5m.',
  });
}
