/**
 * The requirements of several filters by the texts that meet them, so that equal ones are looked for once.
 * Takes the requirements, filter by filter; gives tables by number. Does not look at lines.
 */
import type { Requirement } from './requirement.js';

export interface RequirementTable {
  readonly texts: readonly string[];
  /** By text: the numbers of the sets that it meets. */
  readonly setsOfText: readonly (readonly number[])[];
  /** By filter, by expression: the sets that have to be met; `undefined`: nothing meets it. */
  readonly setsByExpression: readonly (readonly (readonly number[] | undefined)[])[];
}

export function requirementTable(filters: readonly (readonly Requirement[])[]): RequirementTable {
  const setsOfText = new Map<string, number[]>();
  const numbers = new Map<string, number>();

  const numberOf = (texts: readonly string[]): number => {
    const key = [...texts].sort().join('\n');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(key, number);
    for (const text of new Set(texts)) {
      const sets = setsOfText.get(text) ?? [];
      sets.push(number);
      setsOfText.set(text, sets);
    }
    return number;
  };

  const setsByExpression = filters.map((requirements) =>
    requirements.map((requirement) => (requirement === 'never' ? undefined : requirement.map(numberOf))),
  );
  return { texts: [...setsOfText.keys()], setsOfText: [...setsOfText.values()], setsByExpression };
}
