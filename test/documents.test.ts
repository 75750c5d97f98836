import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../src/lib/package-root.js';
import { filesIn, read } from './source-files.js';

const pages = filesIn('.').filter((path) => path.endsWith('.md'));

/** The first cells of a page's tables. */
function rowsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
}

test('every error code stands on the page of errors once, and every code there is in the sources', () => {
  // `filter.d` and `jail.conf` are names of files.
  const code =
    /['`]((?:action|cli|config|control|daemon|filter|import|known-good|lint|source|store)\.(?!d['`]|conf|local|json)[a-z]+(?:-[a-z]+)*)['`]/g;
  const used = filesIn('src').flatMap((path) => {
    const text = read(path).replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    return [...text.matchAll(code)].map(([, name = '']) => name);
  });
  assert.deepEqual(rowsOf('docs/errors.md').slice().sort(), [...new Set(used)].sort());
});

test('every error is made with a code of a known room', () => {
  const made = filesIn('src').flatMap((path) =>
    [...read(path).matchAll(/new BailiffError\(\s*'([^']+)'/g)].map(([, name = '']) => name),
  );
  const known = new Set(rowsOf('docs/errors.md'));
  assert.deepEqual(
    made.filter((name) => !known.has(name)),
    [],
  );
});

test('every dependency is justified, and nothing else', () => {
  // A parse boundary: our own package.json.
  const manifest = JSON.parse(read('package.json')) as Readonly<
    Record<string, Readonly<Record<string, string>>>
  >;
  const wanted = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  assert.deepEqual(rowsOf('docs/dependencies.md').slice().sort(), wanted.sort());
});

test('every link to a file leads to one', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/(?:\]\(|\b(?:src|srcset)=")(?!https?:|mailto:|#)([^)"#\s]+)/g)]
      .map(([, target = '']) => posix.join(posix.dirname(page), target))
      .filter((target) => !existsSync(join(packageRoot, target)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('no file names a place on the machine that it was written on', () => {
  // Written so that this file does not name one itself.
  const place = /(?:^|[^\w.-])\/(?:wor[k]|tm[p]\/(?:wt|corp|brief))(?:[/\s'"`)]|$)/m;
  const text = filesIn('.').filter((path) => !/^recordings\/|\.(?:gz|png)$/.test(path));
  for (const top of ['work', 'tmp/wt']) assert.match(`see /${top}/x`, place);
  assert.deepEqual(
    text.filter((path) => place.test(read(path))),
    [],
  );
});

test('every page that a source names is there', () => {
  const missing = [...filesIn('src'), ...filesIn('test'), ...filesIn('config')].flatMap((path) =>
    [...read(path).matchAll(/(?<![\w-])([a-z][\w-]*\.md)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => !pages.some((page) => posix.basename(page) === name))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(missing, []);
});
