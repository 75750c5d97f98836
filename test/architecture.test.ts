import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesIn, findCycle, importsOf, read, roomOf, type Import } from './source-files.js';

const STAGES: readonly string[] = ['source', 'filter', 'failure', 'ban', 'action'];

/** What the stages hand on: the only files of a stage that its right neighbour and the store may know, as types. */
const OUTPUT: Readonly<Record<string, string>> = {
  source: 'src/source/lines.ts',
  filter: 'src/filter/match.ts',
  failure: 'src/failure/ticket.ts',
  ban: 'src/ban/ban.ts',
};

/** Where a stage declares its options. */
const OPTIONS = /^src\/(?:\w+\/options|filter\/match)\.ts$/;

interface Allowed {
  /** Rooms that may be imported by value. */
  readonly values?: readonly string[];
  /** Files that may be imported as types. */
  readonly types?: (path: string) => boolean;
}

const never = (): boolean => false;
const outputOf = (...stages: string[]) => {
  const paths = new Set(stages.map((stage) => OUTPUT[stage]));
  return (path: string): boolean => paths.has(path);
};

const MAY_IMPORT: Readonly<Record<string, Allowed>> = {
  lib: { values: [] },
  source: {},
  filter: { types: outputOf('source') },
  failure: { types: outputOf('filter') },
  ban: { types: outputOf('failure') },
  action: { types: outputOf('ban') },
  config: { types: (path) => OPTIONS.test(path) },
  store: { types: outputOf('source', 'failure', 'ban') },
  control: {},
  jail: { values: ['lib', 'config', ...STAGES] },
  'known-good': { values: ['lib', 'config'] },
  cli: { values: ['lib', 'config', 'control', 'known-good', 'jail', 'daemon'] },
  daemon: { values: ['lib', 'config', 'control', 'jail', 'store', ...STAGES] },
};

/** The folders of the daemon: each may import those before it. */
const DAEMON = [
  'telling',
  'host',
  'asking',
  'sending',
  'enforcing',
  'deciding',
  'hearing',
  'reloading',
  'fail2ban',
  'answering',
];
/** What joins them, beside them; and what of it each folder may know. */
const JOINING = '.';
const DAEMON_OPTIONS = 'src/daemon/options.ts';

/** Only tables of data may be longer than 300 lines. */
const TABLES_OF_DATA: ReadonlySet<string> = new Set();
const MAX_LINES = 300;
const MEDIAN_LINES = 80;
const MAX_HEADER_LINES = 8;

const sources = filesIn('src').filter((path) => path.endsWith('.ts'));
const imports = sources.flatMap(importsOf);

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const room = roomOf(from);
  const allowed = MAY_IMPORT[room] ?? {};
  if (roomOf(to) === room || (allowed.values ?? ['lib']).includes(roomOf(to))) return true;
  return typeOnly && (allowed.types ?? never)(to);
}

/** The folder below the room, or what lies in the room itself. */
function folderOf(path: string): string {
  return path.split('/').length > 3 ? (path.split('/')[2] ?? JOINING) : JOINING;
}

function breaches(rule: (path: string, text: string) => boolean): readonly string[] {
  return sources.filter((path) => !rule(path, read(path)));
}

/** A source without its comments and texts, so that words in them are no code. */
function codeOf(text: string): string {
  return text.replaceAll(
    /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/(?![*/ ])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g,
    '_',
  );
}

test('every room of src/ has its rule, and every rule its room', () => {
  assert.deepEqual([...new Set(sources.map(roomOf))].sort(), Object.keys(MAY_IMPORT).sort());
});

test('a room imports only what its rule allows: lines go from left to right', () => {
  const forbidden = imports.filter((edge) => !isAllowed(edge));
  assert.deepEqual(
    forbidden.map(({ from, to, typeOnly }) => `${from} imports ${typeOnly ? 'the types of ' : ''}${to}`),
    [],
  );
});

test('only jail/ and daemon/ import stages by value', () => {
  const composing = new Set(
    imports
      .filter(
        ({ from, to, typeOnly }) => !typeOnly && STAGES.includes(roomOf(to)) && roomOf(from) !== roomOf(to),
      )
      .map(({ from }) => roomOf(from)),
  );
  assert.deepEqual([...composing].sort(), ['daemon', 'jail']);
});

test('a folder of the daemon imports only those before it', () => {
  const inDaemon = imports.filter(({ from, to }) => roomOf(from) === 'daemon' && roomOf(to) === 'daemon');
  const folders = new Set(inDaemon.flatMap(({ from, to }) => [folderOf(from), folderOf(to)]));
  assert.deepEqual([...folders].filter((each) => each !== JOINING).sort(), DAEMON.toSorted());
  const place = (path: string): number =>
    folderOf(path) === JOINING ? DAEMON.length : DAEMON.indexOf(folderOf(path));
  const forbidden = inDaemon.filter(({ from, to }) => place(to) > place(from) && to !== DAEMON_OPTIONS);
  assert.deepEqual(
    forbidden.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test('no import leads back to where it came from, types included', () => {
  assert.deepEqual(findCycle(imports), undefined);
});

test('the check for circles finds one', () => {
  const edge = (from: string, to: string): Import => ({ from, to, typeOnly: true });
  assert.deepEqual(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')]), ['b', 'c', 'b']);
  assert.equal(findCycle([edge('a', 'b'), edge('a', 'c'), edge('b', 'c')]), undefined);
});

test('no source is longer than 300 lines but a table of data, and half of them are short', () => {
  const lengths = sources.map((path) => ({ path, lines: read(path).split('\n').length - 1 }));
  const long = lengths.filter(({ path, lines }) => lines > MAX_LINES && !TABLES_OF_DATA.has(path));
  assert.deepEqual(long, []);
  const sorted = lengths.map(({ lines }) => lines).sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  assert.ok(median <= MEDIAN_LINES, `half of the sources have more than ${median} lines`);
});

test('a source is named in kebab-case after its idea, not after being useful', () => {
  assert.deepEqual(
    breaches((path) => /^src\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)+[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(path)),
    [],
  );
  const vague = [...sources, ...filesIn('test')].filter((path) =>
    /utils?|helpers?|managers?|misc|\bcommon\b/.test(path),
  );
  assert.deepEqual(vague, []);
});

test('every source says at its top what it does, in at most 8 lines', () => {
  assert.deepEqual(
    breaches((_, text) => {
      const header = /^(?:#![^\n]*\n)?(\/\*\* [^\n]* \*\/|\/\*\*\n(?: \*[^\n]*\n)*? \*\/)\n/.exec(text)?.[1];
      return header !== undefined && header.split('\n').length <= MAX_HEADER_LINES;
    }),
    [],
  );
});

test('no source has default exports, `any`, non-null assertions, enums or empty catches', () => {
  const forbidden =
    /\bexport default\b|(?::|\bas|<|\|)\s*any\b|[\w)\]]!(?=[.[;,)\s])(?!\s*=)|^\s*(?:export\s+)?(?:const\s+)?enum\b|\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/m;
  assert.deepEqual(
    breaches((_, text) => !forbidden.test(codeOf(text))),
    [],
  );
  for (const wrong of ['let a: any;', 'a!.b();', 'f(b!)', 'export default a;', 'try {} catch {}'])
    assert.match(codeOf(wrong), forbidden);
});
