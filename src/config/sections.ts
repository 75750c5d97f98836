/**
 * The sections of several files laid over each other, later files over earlier ones, option by option.
 * Takes IniFiles in reading order; gives settings that know where they were written and what they replaced.
 * Does not interpolate.
 */
import type { BailiffError } from '../lib/errors.js';
import type { IniFile, IniOption } from './ini-file.js';

export interface Setting extends IniOption {
  /** What an earlier file says for the same option of the same section: `%(known/x)s`. */
  readonly known: Setting | undefined;
}

export class Sections {
  readonly #sections = new Map<string, Map<string, Setting>>();
  readonly #errors: BailiffError[] = [];

  constructor(files: Iterable<IniFile> = []) {
    for (const file of files) this.add(file);
  }

  /** Lays a file over what is there. */
  add(file: IniFile): void {
    this.#errors.push(...file.errors);
    for (const [name, options] of file.sections) {
      const section = this.#sections.get(name) ?? new Map<string, Setting>();
      this.#sections.set(name, section);
      for (const [option, written] of options)
        section.set(option, { ...written, known: section.get(option) });
    }
  }

  /** The setting of this very section. */
  own(section: string, option: string): Setting | undefined {
    return this.#sections.get(section)?.get(option);
  }

  /** The setting of the section, else of [DEFAULT]. */
  get(section: string, option: string): Setting | undefined {
    return this.own(section, option) ?? this.own('DEFAULT', option);
  }

  has(section: string): boolean {
    return this.#sections.has(section);
  }

  /** All settings written in a section itself. */
  settings(section: string): readonly Setting[] {
    return [...(this.#sections.get(section)?.values() ?? [])];
  }

  /** Section names in the order first met, without [DEFAULT]. */
  names(): readonly string[] {
    return [...this.#sections.keys()].filter((name) => name !== 'DEFAULT');
  }

  /** What could not be read in the files. */
  errors(): readonly BailiffError[] {
    return this.#errors;
  }
}
