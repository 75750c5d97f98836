/**
 * The fields of a failure as Python writes them: None, floats, sets, tuples and lists besides texts.
 * Takes values of a trial; gives one line.
 */
import type { FieldValue, Fields, Finding, StampedLine } from '../jail/regex-trial-request.js';
import { pythonRepr } from '../lib/python-repr.js';

export function fieldRepr(value: FieldValue): string {
  if (value === null || typeof value === 'string' || typeof value === 'number') return pythonRepr(value);
  if (value instanceof Set) return `{${[...value].map((each) => pythonRepr(each)).join(', ')}}`;
  if (isLines(value))
    return `[${value.map((line) => tupleRepr(line.map((part) => pythonRepr(part)))).join(', ')}]`;
  return 'tuple' in value ? tupleRepr(value.tuple.map(fieldRepr)) : '';
}

/** `{'user': 'root', 'nofail': None}` */
export function fieldsRepr(fields: Fields, without?: string): string {
  const pairs = [...fields].filter(([name]) => name !== without);
  return `{${pairs.map(([name, value]) => `${pythonRepr(name)}: ${fieldRepr(value)}`).join(', ')}}`;
}

/** A text bare, anything else as Python's str() has it. */
export function fieldText(value: FieldValue): string {
  return typeof value === 'string' ? value : fieldRepr(value);
}

/** A time as Python writes it: whole, or a float. */
export function timeText(time: Finding['time']): string {
  if (time === undefined) return 'None';
  return Number.isInteger(time.seconds) && !time.whole ? `${time.seconds}.0` : String(time.seconds);
}

function tupleRepr(parts: readonly string[]): string {
  return parts.length === 1 ? `(${parts[0] ?? ''},)` : `(${parts.join(', ')})`;
}

export function isLines(value: FieldValue | undefined): value is readonly StampedLine[] {
  return Array.isArray(value);
}
