/**
 * Where this package lives on disk, so that shipped files (config, recordings) are found wherever it is installed.
 * Gives an absolute path; does not look outside the package.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, `config/` and `recordings/`. */
export const packageRoot: string = findUp(dirname(fileURLToPath(import.meta.url)));

/** The version of package.json. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? '0.0.0';
}

function findUp(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json not found above this file');
  return findUp(parent);
}
