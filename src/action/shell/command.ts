/**
 * Fills the tags of a command in so that no text from a log can act in the shell.
 * Takes the command and a way to read tags; gives the script and the variables it needs. A value with any character that
 * could mean something to a shell goes into an environment variable, and the script names that (Fail2Ban: `f2bV_matches`).
 * What was filled in is not looked at again: a user who calls himself `<matches>` stays that.
 */

export interface ShellCommand {
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
}

const TAG = /<([\w.-]+)>/g;

/**
 * What may stand in a script as it is: no character of a shell's grammar, no line's end, nothing invisible.
 * Blanks are harmless: between quotes they are text, outside they part words, as they do in a variable's value.
 */
const PLAIN = /^(?:[\t ]|[^\p{C}\p{Z}\\#&;`|*?~<>^()[\]{}$'"!])*$/u;

/** Linux takes 128 KiB for one variable; the newest lines of the evidence are worth more than the oldest. */
const LONGEST_BYTES = 64 * 1024;

/** Fills in every tag that `textOf` knows; the others stay as they are. */
export async function fillCommand(
  command: string,
  textOf: (tag: string) => string | Promise<string> | undefined,
): Promise<ShellCommand> {
  const values = new Map<string, string>();
  for (const [, tag = ''] of command.matchAll(TAG)) {
    if (values.has(tag)) continue;
    const value = await textOf(tag);
    if (value !== undefined) values.set(tag, withoutNul(value));
  }
  const variables: Record<string, string> = {};
  const script = command.replace(TAG, (whole: string, tag: string, at: number) => {
    const value = values.get(tag);
    if (value === undefined) return whole;
    if (PLAIN.test(value)) return value;
    const name = variableOf(tag);
    variables[name] = endOf(value);
    // Without braces a word behind the tag would become part of the name.
    return /^\w/.test(command.slice(at + whole.length)) ? `\${${name}}` : `$${name}`;
  });
  return { script, variables };
}

/** Fail2Ban's names. */
function variableOf(tag: string): string {
  const name = tag.startsWith('F-') ? `F_${tag.slice(2).toLowerCase()}` : tag;
  return `f2bV_${name.replace(/\W/g, '_')}`;
}

/** No program can be given a NUL. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\u{fffd}');
}

/** The last whole lines that fit; the end of the last one where it alone does not. */
function endOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_BYTES) return text;
  const end = bytes.subarray(-LONGEST_BYTES).toString();
  const line = end.indexOf('\n');
  return line < 0 ? end : end.slice(line + 1);
}
