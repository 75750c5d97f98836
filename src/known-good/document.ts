/**
 * A known-good state as a document to read, print or put into a wiki: Markdown, a heading for each group of facts and each file.
 * Takes a state; gives lines. Texts of shipped files are left out: the package has them.
 */
import type { KeptFile, KnownGood } from './state.js';

export interface DocumentPlaces {
  /** The folder of shipped files. */
  readonly shipped: string;
}

export function documentOf(state: KnownGood, { shipped }: DocumentPlaces): readonly string[] {
  const { facts, files, directory, savedAtMs } = state;
  const own = files.filter(({ path }) => !path.startsWith(`${shipped}/`));
  return [
    `# Known good: ${facts['host']?.['name'] ?? ''}`,
    '',
    `Saved at ${new Date(savedAtMs).toISOString()}. Jails are read in ${directory}. Secrets are shown by their last four characters.`,
    ...Object.entries(facts).flatMap(([group, values]) => [
      '',
      `## ${group[0]?.toUpperCase() ?? ''}${group.slice(1)}`,
      '',
      ...Object.entries(values).flatMap(([name, value]) => factLines(name, value)),
    ]),
    '',
    '## Files',
    ...own.flatMap(fileLines),
    '',
    `And ${files.length - own.length} that are shipped with Bailiff, in ${shipped}.`,
  ];
}

function factLines(name: string, value: string): readonly string[] {
  const lines = value.split('\n');
  return lines.length === 1 ? [`- ${name}: ${value}`] : [`- ${name}:`, ...lines.map((line) => `  - ${line}`)];
}

function fileLines({ path, access, text }: KeptFile): readonly string[] {
  const head = ['', `### ${path}`, '', `Access: ${access}`];
  if (text === undefined) return [...head, '', 'No configuration is read from it.'];
  return [
    ...head,
    '',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`)),
  ];
}
