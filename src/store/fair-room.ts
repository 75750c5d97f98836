/**
 * Who has to make room where too much waits: whoever has most, down to what the others have, so that a noisy jail pushes
 * out its own. Takes how much each has and how much may wait in all; gives how much of each goes.
 */
export function surplusOf(counts: ReadonlyMap<string, number>, most: number): ReadonlyMap<string, number> {
  const surplus = new Map<string, number>();
  let [left, others] = [most, counts.size];
  // The smallest first: what one does not use of its share is the others'.
  for (const [name, count] of [...counts].sort(([, one], [, other]) => one - other)) {
    const kept = Math.min(count, Math.floor(left / others));
    if (count > kept) surplus.set(name, count - kept);
    left -= kept;
    others -= 1;
  }
  return surplus;
}
