/**
 * What `tsc` wrote into dist/src → the same program in a fifth of the files, in dist/app or the folder that is named:
 * to find, open and link 450 files takes longer than all else at a start. Nothing is minified, no name is changed.
 * Every thread of its own (`…-worker.js`) stays a file at its place; packages stay outside.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { root } from './prepare.mjs';

const compiled = join(root, 'dist', 'src');
const to = resolve(process.argv[2] ?? join(root, 'dist', 'app'));
const entries = readdirSync(compiled, { recursive: true })
  .map(String)
  .filter((path) => path === join('cli', 'main.js') || path.endsWith('-worker.js'));

rmSync(to, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: entries.map((path) => join(compiled, path)),
  outdir: to,
  outbase: compiled,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // As deep as the rooms, see src/lib/code-url.ts.
  chunkNames: 'parts/[name]-[hash]',
  logLevel: 'warning',
});
