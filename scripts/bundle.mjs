/**
 * What `tsc` wrote into dist/src → the same program in a few files, in dist/app or the folder that is named: to find, open
 * and link 450 files takes longer than all else at a start. Nothing is minified, no name is changed; packages stay outside.
 * Every thread of its own (`…-worker.js`) stays a file at its place: a line that runs what lies beside it, `….code.cjs`.
 * Beside them lie the translations of the shipped filters' expressions.
 */
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './prepare.mjs';

const compiled = join(root, 'dist', 'src');
const to = resolve(process.argv[2] ?? join(root, 'dist', 'app'));
const entries = readdirSync(compiled, { recursive: true })
  .map(String)
  .filter((path) => path === join('cli', 'main.js') || path.endsWith('-worker.js'));

/** For src/lib/code-url.ts every file lies one folder deep. */
const nominal = (path) => JSON.stringify(join('../'.repeat(path.split('/').length - 2), 'here'));

rmSync(to, { recursive: true, force: true });
for (const path of entries) {
  const code = join(to, path.replace(/\.js$/, '.code.cjs'));
  await build({
    absWorkingDir: root,
    entryPoints: [join(compiled, path)],
    outfile: code,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Code that V8 has kept cannot ask for modules.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: {
      js: `const moduleUrl = require('node:url').pathToFileURL(require('node:path').join(__dirname, ${nominal(path)})).href;`,
    },
    logLevel: 'warning',
  });
  writeFileSync(code, readFileSync(code, 'utf8').replace(/^#!.*\n/, ''), { mode: 0o644 });
  const loader = relative(dirname(code), join(to, 'load.cjs'));
  writeFileSync(
    join(to, path),
    `${path.startsWith('cli') ? '#!/usr/bin/env node\n' : ''}import load from '${loader}';\nload(import.meta.url);\n`,
  );
}
chmodSync(join(to, 'cli', 'main.js'), 0o755);
copyFileSync(join(root, 'scripts', 'load.cjs'), join(to, 'load.cjs'));

const { loadConfiguration } = await import(pathToFileURL(join(compiled, 'config', 'configuration.js')).href);
const { filtersOf } = await import(pathToFileURL(join(compiled, 'jail', 'filters-of.js')).href);
const { translationsToKeep } = await import(pathToFileURL(join(compiled, 'filter', 'expressions.js')).href);
const { TRANSLATIONS_FILE } = await import(
  pathToFileURL(join(compiled, 'filter', 'kept-translations.js')).href
);
const { jails } = loadConfiguration({ configDirectory: join(root, 'config', 'policy') });
writeFileSync(join(to, TRANSLATIONS_FILE), JSON.stringify(translationsToKeep(filtersOf(jails))));
