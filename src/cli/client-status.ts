/**
 * The trees of `status`, `status JAIL` and `status --all`, as fail2ban-client draws them.
 * Takes the daemon's value: pairs of a name and what stands behind it; gives lines.
 */
import { type PythonValue, textOf } from '../lib/python-value.js';

/** `name` is the jail's, `--all`, or undefined for the daemon alone. */
export function statusShape(name: string | undefined, value: PythonValue): string {
  const parts = partsOf(value);
  if (name !== undefined && name !== '--all')
    return [`Status for the jail: ${name}`, ...branches(parts, '')].join('\n');
  const jails = parts.flatMap((part) =>
    typeof part === 'object' && part !== null && 'dict' in part ? part.dict : [],
  );
  const leaves = parts.filter((part) => typeof part === 'object' && part !== null && 'tuple' in part);
  const lines = leaves.map((leaf, index) => {
    const isLast = name === undefined && index === leaves.length - 1;
    return `${isLast ? '`-' : '|-'} ${leafText(leaf)}`;
  });
  if (name === '--all' && jails.length > 0) lines.push('`- Status for the jails:');
  for (const [index, [jail, tree]] of jails.entries()) {
    const isLast = index === jails.length - 1;
    lines.push(`   ${isLast ? '`-' : '|-'} Jail: ${jail}`);
    lines.push(...branches(partsOf(tree), isLast ? '      ' : '   |  '));
  }
  return ['Status', ...lines].join('\n');
}

function branches(parts: readonly PythonValue[], indent: string): string[] {
  return parts.flatMap((part, index) => {
    const isLast = index === parts.length - 1;
    const [name = '', leaves = []] = partsOf(part);
    const inner = `${indent}${isLast ? '   ' : '|  '}`;
    const below = partsOf(leaves);
    return [
      `${indent}${isLast ? '`-' : '|-'} ${textOf(name)}`,
      ...below.map((leaf, at) => `${inner}${at === below.length - 1 ? '`-' : '|-'} ${leafText(leaf)}`),
    ];
  });
}

function leafText(leaf: PythonValue): string {
  const [name = '', value = ''] = partsOf(leaf);
  const isList = Array.isArray(value);
  return `${textOf(name)}:\t${isList ? partsOf(value).map(textOf).join(' ') : textOf(value)}`;
}

function partsOf(value: PythonValue): readonly PythonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('tuple' in value) return value.tuple;
  return 'dict' in value || 'float' in value ? [] : value;
}
