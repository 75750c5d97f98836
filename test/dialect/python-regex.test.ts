/**
 * The translator beside CPython's `re`: generated patterns and texts, and every expression of Fail2Ban's packages.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import { compileExpressions } from '../../src/filter/expressions.js';
import { PythonRegExp } from '../../src/lib/python-regex/python-regexp.js';
import { RegexSyntaxError } from '../../src/lib/python-regex/regex-syntax-error.js';
import { type TranslatedRegex, translatePythonRegex } from '../../src/lib/python-regex/translate.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { fail2ban, VERSIONS } from './fail2ban.js';
import { PatternMaker, seededRandom, type Trial } from './python-patterns.js';

/** Where the match and each group stand; -1, -1: took no part. */
type Answer = readonly (readonly [number, number])[] | null;

interface Told {
  readonly error?: string;
  readonly names?: Readonly<Record<string, number>>;
  readonly answers?: readonly Answer[];
}

function askPython(trials: readonly Trial[]): readonly Told[] {
  const oracle = join(packageRoot, 'test', 'dialect', 'python-regex-oracle.py');
  const { stdout, status, stderr } = spawnSync('python3', ['-W', 'ignore', oracle], {
    input: trials.map((trial) => JSON.stringify(trial)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

const SEED = Number(process.env['BAILIFF_SEED'] ?? 20_261_122);
const PATTERNS = 6000;
const EVERY_GROUP = Array.from({ length: 60 }, (_, group) => group + 1);

interface Compared {
  pairs: number;
  found: number;
  wrong: number;
  readonly refused: Map<string, number>;
  /** Differences that are a bug of CPython's. */
  readonly theirs: string[];
  readonly different: string[];
}

/** `bare`: texts as our filters see them, without the newline that Python sees at their end. */
function compare(trials: readonly Trial[], bare: boolean): Compared {
  const compared: Compared = { pairs: 0, found: 0, wrong: 0, refused: new Map(), theirs: [], different: [] };
  for (const [index, told] of askPython(trials).entries()) {
    const trial = trials[index];
    if (trial !== undefined) compareOne(trial, told, bare, compared);
  }
  return compared;
}

function compareOne(trial: Trial, told: Told, bare: boolean, compared: Compared): void {
  const shown = JSON.stringify(trial.pattern);
  const translated = translatedOf(trial, bare, true);
  const spanless = translatedOf(trial, bare, false);
  if (typeof translated === 'string') {
    if (told.error !== undefined) compared.wrong += 1;
    else compared.refused.set(translated, (compared.refused.get(translated) ?? 0) + 1);
    return;
  }
  if (told.error !== undefined) {
    compared.different.push(`${shown} is an error in Python: ${told.error}`);
    return;
  }
  for (const [at, text] of trial.texts.entries()) {
    compared.pairs += 1;
    const seen = bare ? text.slice(0, -1) : text;
    const expected = clipped(told.answers?.[at] ?? null, seen.length);
    if (expected !== null) compared.found += 1;
    const match = translated.regex.exec(seen);
    const answer =
      match === null
        ? null
        : (expected ?? [null]).map((_, group): readonly [number, number] => {
            const number = group === 0 ? 0 : translated.numbers.get(group);
            return (number === undefined ? undefined : match.indices?.[number]) ?? [-1, -1];
          });
    const texts = typeof spanless === 'string' ? null : textsOf(spanless, seen, expected?.length ?? 1);
    const theirTexts = answer?.map(([from, end]) => (end < 0 ? null : seen.slice(from, end))) ?? null;
    if (JSON.stringify(texts) !== JSON.stringify(theirTexts))
      compared.different.push(
        `${shown} on ${JSON.stringify(seen)}: ${JSON.stringify(texts)} without spans, ${JSON.stringify(theirTexts)} with`,
      );
    if (JSON.stringify(answer) === JSON.stringify(expected)) continue;
    const difference = `${shown} on ${JSON.stringify(seen)}: ${JSON.stringify(answer)}, in Python ${JSON.stringify(expected)}`;
    (isHalfSet(trial.pattern, answer, expected) ? compared.theirs : compared.different).push(difference);
  }
}

/** What the groups hold, by Python's numbers; without spans they are found in another way. */
function textsOf(
  translated: TranslatedRegex,
  seen: string,
  groups: number,
): readonly (string | null)[] | null {
  const match = translated.regex.exec(seen);
  if (match === null) return null;
  return Array.from({ length: groups }, (_, group) => {
    const number = group === 0 ? 0 : translated.numbers.get(group);
    return (number === undefined ? undefined : match[number]) ?? null;
  });
}

function translatedOf(trial: Trial, bare: boolean, spans: boolean): TranslatedRegex | string {
  try {
    return translatePythonRegex(trial.pattern, {
      flags: { multiline: trial.multiline },
      textEnd: bare ? 'bare' : 'newline',
      keep: EVERY_GROUP,
      spans,
    });
  } catch (error) {
    assert.ok(error instanceof RegexSyntaxError, `${trial.pattern}: ${String(error)}`);
    return error.message.replace(/\d+/g, 'N');
  }
}

function clipped(answer: Answer, length: number): Answer {
  return answer?.map(([from, end]) => [Math.min(from, length), Math.min(end, length)] as const) ?? null;
}

/**
 * CPython 3.11 to 3.13 leaves the begin of a group from a round that failed where the repetition is possessive:
 * `(?:(ab)|c)++` on `abca` gives an empty group, with `+` it gives `ab`. The end is right.
 */
function isHalfSet(pattern: string, ours: Answer, theirs: Answer): boolean {
  if (ours === null || theirs === null || !/[*+?}]\+/.test(pattern)) return false;
  return ours.every(([from, end], group) => {
    const [theirFrom = -1, theirEnd = -1] = theirs[group] ?? [];
    return end === theirEnd && (from === theirFrom || group > 0);
  });
}

test('no generated pattern finds in any text something else than in Python', (context) => {
  const maker = new PatternMaker(seededRandom(SEED));
  const compared = compare(
    Array.from({ length: PATTERNS }, () => maker.trial()),
    false,
  );
  tell(context, compared);
  assert.deepEqual(compared.different.slice(0, 20), [], `${compared.different.length} differ`);
  assert.deepEqual([...compared.refused], []);
  assert.ok(compared.pairs >= 20_000 && compared.found > compared.pairs / 4);
});

test('nor in a line without the newline that Python sees at its end', (context) => {
  const maker = new PatternMaker(seededRandom(SEED + 1));
  const trials = Array.from({ length: PATTERNS }, () => maker.trial()).map((trial) => ({
    ...trial,
    multiline: false,
    texts: trial.texts.map((text) =>
      `${text.replaceAll('\n', '')}x\n`.replace(/x\n$/, text.length % 2 === 0 ? '\n' : 'a\n'),
    ),
  }));
  const compared = compare(trials, true);
  tell(context, compared);
  assert.deepEqual(compared.different.slice(0, 20), [], `${compared.different.length} differ`);
});

for (const version of VERSIONS) {
  test(`every expression of Fail2Ban ${version} translates`, (context) => {
    const { configuration } = fail2ban(version);
    const layers = {
      shipped: undefined,
      directory: configuration,
      distribution: new DistributionFiles('/nowhere'),
    };
    const names = readdirSync(join(configuration, 'filter.d')).filter((name) =>
      /^(?!.*common).*\.conf$/.test(name),
    );
    let count = 0;
    let walked = 0;
    for (const name of names) {
      for (const logtype of ['file', 'journal']) {
        const options = loadFilter(name.replace(/\.conf$/, ''), { logtype }, layers);
        const { all } = compileExpressions(options);
        count += all.length;
        walked += all.filter(({ regex }) => regex instanceof PythonRegExp).length;
      }
    }
    context.diagnostic(
      `${version}: ${count} expressions of ${names.length} filters; ${walked} not by JavaScript alone`,
    );
    assert.ok(count > 400);
  });
}

function tell(context: TestContext, { pairs, found, wrong, refused, theirs }: Compared): void {
  context.diagnostic(`${pairs} pairs, ${found} with a match; ${wrong} patterns are wrong to both`);
  for (const [what, count] of refused) context.diagnostic(`refused by name: ${what} (${count})`);
  for (const difference of theirs) context.diagnostic(`a bug of CPython: ${difference}`);
}
