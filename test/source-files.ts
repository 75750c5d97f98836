/**
 * The repository as the tests of the house see it: which files there are, what a source imports.
 * Takes texts; gives edges of the import graph. Reads no dist/, no node_modules/.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';

export interface Import {
  readonly from: string;
  readonly to: string;
  /** `import type`, erased before anything runs. */
  readonly typeOnly: boolean;
}

const NOT_OURS = new Set(['.git', '.cache', 'dist', 'node_modules']);

/** The paths of every file below `folder`, relative to the repository, as they are listed: `src/lib/address.ts`. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}

export function read(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

/** The room of a source: the folder below src/. */
export function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'(\.[^']+)'\s*\)|\bnew URL\(\s*'(\.[^']+\.js)'/g;

/** What a source imports from ours, whether it is loaded at the start, later, or as a worker. */
export function importsOf(path: string): readonly Import[] {
  const text = read(path);
  const target = (specifier: string): string => {
    const to = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
    if (!existsSync(join(packageRoot, to)))
      throw new Error(`${path} imports ${specifier}, which is no source`);
    return to;
  };
  return [
    ...[...text.matchAll(STATIC)].map(([, type, specifier = '']) => ({
      from: path,
      to: target(specifier),
      typeOnly: type !== undefined,
    })),
    ...[...text.matchAll(DYNAMIC)].map(([, imported, started]) => ({
      from: path,
      to: target(imported ?? started ?? ''),
      typeOnly: false,
    })),
  ];
}

/** A circle of imports as a list of its files; undefined where there is none. */
export function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const after = new Map<string, string[]>();
  for (const { from, to } of imports) after.set(from, [...(after.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): readonly string[] | undefined => {
    const at = way.indexOf(file);
    if (at >= 0) return [...way.slice(at), file];
    if (done.has(file)) return undefined;
    for (const next of after.get(file) ?? []) {
      const cycle = visit(next, [...way, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of after.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
