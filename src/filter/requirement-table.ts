/**
 * The requirements of several filters by the texts that meet them, so that equal ones are looked for once.
 * Takes the requirements, filter by filter; gives tables by number. Does not look at lines.
 */
import type { Requirement } from './requirement.js';

/** An expression that wants a set to be met. */
export interface Wanting {
  readonly filter: number;
  /** Counted over all filters. */
  readonly expression: number;
  /** How many sets it wants altogether. */
  readonly sets: number;
}

export interface RequirementTable {
  readonly texts: readonly string[];
  /** By text: the numbers of the sets that it meets. */
  readonly setsOfText: readonly (readonly number[])[];
  /** By set: who wants it. */
  readonly wantingBySet: readonly (readonly Wanting[])[];
  /** By filter: its requirements, and the number of its first expression. */
  readonly filters: readonly { readonly first: number; readonly requirements: readonly Requirement[] }[];
}

export function requirementTable(filters: readonly (readonly Requirement[])[]): RequirementTable {
  const setsOfText = new Map<string, number[]>();
  const numbers = new Map<string, number>();
  const wantingBySet: Wanting[][] = [];
  const ranges: RequirementTable['filters'][number][] = [];
  let first = 0;

  const numberOf = (key: string, texts: Iterable<string>): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = wantingBySet.push([]) - 1;
    numbers.set(key, number);
    for (const text of texts) {
      const sets = setsOfText.get(text) ?? [];
      sets.push(number);
      setsOfText.set(text, sets);
    }
    return number;
  };

  for (const [filter, requirements] of filters.entries()) {
    for (const [index, requirement] of requirements.entries()) {
      if (requirement === 'never') continue;
      const sets = new Map(requirement.map((texts) => [[...texts].sort().join('\n'), new Set(texts)]));
      const wanting: Wanting = { filter, expression: first + index, sets: sets.size };
      for (const [key, texts] of sets) wantingBySet[numberOf(key, texts)]?.push(wanting);
    }
    ranges.push({ first, requirements });
    first += requirements.length;
  }
  return {
    texts: [...setsOfText.keys()],
    setsOfText: [...setsOfText.values()],
    wantingBySet,
    filters: ranges,
  };
}
