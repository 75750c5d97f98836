/**
 * What differs between two states: facts and files that came, went or changed, with the lines that did.
 * Takes two states; gives differences in the order of groups and paths. Bounded: of each text so many lines are told.
 */
import type { Facts, KeptFile, KnownGood } from './state.js';

const MOST_LINES = 20;

export interface Difference {
  /** `host`, `jail sshd`, …; `file`, and `access` for who may read it. */
  readonly group: string;
  /** The fact, or the file's path. */
  readonly name: string;
  readonly what: 'added' | 'removed' | 'changed';
  /** Lines that are there no more, and new ones. */
  readonly was: readonly string[];
  readonly now: readonly string[];
  /** How many more lines there are of both. */
  readonly omitted: number;
}

export function differences(before: KnownGood, after: KnownGood): readonly Difference[] {
  return [
    ...between('configuration', { directory: before.directory }, { directory: after.directory }),
    ...namesOf(before.facts, after.facts).flatMap((group) =>
      between(group, before.facts[group] ?? {}, after.facts[group] ?? {}),
    ),
    ...between('file', textsOf(before.files), textsOf(after.files)),
    ...between('access', accessOf(before.files, after.files), accessOf(after.files, before.files)),
  ];
}

function between(group: string, before: Facts[string], after: Facts[string]): readonly Difference[] {
  return namesOf(before, after).flatMap((name) => {
    const [was, now] = [before[name], after[name]];
    if (was === now) return [];
    const lines = changedLines(linesOf(was), linesOf(now));
    const what = was === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ group, name, what, ...lines }];
  });
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}

/** Lines between those that are the same at the beginning and at the end. */
function changedLines(
  before: readonly string[],
  after: readonly string[],
): Pick<Difference, 'was' | 'now' | 'omitted'> {
  let first = 0;
  while (first < before.length && first < after.length && before[first] === after[first]) first += 1;
  let last = 0;
  while (
    last < before.length - first &&
    last < after.length - first &&
    before[before.length - 1 - last] === after[after.length - 1 - last]
  )
    last += 1;
  const [was, now] = [before, after].map((lines) => lines.slice(first, lines.length - last));
  const shown = [was ?? [], now ?? []].map((lines) => lines.slice(0, MOST_LINES));
  const omitted = (was?.length ?? 0) + (now?.length ?? 0) - shown.flat().length;
  return { was: shown[0] ?? [], now: shown[1] ?? [], omitted };
}

function textsOf(files: readonly KeptFile[]): Facts[string] {
  return Object.fromEntries(files.map(({ path, text }) => [path, (text ?? '').trimEnd()]));
}

/** Who may read those files that were there before as well. */
function accessOf(files: readonly KeptFile[], others: readonly KeptFile[]): Facts[string] {
  const known = new Set(others.map(({ path }) => path));
  return Object.fromEntries(
    files.filter(({ path }) => known.has(path)).map(({ path, access }) => [path, access]),
  );
}

function namesOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}
