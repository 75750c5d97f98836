/**
 * The program as a package has it, put together of what was compiled. Takes nothing; gives the path of its main file, which
 * is written anew once a process.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';

let main: string | undefined;

/** Throws an Error where it cannot be put together. */
export function bundledMain(): string {
  if (main !== undefined) return main;
  for (const script of ['bundle.mjs', 'keep-code.mjs']) {
    const words = [join(packageRoot, 'scripts', script)];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`scripts/${script} failed: ${stderr}`);
  }
  main = join(packageRoot, 'dist', 'app', 'cli', 'main.js');
  return main;
}
