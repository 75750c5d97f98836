/**
 * The last lines of a filter with `maxlines` above one: its expressions are tried on all of them at once.
 * Takes lines, as they are searched and as they were written; gives the text to search, and takes out those that a match
 * has used up. Lines that `<SKIPLINES>` passed over stay.
 */

/** Group values by name. */
type NamedGroups = Readonly<Record<string, string>>;

interface BufferedLine {
  /** Without its date. */
  readonly searched: string;
  readonly written: string;
  /** Something that a match needs stands in it. */
  readonly isTelling: boolean;
}

export class LineBuffer {
  readonly most: number;
  #tellingCount = 0;
  #lines: BufferedLine[] = [];

  constructor(maxlines: number) {
    this.most = maxlines;
  }

  /** Whether what a match needs stands in one of the lines. */
  get isTelling(): boolean {
    return this.#tellingCount > 0;
  }

  add(searched: string, written: string, isTelling: boolean): void {
    this.#lines.push({ searched, written, isTelling });
    if (isTelling) this.#tellingCount += 1;
    if (this.#lines.length > this.most && this.#lines.shift()?.isTelling === true) this.#tellingCount -= 1;
  }

  /** The text of the buffer, every line ended by a newline. */
  get text(): string {
    return `${this.#lines.map((line) => line.searched).join('\n')}\n`;
  }

  /** Takes out the lines of a match; gives them as they were written. */
  use(match: RegExpExecArray, groups: NamedGroups): readonly string[] {
    const text = match.input;
    const first = countNewlines(text, 0, text.lastIndexOf('\n', match.index) + 1);
    const end = match.index + match[0].length;
    const lineEnd = text.indexOf('\n', Math.max(0, end - 1));
    const last = countNewlines(text, 0, lineEnd < 0 ? text.length : lineEnd + 1);
    const matched = this.#lines.slice(first, last);
    const kept: BufferedLine[] = [];
    let from = 0;
    for (const skipped of skippedLines(groups)) {
      const at = matched.findIndex((line, index) => index >= from && line.searched === skipped);
      if (at < 0) continue;
      kept.push(...matched.splice(at, 1));
      from = at;
    }
    this.#lines = [...this.#lines.slice(0, first), ...kept, ...this.#lines.slice(last)];
    this.#tellingCount = this.#lines.filter(({ isTelling }) => isTelling).length;
    return matched.map((line) => line.written);
  }
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function skippedLines(groups: NamedGroups): readonly string[] {
  const texts = Object.keys(groups).flatMap((name) =>
    /^skiplines\d+$/.test(name) ? [groups[name] ?? ''] : [],
  );
  return texts.flatMap((text) => text.split('\n').slice(0, -1));
}
