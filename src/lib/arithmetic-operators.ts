/**
 * What Python's arithmetic operators and functions do to numbers. Data for arithmetic.ts.
 * A shift multiplies, so that it does not stop at 32 bits; the remainder has the sign of the divisor.
 */
export type Binary = (a: number, b: number) => number;

export const POWER: Binary = (a, b) => a ** b;

export const SHIFTS: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['<<', (a, b) => a * 2 ** b],
  ['>>', (a, b) => Math.floor(a / 2 ** b)],
]);

export const SUMS: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
]);

export const PRODUCTS: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['//', (a, b) => Math.floor(a / b)],
  ['%', (a, b) => a - b * Math.floor(a / b)],
]);

export const FUNCTIONS: ReadonlyMap<string, (...values: readonly number[]) => number> = new Map<
  string,
  (...values: readonly number[]) => number
>([
  ['min', (...values) => Math.min(...values)],
  ['max', (...values) => Math.max(...values)],
  ['abs', (value = NaN) => Math.abs(value)],
  ['int', (value = NaN) => Math.trunc(value)],
  ['float', (value = NaN) => value],
  ['round', (value = NaN) => roundHalfEven(value)],
  ['pow', (a = NaN, b = NaN) => a ** b],
  ['math.pow', (a = NaN, b = NaN) => a ** b],
  ['math.exp', (value = NaN) => Math.exp(value)],
  ['math.sqrt', (value = NaN) => Math.sqrt(value)],
  ['math.floor', (value = NaN) => Math.floor(value)],
  ['math.ceil', (value = NaN) => Math.ceil(value)],
  ['math.log', (value = NaN, base = Math.E) => Math.log(value) / Math.log(base)],
  ['math.log2', (value = NaN) => Math.log2(value)],
  ['math.log10', (value = NaN) => Math.log10(value)],
]);

/** As Python rounds: a half to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
