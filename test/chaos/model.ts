/**
 * What should be banned after these lines, in a few lines: the whole of what chaos is compared with.
 * Takes what was written, over which way, and who was banned by hand; gives per jail how often each target is counted
 * and whom the kernel keeps out.
 */
export interface Written {
  readonly way: 'journal' | 'file';
  readonly address: string;
}

export interface Expected {
  /** Target → failures that the store holds. */
  readonly counted: ReadonlyMap<string, number>;
  readonly banned: ReadonlySet<string>;
}

export const MAXRETRY = 3;
export const RECIDIVE_MAXRETRY = 2;

/** The jails that read, each with its way; `late` is there from some reload on and looks back. */
export const READING: Readonly<Record<string, Written['way']>> = {
  sshd: 'journal',
  filed: 'file',
  late: 'journal',
};

/** `jails`: those that are there at the end. */
export function expect(
  written: readonly Written[],
  byHand: readonly string[],
  jails: readonly string[],
): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const jail of jails) {
    const heard = written.filter(({ way }) => way === READING[jail]).map(({ address }) => targetOf(address));
    expected.set(jail, reached(heard, MAXRETRY, jail === 'sshd' ? byHand : []));
  }
  const own = [...expected.values()].flatMap(({ banned }) => [...banned]).filter((target) => !byHand.includes(target)); // prettier-ignore
  return expected.set('recidive', reached(own, RECIDIVE_MAXRETRY, []));
}

/** A ban ends the counting. */
function reached(targets: readonly string[], limit: number, byHand: readonly string[]): Expected {
  const counted = new Map<string, number>();
  for (const target of targets) counted.set(target, Math.min(limit, (counted.get(target) ?? 0) + 1));
  const over = [...counted].filter(([, count]) => count === limit).map(([target]) => target);
  return { counted, banned: new Set([...over, ...byHand]) };
}

/** IPv6 is counted and banned by the /64; the addresses here are written `2001:db8:N::H`. */
export function targetOf(address: string): string {
  return address.includes(':') ? `${address.slice(0, address.indexOf('::'))}::/64` : address;
}
