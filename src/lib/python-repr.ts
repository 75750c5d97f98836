/**
 * Values as Python's repr() writes them, which is how fail2ban-client prints lists and dictionaries.
 * Takes texts, numbers, null, lists and records; gives one line without hidden characters.
 */
export type ReprValue =
  | string
  | number
  | boolean
  | null
  | readonly ReprValue[]
  | { readonly [key: string]: ReprValue };

export function pythonRepr(value: ReprValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return textRepr(value);
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${textRepr(key)}: ${pythonRepr(item)}`);
  return `{${pairs.join(', ')}}`;
}

function isList(value: ReprValue): value is readonly ReprValue[] {
  return Array.isArray(value);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** Single quotes unless the text has some and no double ones; what is not printable as \x, \u or \U. */
function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\'\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    if (character === "'") return quote === "'" ? "\\'" : character;
    return SHORT[character] ?? escaped(character.codePointAt(0) ?? 0);
  });
  return quote + inner + quote;
}

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
