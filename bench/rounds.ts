/**
 * Several sides measured in rounds, one after the other in each, so that what slows the machine down for a while slows
 * all of them. Takes what measures each side once; gives of each the median and the least disturbed (smallest) value.
 */
import { median } from './figures.js';

export interface Measured {
  readonly median: number;
  /** Of the round that was disturbed least. */
  readonly least: number;
}

/** Measures a side once; what it gives is better the smaller it is. */
export type Measure = () => number | Promise<number>;

/** For the text of a section. */
export const LEAST_AND_MEDIAN =
  "Each figure is the least of its rounds, the median in brackets: this machine's processors run at changing speed (a factor\n" +
  "of 1.5, by its neighbours), and what disturbs a run only adds to it, so the least comes nearest to the code's own cost, as\n" +
  "Python's `timeit` argues.";

export async function inRounds<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, Measure>>,
): Promise<Readonly<Record<Side, Measured>>> {
  // A parse boundary of its own kind: the keys of a record are its keys.
  const names = Object.keys(sides) as Side[];
  const values = new Map<Side, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, all] of values) all.push(await sides[name]());
  return Object.fromEntries([...values].map(([name, all]) => [name, measuredOf(all)])) as Record<
    Side,
    Measured
  >;
}

export function measuredOf(values: readonly number[]): Measured {
  return { median: median(values), least: Math.min(...values) };
}

/** `least (median)`. */
export function bothText({ least, median }: Measured, digits: number): string {
  return `${least.toFixed(digits)} (${median.toFixed(digits)})`;
}

/** How often `of` is in `by`: by the least disturbed values, and by the medians in brackets. */
export function timesText(of: Measured, by: Measured): string {
  return `${timesNumber(of.least / by.least)} (${timesNumber(of.median / by.median)})`;
}

function timesNumber(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
