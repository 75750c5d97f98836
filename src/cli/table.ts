/**
 * Lays rows out in columns for a terminal, in characters' display widths.
 * Takes a header and rows of text; gives lines without trailing blanks. Does not colour.
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

const GAP = 2;
/** A column is not made narrower than this. */
const NARROWEST = 12;

/**
 * Header and rows, columns two blanks apart. Where that is wider than `columns` of the terminal, the widest columns
 * give way and their cells go on in the next line.
 */
export function tableLines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => {
    let widest = 0;
    for (const row of all) widest = Math.max(widest, displayWidth(row[column] ?? ''));
    return widest;
  });
  fit(widths, columns);
  return all.flatMap((row) => {
    const cells = widths.map((width, column) => wrapped(row[column] ?? '', width));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => padded(lines[line] ?? '', widths[column] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  });
}

/** Takes from the widest column until all fit, or none can give any more. */
function fit(widths: number[], columns: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
  while (total() > columns) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

/** Breaks at blanks; a word that is too long for a line by itself is broken anywhere. */
function wrapped(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (displayWidth(line + character) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line];
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
