/**
 * A length of time as people write it: `1d 2h`.
 * Takes seconds; gives text. Reads none.
 */
const UNITS: readonly (readonly [number, string])[] = [
  [604_800, 'w'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/** `1d 2h`: the two largest units that are not zero; -1 = `for ever`. */
export function spanText(seconds: number): string {
  if (seconds < 0) return 'for ever';
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}
