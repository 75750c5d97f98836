/**
 * Values as Fail2Ban's server answers with: Python's, in a form that survives JSON.
 * Takes a value; gives the text that print() shows of it, or repr(). A list is an array; tuples, dictionaries and floats
 * are named, so that nothing an attacker chose can be mistaken for one.
 */
import { pythonRepr } from './python-repr.js';

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly tuple: readonly PythonValue[] }
  | { readonly dict: readonly (readonly [string, PythonValue])[] }
  | { readonly float: number };

/** As repr(): texts in quotes. */
export function reprOf(value: PythonValue): string {
  if (typeof value !== 'object' || value === null) return pythonRepr(value);
  if ('tuple' in value) return tupleRepr(value.tuple);
  if ('dict' in value)
    return `{${value.dict.map(([key, item]) => `${pythonRepr(key)}: ${reprOf(item)}`).join(', ')}}`;
  if ('float' in value) return floatRepr(value.float);
  return `[${value.map(reprOf).join(', ')}]`;
}

/** As print(): a text as it stands. */
export function textOf(value: PythonValue): string {
  return typeof value === 'string' ? value : reprOf(value);
}

function tupleRepr(items: readonly PythonValue[]): string {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return `(${reprOf(only)},)`;
  return `(${items.map(reprOf).join(', ')})`;
}

function floatRepr(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
