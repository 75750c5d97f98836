/**
 * A table of somebody else's with one interval set, as scripts that shut out whole countries make it.
 * Takes how many ranges, and which is the first; gives a script for nft that adds them. With 50,000 of them each nft
 * process takes hundreds of milliseconds.
 */
export function foreignRanges(count: number, first = 0): string {
  const ranges = Array.from({ length: count }, (_, offset) => {
    const index = first + offset;
    const base = `${11 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
    return `${base}.0-${base}.99`;
  });
  return `table ip geo {\nset blocked { type ipv4_addr; flags interval; elements = { ${ranges.join(', ')} } }\n}\n`;
}
