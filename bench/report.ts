/**
 * docs/benchmarks.md: one section for each benchmark, each rewritten by its own run.
 * Takes a section's name and lines; prints them and puts them between the section's marks.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';

const HEAD = `# Benchmarks

What \`npm run bench -- NAME\` measured last. Each section tells its machine; figures of two machines do not compare.
`;

export function writeSection(name: string, lines: readonly string[]): void {
  const path = join(packageRoot, 'docs', 'benchmarks.md');
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const section = `${begin}\n${lines.join('\n')}\n${end}\n`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : HEAD;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  const updated =
    from < 0 || to < 0
      ? `${text}\n${section}`
      : text.slice(0, from) + section + text.slice(to + end.length + 1);
  writeFileSync(path, updated);
  process.stdout.write(`${lines.join('\n')}\n`);
}
