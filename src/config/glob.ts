/**
 * Files that a path with `*`, `?` and `[…]` in it stands for, now. Node 20 has no glob of its own.
 * Takes an absolute or relative path; gives those that exist, sorted.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export function globSync(pattern: string): readonly string[] {
  const parts = pattern.split('/');
  let found = [parts[0] === '' ? '/' : '.'];
  for (const [index, part] of parts.entries()) {
    if (part === '') continue;
    found = found.flatMap((folder) => matchesIn(folder, part));
    if (index < parts.length - 1 && found.length === 0) return [];
  }
  return found.sort();
}

function matchesIn(folder: string, part: string): string[] {
  if (!/[*?[]/.test(part)) return [join(folder, part)].filter((path) => existsSync(path));
  const expression = new RegExp(`^${expressionOf(part)}$`, 's');
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    // No folder, or one that may not be read: nothing matches in it.
    return [];
  }
  return names
    .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && expression.test(name))
    .map((name) => join(folder, name));
}

function expressionOf(part: string): string {
  return part.replace(/\*+|\?|\[!?[^\]]+\]|[.+^${}()|\\\][]/g, (token) => {
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return `\\${token}`;
  });
}
