/**
 * One jail's view of the settings: its own section over [DEFAULT] over the table of settings.
 * Takes an option's name; gives its text with `%(…)s` resolved, and the place it was written at. Does not judge values.
 */
import type { Where } from '../lib/errors.js';
import { FAIL2BAN_VERSION } from './compatibility.js';
import { interpolated } from './interpolate.js';
import type { Sections, Setting } from './sections.js';
import { defaultOf, settingsTable } from './settings.js';

interface JailView {
  readonly sections: Sections;
  readonly layers: { readonly directory: string };
  readonly asFail2ban: boolean;
}

export class JailSection {
  readonly name: string;
  readonly #view: JailView;
  readonly #known: ReadonlyMap<string, string> | undefined;
  readonly #given: ReadonlyMap<string, string>;

  /** @param known the filter's options, for `%(known/failregex)s`. */
  constructor(name: string, view: JailView, known?: ReadonlyMap<string, string>) {
    this.name = name;
    this.#view = view;
    this.#known = known;
    this.#given = new Map([
      ['fail2ban_version', FAIL2BAN_VERSION],
      ['fail2ban_confpath', view.layers.directory],
    ]);
  }

  setting(option: string): Setting | undefined {
    return this.#view.sections.get(this.name, option);
  }

  /**
   * The option's text; the table's default where nothing is written, else empty.
   * @throws BailiffError `config.interpolation`.
   */
  text(option: string): string {
    const setting = this.setting(option) ?? this.#defaulted(option);
    if (setting === undefined) return '';
    const { sections } = this.#view;
    return interpolated(setting, {
      sections,
      section: this.name,
      given: this.#given,
      known: this.#known,
      fallback: (name) => this.#defaulted(name),
    });
  }

  /** Where an option was written; for one that is written nowhere, the jail's section. */
  place(option: string): Where {
    const setting = this.setting(option);
    if (setting !== undefined)
      return { file: setting.file, line: setting.line, section: setting.section, option };
    const [first] = this.#view.sections.settings(this.name);
    return { file: first?.file, section: this.name, option };
  }

  /** Every option of the table that is written somewhere or has a default, as text. */
  written(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const { name } of settingsTable.jail) {
      if (this.setting(name) !== undefined) texts.set(name, this.text(name));
    }
    return texts;
  }

  #defaulted(option: string): Setting | undefined {
    const value = defaultOf('jail', option, this.#view.asFail2ban);
    if (value === undefined) return undefined;
    return {
      name: option,
      value,
      section: this.name,
      file: 'built in',
      line: 0,
      valueLines: [],
      known: undefined,
    };
  }
}
