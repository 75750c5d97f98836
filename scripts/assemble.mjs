/**
 * WebAssembly text in src/ → the module as a file of code beside it. To be run after a change; a test compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wabt = await loadWabt();
const base = join(root, 'src', 'source', 'entry-walk');
const parsed = wabt.parseWat('entry-walk.wat', readFileSync(`${base}.wat`, 'utf8'), { bulk_memory: true });
parsed.validate();
const code = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
const lines = code.match(/.{1,100}/g).map((line) => `  '${line}'`);
writeFileSync(
  `${base}-code.ts`,
  `/**
 * entry-walk.wat, assembled by scripts/assemble.mjs. Not to be edited.
 */
export const entryWalkCode =
${lines.join(' +\n')};
`,
);
