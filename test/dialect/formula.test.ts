/**
 * The formulas of bantime.increment beside python3's eval, and what must never be evaluated.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { growthOf } from '../../src/ban/growth.js';
import { parseArithmetic } from '../../src/lib/arithmetic.js';
import { seededRandom } from './python-patterns.js';

const FORMULAS = [
  'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
  'ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)',
  '2.0 / 2.885385',
  'ban.Time * min(ban.Count, 5) ** 2',
  '-2 ** 2 + 7 // 2 - -7 // 2 + -7 % 3',
  '1 < ban.Count <= 3 and not ban.Count == 2 or 0',
  'max(ban.Time, 3600) if ban.Count > 1 or banFactor >= 2 else ban.Time / 2',
  'round(2.5) + round(3.5) + int(-1.5) + abs(-3) + 1_000 + .5 + 1e3 + 2.',
  'math.sqrt(16) + math.log(math.e) + math.pi - math.floor(2.7) + math.pow(2, 10)',
  '1000 >> 3 << 2 + 1',
];
const POINTS = [0, 1, 2, 3, 25].flatMap((count) => [1, 2.5].map((factor) => ({ count, factor, time: 600 })));

/** What Python makes of them; formulas of this file only. */
function askPython(formulas: readonly string[]): readonly (readonly number[])[] {
  const program =
    'import json, math, sys\n' +
    'class Ban: pass\n' +
    'def value(f, p):\n' +
    '  ban = Ban(); ban.Time = p["time"]; ban.Count = p["count"]\n' +
    '  return float(eval(f, {"math": math, "ban": ban, "banFactor": p["factor"]}))\n' +
    'q = json.load(sys.stdin)\n' +
    'print(json.dumps([[value(f, p) for p in q["points"]] for f in q["formulas"]]))\n';
  const { stdout, status, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify({ formulas, points: POINTS }),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly (readonly number[])[];
}

function ours(formula: string): readonly number[] {
  const value = parseArithmetic(formula, ['ban.Time', 'ban.Count', 'banFactor']);
  return POINTS.map(({ time, count, factor }) =>
    value({ 'ban.Time': time, 'ban.Count': count, banFactor: factor }),
  );
}

function assertClose(own: readonly number[], theirs: readonly number[], what: string): void {
  for (const [index, value] of own.entries()) {
    const expected = theirs[index] ?? Number.NaN;
    const near = value === expected || Math.abs(value - expected) <= 1e-9 * Math.abs(expected);
    assert.ok(near, `${what} at ${JSON.stringify(POINTS[index])}: ${value}, in Python ${expected}`);
  }
}

test('a formula comes to what it comes to in Python', () => {
  const theirs = askPython(FORMULAS);
  for (const [index, formula] of FORMULAS.entries()) assertClose(ours(formula), theirs[index] ?? [], formula);
});

test('so do two thousand made-up ones', () => {
  const random = seededRandom(20_261_122);
  const pick = <T>(among: readonly [T, ...T[]]): T => among[Math.floor(random() * among.length)] ?? among[0];
  const make = (depth: number): string => {
    if (depth === 0 || random() < 0.2)
      return pick(['1', '2', '3.5', '7', 'ban.Time', 'ban.Count', 'banFactor']);
    const [a, b] = [make(depth - 1), make(depth - 1)];
    return pick([
      `(${a} ${pick(['+', '-', '*', '<', '>=', '==', 'and', 'or'])} ${b})`,
      `${a} ${pick(['+', '-', '*'])} ${b}`,
      `(${a} if ${b} else ${make(depth - 1)})`,
      `-${a}`,
      `(not ${a})`,
      `${pick(['min', 'max'])}(${a}, ${b})`,
      `int(${a}) // ${pick(['2', '3', '-4'])} % 5`,
    ]);
  };
  const formulas = Array.from({ length: 2000 }, () => make(4));
  const theirs = askPython(formulas);
  for (const [index, formula] of formulas.entries()) assertClose(ours(formula), theirs[index] ?? [], formula);
});

const REFUSED = [
  '', '1 +', '__import__("os").system("id")', 'ban.__class__', 'open("/etc/passwd")', 'ban.Time; 1', '(lambda: 1)()', '[1][0]',
  'x', 'ban', 'math', '1 if 2', 'min(', 'exec(1)', '1 2', '"a"', 'ban.Time = 1', '('.repeat(200), '-'.repeat(200) + '1', '9'.repeat(2000),
]; // prettier-ignore

for (const text of REFUSED) {
  test(`${JSON.stringify(text.slice(0, 40))} is no formula`, () => {
    assert.throws(() => parseArithmetic(text, ['ban.Time', 'ban.Count', 'banFactor']), {
      code: 'config.formula',
    });
  });
}

test('a ban grows by formula, or by multipliers, up to its bound, and a random share comes on top', () => {
  const options = {
    factor: '1',
    formula: undefined,
    multipliers: [],
    maxtimeSeconds: undefined,
    rndtimeSeconds: 0,
    overallJails: false,
  };
  const at = (more: Partial<Parameters<typeof growthOf>[0]>, random = 0): readonly number[] =>
    [0, 1, 2, 9].map((count) => growthOf({ ...options, ...more })(600, count, () => random));
  assert.deepEqual(at({}), [600, 1200, 2400, 307_200]);
  assert.deepEqual(at({ multipliers: [1, 5, 30] }), [600, 3000, 18_000, 18_000]);
  assert.deepEqual(at({ multipliers: [1, 5, 30], factor: '4 / 2' }), [1200, 6000, 36_000, 36_000]);
  assert.deepEqual(at({ maxtimeSeconds: 2000, rndtimeSeconds: 60 }, 0.5), [630, 1230, 2030, 2030]);
  assert.deepEqual(at({ multipliers: [1, 2], factor: '0.5' }), [300, 600, 600, 600]);
  assert.deepEqual(at({ maxtimeSeconds: -1, rndtimeSeconds: 60 }, 0.5), [-1, -1, -1, -1]);
  assert.deepEqual(at({ formula: 'math.exp(1000 * ban.Count)' }).at(-1), 100 * 366 * 86_400);
  assert.deepEqual(at({ formula: 'ban.Time / 10' }), [600, 600, 600, 600]);
  assert.deepEqual(at({ formula: '0 * math.log(0)' }), [600, 600, 600, 600]);
});
