/**
 * Ratios by name, each larger the better, held against the least that they may be. Takes ratios and limits; gives the names
 * of those that are too small. Measures nothing.
 */

export type Ratios = Readonly<{ [name: string]: number }>;

/** Of what is typical so much has to be left. */
const KEPT = 2 / 3;

/** What has a limit and is below it, or was not measured. */
export function below(ratios: Ratios, limits: Ratios): readonly string[] {
  return Object.entries(limits)
    .filter(([name, limit]) => !((ratios[name] ?? 0) >= limit))
    .map(([name]) => name);
}

/** The better of two measurements of the same, since what disturbs only takes away. */
export function better(first: Ratios, second: Ratios): Ratios {
  const names = Object.keys(first);
  return Object.fromEntries(names.map((name) => [name, Math.max(first[name] ?? 0, second[name] ?? 0)]));
}

/** The limits that are written where these ratios are typical. */
export function limitsOf(typical: Ratios): Ratios {
  return Object.fromEntries(
    Object.entries(typical).map(([name, ratio]) => [name, Number((ratio * KEPT).toPrecision(2))]),
  );
}
