/**
 * Which three bytes of each text a look in vectors looks for, and in which of its eight buckets. A bucket knows of its
 * bytes only the halves that occur, so it lets others through: each text goes where that becomes least likely.
 * Takes texts; gives their anchors and the tables. Does not look at lines.
 */
export const ANCHOR = 3;
const BUCKETS = 8;
const HALVES = 16;
/** Letters and signs of log lines, the most common first; what is not listed is rarer. */
const COMMON = ' eaotinrsdlucm0fhp1g23b:y[]=4v5kw6789x-.,/SAFIDCPEMULRNTOj_z()<>';
/** So many places further back in it, a third as common. */
const FADES = 20;
const UNLISTED = 0.01;

export interface Anchors {
  /** By text: where its anchor stands in it. */
  readonly offsets: readonly number[];
  /** By place of the anchor, the bytes' lower halves and then their upper ones: a bit for each bucket. */
  readonly tables: Uint8Array;
}

/** By byte: how much of log lines it is, about. */
const SHARES = ((): Float64Array => {
  const weights = Float64Array.from({ length: 256 }, (_, byte) => {
    const rank = COMMON.indexOf(String.fromCharCode(byte));
    return rank < 0 ? UNLISTED : Math.exp(-rank / FADES);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
})();

/** One place of a bucket's anchors: which halves of bytes it lets through. */
class Place {
  #lower = 0;
  #upper = 0;
  /** How much a half would add, by the halves of the other kind that are let through already. */
  readonly #byLower = new Float64Array(HALVES);
  readonly #byUpper = new Float64Array(HALVES);
  /** How likely a byte of a line is let through. */
  share = 0;

  /** The same when this byte is wanted too. */
  shareWith(byte: number): number {
    const [low, high] = [byte & 15, byte >> 4];
    const isLower = (this.#lower & (1 << low)) !== 0;
    const isUpper = (this.#upper & (1 << high)) !== 0;
    if (isLower && isUpper) return this.share;
    if (isLower) return this.share + (this.#byUpper[high] ?? 0);
    if (isUpper) return this.share + (this.#byLower[low] ?? 0);
    return this.share + (this.#byUpper[high] ?? 0) + (this.#byLower[low] ?? 0) + (SHARES[byte] ?? 0);
  }

  want(byte: number): void {
    const [low, high] = [byte & 15, byte >> 4];
    this.share = this.shareWith(byte);
    for (let half = 0; half < HALVES; half += 1) {
      if ((this.#lower & (1 << low)) === 0)
        this.#byUpper[half] = (this.#byUpper[half] ?? 0) + (SHARES[half * HALVES + low] ?? 0);
      if ((this.#upper & (1 << high)) === 0)
        this.#byLower[half] = (this.#byLower[half] ?? 0) + (SHARES[high * HALVES + half] ?? 0);
    }
    this.#lower |= 1 << low;
    this.#upper |= 1 << high;
  }
}

/** The texts have at least three bytes. */
export function anchorsOf(texts: readonly Uint8Array[]): Anchors {
  const buckets = Array.from({ length: BUCKETS }, () => Array.from({ length: ANCHOR }, () => new Place()));
  const offsets = texts.map(() => 0);
  const tables = new Uint8Array(ANCHOR * 2 * HALVES);
  const likelihoods = likelihoodsOf(texts);
  // Those with the fewest places to choose from choose first.
  const order = [...texts.entries()].sort(([, left], [, right]) => left.length - right.length);
  for (const [number, text] of order) {
    const { offset, bucket } = cheapest(text, buckets, likelihoods);
    offsets[number] = offset;
    for (const [at, place] of (buckets[bucket] ?? []).entries()) {
      const byte = text[offset + at] ?? 0;
      place.want(byte);
      for (const half of [byte & 15, HALVES + (byte >> 4)])
        tables[at * 2 * HALVES + half] = (tables[at * 2 * HALVES + half] ?? 0) | (1 << bucket);
    }
  }
  return { offsets, tables };
}

/** Where a text adds least: to what its bucket lets through, and to what is compared with texts then. */
function cheapest(
  text: Uint8Array,
  buckets: readonly (readonly Place[])[],
  likelihoods: ReadonlyMap<number, number>,
): { readonly offset: number; readonly bucket: number } {
  let [least, offset, bucket] = [Number.POSITIVE_INFINITY, 0, 0];
  const before = buckets.map((places) => places.reduce((product, { share }) => product * share, 1));
  for (let start = 0; start + ANCHOR <= text.length; start += 1) {
    const own = likelihoods.get(keyAt(text, start)) ?? 0;
    if (own >= least) continue;
    const [one, two, three] = [text[start] ?? 0, text[start + 1] ?? 0, text[start + 2] ?? 0];
    for (let number = 0; number < BUCKETS; number += 1) {
      const [first, second, third] = buckets[number] ?? [];
      if (first === undefined || second === undefined || third === undefined) continue;
      const through = first.shareWith(one) * second.shareWith(two) * third.shareWith(three);
      const cost = through - (before[number] ?? 0) + own;
      if (cost < least) [least, offset, bucket] = [cost, start, number];
    }
  }
  return { offset, bucket };
}

/** By three bytes: how often they stand in a line, about. Parts of words that many texts have are those that lines have. */
function likelihoodsOf(texts: readonly Uint8Array[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const text of texts)
    for (let start = 0; start + ANCHOR <= text.length; start += 1) {
      const key = keyAt(text, start);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const shareOf = (byte: number): number => SHARES[byte & 255] ?? 0;
  return new Map(
    Array.from(counts, ([key, count]) => [
      key,
      shareOf(key) * shareOf(key >> 8) * shareOf(key >> 16) * count * count,
    ]),
  );
}

function keyAt(text: Uint8Array, start: number): number {
  return (text[start] ?? 0) | ((text[start + 1] ?? 0) << 8) | ((text[start + 2] ?? 0) << 16);
}
