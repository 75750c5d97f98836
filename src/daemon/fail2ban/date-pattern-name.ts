/**
 * How `get JAIL datepattern` names a date pattern: `%Y-%m-%d` is `Year-Month-Day`.
 * Takes the lines of datepattern; gives what Fail2Ban's server answers. Does not match dates.
 */
import type { PythonValue } from '../../lib/python-value.js';

const NAMES: Readonly<Record<string, string>> = {
  a: 'DAY', A: 'DAYNAME', b: 'MON', B: 'MONTH', d: 'Day', H: '24hour', I: '12hour', j: 'Yearday', m: 'Month',
  M: 'Minute', p: 'AMPM', S: 'Second', U: 'Yearweek', w: 'Weekday', W: 'Yearweek', y: 'Year2', Y: 'Year',
  f: 'Microseconds', z: 'Zone offset', Z: 'Zone name', '%': '%',
}; // prettier-ignore
const UNNAMED = /^[klcxX]$/;

/** Patterns that are one template with a name of its own. */
const TEMPLATES: Readonly<Record<string, string>> = {
  EPOCH: 'Epoch',
  '{EPOCH}': '{EPOCH}',
  LEPOCH: 'LongEpoch',
  TAI64N: 'TAI64N',
  '^EPOCH': '{^LN-BEG}Epoch',
};

/** The pattern and its name; a pattern that has none is null. */
export function datePatternAnswer(lines: readonly string[]): PythonValue {
  const [pattern] = lines;
  const isMany = lines.length > 2 || lines.some((line) => /\{(?:DEFAULT|DATE)\}|^\{\^LN-BEG\}$/.test(line));
  if (pattern === undefined || isMany) return { tuple: [null, 'Default Detectors'] };
  if (pattern === '{NONE}') return { tuple: ['{UNB}^', '^'] };
  const template = TEMPLATES[pattern.toUpperCase()];
  if (template !== undefined) return { tuple: [null, template] };
  return { tuple: [pattern, nameOf(pattern.replace(/^\{UNB\}/, ''))] };
}

/** The first sign of a pattern that stands for nothing, if there is one: `%q`. */
export function unknownSign(pattern: string): { readonly sign: string; readonly index: number } | undefined {
  for (const found of pattern.matchAll(/%(Ex)?(.)?/gsu)) {
    const sign = found[2] ?? '';
    if (!(sign in NAMES) && !UNNAMED.test(sign)) return { sign, index: found.index + 1 };
  }
  return undefined;
}

function nameOf(pattern: string): string {
  return pattern.replace(/%(Ex)?(.)/gsu, (_, exact: string | undefined, sign: string) => {
    return `${exact ?? ''}${NAMES[sign] ?? `%${sign}`}`;
  });
}
