/**
 * Values as Python's repr() writes them, for output that other programs read as Fail2Ban's.
 * Takes strings, whole numbers, booleans and lists of them.
 */
export type PythonValue = string | number | boolean | readonly PythonValue[];

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
// What str.isprintable() denies, space excepted.
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

export function pythonRepr(value: PythonValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.map(pythonRepr).join(', ')}]`;
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let text = '';
  for (const character of value) text += escaped(character, quote);
  return quote + text + quote;
}

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  if (character === ' ' || !UNPRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
