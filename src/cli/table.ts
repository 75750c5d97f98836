/**
 * Lays rows out in columns for a terminal, in characters' display widths.
 * Takes a header and rows of text; gives lines without trailing blanks. Does not colour and does not cut.
 */

// East Asian wide and full-width, emoji: two columns. Combining marks: none.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}]/u;

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Header and rows, one line each, columns two blanks apart. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => {
    let widest = 0;
    for (const row of all) widest = Math.max(widest, displayWidth(row[column] ?? ''));
    return widest;
  });
  return all.map((row) => {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)));
    return cells.join('  ').trimEnd();
  });
}
