/**
 * Which ids had to go lately, in a megabyte for half a million to a million of them: two Bloom filters, the older of which
 * is emptied when the newer is full. Takes ids; says whether one went. Wrong in a few of a hundred cases that it says yes to;
 * never where it says no to one of the last half million.
 */
const BITS = 1 << 22;
const PROBES = 3;
/** So many ids leave a filter a third full: it is wrong for one id in thirty. */
const IDS_IN_FILTER = 500_000;

export class ForgottenIds {
  #newer: Uint8Array | undefined;
  #older: Uint8Array | undefined;
  #count = 0;

  add(id: string): void {
    if (this.#newer === undefined || this.#count >= IDS_IN_FILTER) this.#turn();
    this.#count += 1;
    const filter = this.#newer;
    if (filter === undefined) return;
    const [hash, step] = hashesOf(id);
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = ((hash + probe * step) >>> 0) & (BITS - 1);
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }

  has(id: string): boolean {
    return isIn(this.#newer, id) || isIn(this.#older, id);
  }

  #turn(): void {
    const emptied = this.#older?.fill(0) ?? new Uint8Array(BITS >> 3);
    this.#older = this.#newer;
    this.#newer = emptied;
    this.#count = 0;
  }
}

function isIn(filter: Uint8Array | undefined, id: string): boolean {
  if (filter === undefined) return false;
  const [hash, step] = hashesOf(id);
  for (let probe = 0; probe < PROBES; probe += 1) {
    const bit = ((hash + probe * step) >>> 0) & (BITS - 1);
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** FNV-1a, and what it becomes once more mixed: one text gives as many places as are wanted. */
function hashesOf(id: string): readonly [hash: number, step: number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return [hash ^ (hash >>> 16), (mixed ^ (mixed >>> 12)) | 1];
}
