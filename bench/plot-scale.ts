/**
 * The axis of a plot: where a value lies between both ends, and the round values at which it is marked.
 * Takes the values that it has to hold; linear axes begin at 0, logarithmic ones at a power of ten.
 */

export interface Scale {
  /** 0 at the beginning of the axis, 1 at its end. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** About so many marks. */
const TICKS = 5;

export function linearScale(values: readonly number[]): Scale {
  const step = roundStep(Math.max(...values) / TICKS);
  const most = Math.ceil(Math.max(...values) / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step);
  return { at: (value) => value / most, ticks };
}

/** Marks at the powers of ten, and between them where there are few. */
export function logarithmicScale(values: readonly number[]): Scale {
  const [from, to] = [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values)) - 1e-9),
  ];
  const decades = Math.max(1, to - from);
  const steps = decades <= 2 ? [1, 2, 5] : [1];
  const ticks = Array.from({ length: decades }, (_, index) =>
    steps.map((step) => step * 10 ** (from + index)),
  );
  return {
    at: (value) => (Math.log10(value) - from) / decades,
    ticks: [...ticks.flat(), 10 ** (from + decades)],
  };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((step) => step * power >= least - 1e-12) ?? 10);
}

/** As short as its value allows: `0.05`, `20`, `1.5 M`. */
export function tickText(value: number): string {
  const [divisor, unit] =
    Math.abs(value) >= 1e6 ? [1e6, ' M'] : Math.abs(value) >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}
