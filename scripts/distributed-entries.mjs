/**
 * Writes src/config/distributed-entries.ts from unpacked packages of Fail2Ban.
 * Usage: node scripts/distributed-entries.mjs FAIL2BAN_CONFIG_DIR… (after a build).
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseIni } from '../dist/src/config/ini-file.js';
import { digestOf } from '../dist/src/config/parameter-changes.js';

const root = new URL('..', import.meta.url).pathname;
const entries = [];
for (const folder of ['action.d', 'filter.d']) {
  for (const file of readdirSync(join(root, 'config', folder)).sort()) {
    if (!file.endsWith('.conf')) continue;
    const digests = new Set();
    for (const directory of process.argv.slice(2)) {
      const path = join(directory, folder, file);
      if (!existsSync(path)) continue;
      for (const options of parseIni(readFileSync(path, 'utf8'), path).sections.values())
        for (const option of options.values()) digests.add(digestOf(option));
    }
    if (digests.size > 0) entries.push([`${folder}/${basename(file, '.conf')}`, [...digests].sort()]);
  }
}
const rows = entries.map(([name, digests]) => `  ['${name}', '${digests.join('')}'],`).join('\n');
writeFileSync(
  join(root, 'src/config/distributed-entries.ts'),
  `/**
 * Digests of the options in the filters and actions that Debian distributes under names of ours (1.0.2-2 and 1.1.0-8):
 * data, to tell an admin's change from what was laid down. Written by scripts/distributed-entries.mjs with \`digestOf\`;
 * the files themselves are not part of this package.
 */

/** Digits of one digest. */
const DIGITS = 12;

// prettier-ignore
const joined: readonly (readonly [string, string])[] = [
${rows}
];

/** \`filter.d/NAME\` → digests of its options as distributed. */
export const distributedEntries: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  joined.map(([name, digests]) => [name, new Set(digests.match(new RegExp(\`.{\${DIGITS}}\`, 'g')))]),
);
`,
);
