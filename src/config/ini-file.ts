/**
 * Reads one file in the dialect of Python's ConfigParser, as Fail2Ban sets it up, and keeps file and line of every option.
 * Takes the text; gives its sections and what is wrong with it. Grammar: docs.python.org/3/library/configparser.html,
 * with `#` and `;` for whole-line comments and ` ;` for comments after a value. Does not interpolate.
 */
import { BailiffError } from '../lib/errors.js';
import { quotable } from './secrets.js';

export interface IniOption {
  /** Lower case, as ConfigParser stores it. */
  readonly name: string;
  readonly value: string;
  readonly section: string;
  readonly file: string;
  /** 1-based line of the option's name. */
  readonly line: number;
  /** The line in the file of each line of `value`. */
  readonly valueLines: readonly number[];
}

export interface IniFile {
  readonly file: string;
  /** Case-sensitive names; `DEFAULT` is one of them. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, IniOption>>;
  readonly errors: readonly BailiffError[];
}

interface OpenOption {
  readonly name: string;
  readonly line: number;
  readonly values: string[];
  readonly valueLines: number[];
}

/** Reads the text of one file. What cannot be read is in `errors` and left out of `sections`. */
export function parseIni(text: string, file: string): IniFile {
  const reader = new IniReader(file);
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text;
  for (const line of bare.split(/\r\n|\r|\n/)) reader.readLine(line);
  return reader.finish();
}

class IniReader {
  readonly #file: string;
  readonly #sections = new Map<string, Map<string, IniOption>>();
  readonly #errors: BailiffError[] = [];
  #line = 0;
  #section: string | undefined;
  #option: OpenOption | undefined;
  #indent = 0;

  constructor(file: string) {
    this.#file = file;
  }

  readLine(raw: string): void {
    this.#line += 1;
    const bare = withoutComment(raw);
    const value = bare.text.trim();
    if (value === '') {
      // An empty line inside a value belongs to it; a comment line leaves no trace.
      if (bare.commented) return;
      if (this.#option !== undefined) this.#append('');
      return;
    }
    const indent = raw.length - raw.trimStart().length;
    if (this.#option !== undefined && indent > this.#indent) {
      this.#append(value);
      return;
    }
    this.#indent = indent;
    const header = /^\[(.+)\]/.exec(value);
    if (header?.[1] !== undefined) this.#open(header[1]);
    else this.#readOption(value);
  }

  finish(): IniFile {
    this.#close();
    return { file: this.#file, sections: this.#sections, errors: this.#errors };
  }

  #append(value: string): void {
    this.#option?.values.push(value);
    this.#option?.valueLines.push(this.#line);
  }

  #open(name: string): void {
    this.#close();
    if (name !== 'DEFAULT' && this.#sections.has(name))
      this.#fail('config.duplicate', `section [${name}] stands twice in this file`, 'Join the two.', name);
    this.#section = name;
    if (!this.#sections.has(name)) this.#sections.set(name, new Map());
  }

  #readOption(text: string): void {
    this.#close();
    const [, name, value] = /^(.*?)\s*[=:]\s*(.*)$/s.exec(text) ?? [];
    if (this.#section === undefined)
      this.#fail(
        'config.syntax',
        `\`${quotable(text)}\` stands before any [section]`,
        'Put a section header above it.',
      );
    else if (name === undefined || name === '' || value === undefined)
      this.#fail(
        'config.syntax',
        `\`${quotable(text)}\` is no \`name = value\``,
        'Indent it if it continues the line above.',
      );
    else
      this.#option = {
        name: name.toLowerCase(),
        line: this.#line,
        values: [value],
        valueLines: [this.#line],
      };
  }

  /** Stores the option that was being read. */
  #close(): void {
    const option = this.#option;
    this.#option = undefined;
    if (option === undefined || this.#section === undefined) return;
    while (option.values.at(-1) === '' && option.values.length > 1) {
      option.values.pop();
      option.valueLines.pop();
    }
    const options = this.#sections.get(this.#section);
    const earlier = options?.get(option.name);
    if (earlier !== undefined) {
      const message = `stands twice in this section, first in line ${earlier.line}`;
      this.#fail('config.duplicate', message, 'Keep one of them.', this.#section, option);
      return;
    }
    options?.set(option.name, {
      name: option.name,
      value: option.values.join('\n').trimEnd(),
      section: this.#section,
      file: this.#file,
      line: option.line,
      valueLines: option.valueLines,
    });
  }

  #fail(code: string, message: string, remedy: string, section = this.#section, option?: OpenOption): void {
    const line = option?.line ?? this.#line;
    const where = { file: this.#file, line, section, option: option?.name };
    this.#errors.push(new BailiffError(code, `${message}.`, { where, remedy }));
  }
}

function withoutComment(line: string): { text: string; commented: boolean } {
  if (/^\s*[#;]/.test(line)) return { text: '', commented: true };
  const inline = /(?:^|\s);/.exec(line);
  return inline === null
    ? { text: line, commented: false }
    : { text: line.slice(0, inline.index), commented: true };
}
