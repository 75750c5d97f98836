/**
 * Path globs: `*`, `?`, `[…]` within a path segment, no `**`; a leading dot is matched only by a dot. Node 20 has none.
 * Takes a glob; gives the paths that exist now. Does not watch.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAGIC = /[*?[]/;
const MAX_PATHS = 10_000;

export interface Expansion {
  readonly paths: readonly string[];
  /** Where a new match would appear; they need not exist. */
  readonly directories: readonly string[];
}

/** What matches now, files and directories, sorted. A directory that cannot be read counts as empty. */
export function matchGlob(glob: string): Expansion {
  const segments = glob.split('/').filter((segment, index) => segment !== '' || index === 0);
  let paths = [glob.startsWith('/') ? '/' : '.'];
  const directories = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    const isLast = index === segments.length - 1;
    if (isLast || MAGIC.test(segment)) for (const path of paths) directories.add(path);
    paths = paths.flatMap((path) => childrenOf(path, segment)).slice(0, MAX_PATHS);
  }
  return { paths: paths.sort(), directories: [...directories] };
}

/** The expression of one segment of a glob. */
export function segmentPattern(segment: string): RegExp {
  let source = '';
  for (let at = 0; at < segment.length; at += 1) {
    const character = segment.charAt(at);
    const close =
      character === '[' ? segment.indexOf(']', at + (/^\[[!^]?\]/.test(segment.slice(at)) ? 3 : 1)) : -1;
    if (character === '*') source += source.endsWith('[^/]*') ? '' : '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (close > 0) {
      const body = segment
        .slice(at + 1, close)
        .replace(/^[!^]/, '')
        .replaceAll(/[\\\]^[]/g, '\\$&');
      source += `[${/^\[[!^]/.test(segment.slice(at)) ? '^/' : ''}${body}]`;
      at = close;
    } else source += character.replace(/[\\^$.|?*+()[\]{}/]/, '\\$&');
  }
  return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 's');
}

function childrenOf(directory: string, segment: string): string[] {
  if (!MAGIC.test(segment)) return exists(join(directory, segment)) ? [join(directory, segment)] : [];
  const pattern = segmentPattern(segment);
  try {
    return readdirSync(directory)
      .filter((name) => pattern.test(name))
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
