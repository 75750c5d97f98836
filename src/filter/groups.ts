/**
 * What one match says: a value for each group of its filter, by the group's number. Groups that took no part are
 * undefined. Numbers instead of names, because this is made for every line that an expression recognises.
 * The groups that the filter itself reads have fixed numbers; a filter's other ones follow as they are met.
 */

export type Groups = (string | undefined)[];

/** Of each read: the group's number here, and its number in the match. */
export type GroupReads = readonly (readonly [group: number, inMatch: number])[];

export const GROUP = {
  fid: 0,
  ip4: 1,
  ip6: 2,
  dns: 3,
  mlfid: 4,
  cidr: 5,
  user: 6,
  attempts: 7,
  seconds: 8,
  nofail: 9,
  mlfgained: 10,
  mlfforget: 11,
  content: 12,
} as const;

/** Groups from this number on are data, see `Match.data`. */
export const FIRST_OTHER_GROUP = 13;

/** The groups that name whom to ban, in the order in which they are asked, and the one that names a connection. */
export const IDENTITY_GROUPS = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'] as const;

/** The names of a filter's groups; those with fixed numbers come first. */
export class GroupNames {
  readonly all: string[] = Object.keys(GROUP);
  readonly #numbers = new Map<string, number>(Object.entries(GROUP));

  /** The number of a group; a new name gets the next one. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.all.length);
    return this.all.push(name) - 1;
  }

  /** The groups that took part, by name. */
  record(groups: Readonly<Groups>): Record<string, string> {
    const record: Record<string, string> = {};
    for (const [number, name] of this.all.entries()) {
      const value = groups[number];
      if (value !== undefined) record[name] = value;
    }
    return record;
  }

  /** The groups that `record` was made of; names that are not known (any more) are left out. */
  groups(record: Readonly<Record<string, unknown>>): Groups {
    const groups = this.none();
    for (const [name, value] of Object.entries(record)) {
      const number = this.#numbers.get(name);
      if (number !== undefined && typeof value === 'string') groups[number] = value;
    }
    return groups;
  }

  /** A row without any value. */
  none(): Groups {
    return this.all.map(() => undefined);
  }
}

/** Adds the groups of a match that took part. */
export function readGroups(match: RegExpExecArray, reads: GroupReads, into: Groups): void {
  for (let at = 0; at < reads.length; at += 1) {
    const read = reads[at];
    if (read === undefined) return;
    const value = match[read[1]];
    if (value !== undefined) into[read[0]] = value;
  }
}
