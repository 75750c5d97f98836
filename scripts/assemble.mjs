/**
 * WebAssembly text in src/ → each module as a file of code beside it. To be run after a change; tests compare the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wabt = await loadWabt();

for (const [room, name] of [
  ['source', 'entry-walk'],
  ['filter', 'text-scan'],
  ['filter', 'known-texts'],
  ['filter/dates', 'stamp-read'],
]) {
  const base = join(root, 'src', room, name);
  const text = readFileSync(`${base}.wat`, 'utf8');
  const parsed = wabt.parseWat(`${name}.wat`, text, { bulk_memory: true, simd: true });
  parsed.validate();
  const code = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
  const lines = code.match(/.{1,100}/g).map((line) => `  '${line}'`);
  const constant = `${name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())}Code`;
  writeFileSync(
    `${base}-code.ts`,
    `/**
 * ${name}.wat, assembled by scripts/assemble.mjs. Not to be edited.
 */
export const ${constant} =
${lines.join(' +\n')};
`,
  );
}
