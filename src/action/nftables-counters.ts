/**
 * How many packets each set of our table has shut out, as the kernel counts them.
 * Takes what `nft -j list chain` prints (libnftables-json(5)); gives packets and bytes by set. Asks nobody.
 */

export interface Dropped {
  /** The kernel's name of the set: `sshd-4-32`. */
  readonly set: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Rules that ask one set are added up; sets that shut nobody out are among them. Empty where the text is none of nft's. */
export function droppedBySet(json: string): readonly Dropped[] {
  const sums = new Map<string, Dropped>();
  for (const rule of rulesIn(json)) {
    const set = [...JSON.stringify(rule).matchAll(/"right":"@([^"]+)"/g)].at(-1)?.[1];
    const counter = rule.flatMap((part) => counterIn(part))[0];
    if (set === undefined || counter === undefined) continue;
    const known = sums.get(set) ?? { set, packets: 0, bytes: 0 };
    sums.set(set, {
      set,
      packets: known.packets + counter.packets,
      bytes: known.bytes + counter.bytes,
    });
  }
  return [...sums.values()];
}

type Fields = Readonly<Record<string, unknown>>;

function rulesIn(json: string): readonly (readonly Fields[])[] {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return [];
  }
  const entries = isFields(read) && Array.isArray(read['nftables']) ? read['nftables'].filter(isFields) : [];
  return entries.flatMap(({ rule }) =>
    isFields(rule) && Array.isArray(rule['expr']) ? [rule['expr'].filter(isFields)] : [],
  );
}

function counterIn({ counter }: Fields): readonly { readonly packets: number; readonly bytes: number }[] {
  if (!isFields(counter)) return [];
  const { packets, bytes } = counter;
  return typeof packets === 'number' && typeof bytes === 'number' ? [{ packets, bytes }] : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
