/**
 * Reads a filter of `filter.d` with its parameters into the options of the filter stage.
 * Takes the filter's name, the parameters of the call and what the jail sets itself; gives FilterOptions and journalmatch.
 * `<HOST>` and `<F-…>` are left for the stage; whether an expression compiles is its business as well.
 */
import type { FilterOptions } from '../filter/match.js';
import { BailiffError } from '../lib/errors.js';
import { DEFINITION_GIVEN } from './compatibility.js';
import { interpolated } from './interpolate.js';
import { type ConfigLayers, definitionNames, readLayers } from './layers.js';
import { nearestName } from './nearest-name.js';
import { atPlace } from './problem.js';
import type { Sections, Setting } from './sections.js';
import { withTags } from './tags.js';
import { parseInteger, parseLines, parseUsedns, parseZone } from './values.js';

/** What a jail sets in place of its filter's own option, by name. */
export type FilterOverrides = ReadonlyMap<string, { readonly text: string; readonly setting: Setting }>;

export interface LoadedFilter {
  readonly options: FilterOptions;
  /** The lines of the filter's own journalmatch. */
  readonly journalMatch: readonly string[];
  /** Whether journalmatch stands in [Init]: then Fail2Ban adds the jail's to it. */
  readonly journalMatchInInit: boolean;
  /** Every option of the definition, tags filled in: `%(known/x)s` in a jail. */
  readonly known: ReadonlyMap<string, string>;
  /** Where an option was written, for messages about it. */
  readonly places: ReadonlyMap<string, Setting>;
}

/**
 * The options of a filter. `parameters` may hold `logtype` (`journal` or `file`, the default).
 * @throws BailiffError `config.filter-missing`, or what is wrong with one of its options.
 */
export function loadFilter(
  name: string,
  parameters: Readonly<Record<string, string>>,
  layers: ConfigLayers,
): FilterOptions {
  const logtype = parameters['logtype'] === 'journal' ? 'journal' : 'file';
  return readFilter(name, new Map(Object.entries(parameters)), layers, { logtype }).options;
}

/** As `loadFilter`, with what a jail has to know besides. */
export function readFilter(
  name: string,
  parameters: ReadonlyMap<string, string>,
  layers: ConfigLayers,
  jail: { readonly logtype: 'journal' | 'file'; readonly overrides?: FilterOverrides | undefined },
): LoadedFilter {
  const sections = readLayers(layers, `filter.d/${name}`);
  for (const error of sections.errors()) throw error;
  if (!sections.has('Definition')) throw missing(name, layers);
  return new FilterReader(name, parameters, sections, jail.logtype, jail.overrides ?? new Map()).read();
}

class FilterReader {
  readonly #name: string;
  readonly #parameters: ReadonlyMap<string, string>;
  readonly #sections: Sections;
  readonly #logtype: 'journal' | 'file';
  readonly #overrides: FilterOverrides;
  /** Parameters over [Init]: what `%(x)s` sees before the section. */
  readonly #given: Map<string, string>;

  constructor(
    name: string,
    parameters: ReadonlyMap<string, string>,
    sections: Sections,
    logtype: 'journal' | 'file',
    overrides: FilterOverrides,
  ) {
    this.#name = name;
    this.#parameters = parameters;
    this.#sections = sections;
    this.#logtype = logtype;
    this.#overrides = overrides;
    this.#given = new Map(DEFINITION_GIVEN);
    for (const setting of sections.settings('Init')) this.#given.set(setting.name, this.#raw(setting));
    if (sections.own('Definition', 'logtype') === undefined && !this.#given.has('logtype'))
      this.#given.set('logtype', logtype);
    for (const [key, value] of parameters) this.#given.set(key, value);
  }

  read(): LoadedFilter {
    const lines = (option: string): readonly string[] => this.#parsed(option, parseLines) ?? [];
    const options: FilterOptions = {
      name: this.#title(),
      prefregex: this.#parsed('prefregex', (text) => (text === '' ? undefined : text)),
      failregex: lines('failregex'),
      ignoreregex: lines('ignoreregex'),
      successregex: lines('successregex'),
      datepattern: lines('datepattern'),
      maxlines: this.#parsed('maxlines', (text) => parseInteger(text, 1, 1000)) ?? 1,
      usedns: this.#parsed('usedns', parseUsedns) ?? 'warn',
      logTimezoneSeconds: this.#parsed('logtimezone', parseZone),
      logtype: this.#logtype,
    };
    return {
      options,
      journalMatch: parseLines(this.#text('journalmatch', false) ?? ''),
      journalMatchInInit: this.#sections.own('Init', 'journalmatch') !== undefined,
      known: this.#known(),
      places: this.#places(),
    };
  }

  /** `sshd[mode=aggressive]`; the mode that every jail passes by itself is left out. */
  #title(): string {
    const told = [...this.#parameters].filter(
      ([key, value]) => key !== 'logtype' && !(key === 'mode' && value === 'normal'),
    );
    return told.length === 0 ? this.#name : `${this.#name}[${told.map((pair) => pair.join('=')).join(', ')}]`;
  }

  #parsed<T>(option: string, parse: (text: string) => T): T | undefined {
    const text = this.#text(option, true);
    return text === undefined ? undefined : atPlace(this.#place(option), () => parse(text));
  }

  #place(option: string): { file?: string; line?: number; section?: string; option: string } {
    const setting = this.#overrides.get(option)?.setting ?? this.#setting(option);
    if (setting === undefined) return { option };
    return { file: setting.file, line: setting.line, section: setting.section, option };
  }

  #setting(option: string): Setting | undefined {
    return this.#sections.own('Init', option) ?? this.#sections.get('Definition', option);
  }

  #text(option: string, overridden: boolean): string | undefined {
    const written = overridden ? this.#overrides.get(option)?.text : undefined;
    const raw = written ?? this.#value(option);
    if (raw === undefined) return undefined;
    return atPlace(this.#place(option), () => withTags(raw, (tag) => this.#tag(tag)).trim());
  }

  /** Parameters, then [Init], then [Definition]. */
  #value(option: string): string | undefined {
    const given = this.#given.get(option);
    if (given !== undefined) return given;
    const setting = this.#sections.get('Definition', option);
    return setting === undefined ? undefined : this.#raw(setting);
  }

  #raw(setting: Setting): string {
    const section = setting.section === 'DEFAULT' ? 'Definition' : setting.section;
    return interpolated(setting, { sections: this.#sections, section, given: this.#given });
  }

  #tag(tag: string): string | undefined {
    const slash = tag.lastIndexOf('/');
    if (slash <= 0) return this.#value(tag);
    const place = tag.slice(0, slash);
    const option = tag.slice(slash + 1).toLowerCase();
    const setting = place === 'known' ? this.#setting(option) : this.#named(place, option);
    return setting === undefined ? undefined : this.#raw(setting);
  }

  #named(section: string, option: string): Setting | undefined {
    return this.#sections.has(section) ? this.#sections.get(section, option) : undefined;
  }

  #known(): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    for (const setting of [...this.#sections.settings('DEFAULT'), ...this.#sections.settings('Definition')]) {
      const text = this.#textIfSound(setting.name);
      if (text !== undefined) known.set(setting.name, text);
    }
    for (const [key, value] of this.#given) known.set(key, value);
    return known;
  }

  /** An option that nothing uses may be broken without harm; what is used has been read, and told, by then. */
  #textIfSound(option: string): string | undefined {
    try {
      return this.#text(option, false);
    } catch (error) {
      if (error instanceof BailiffError) return undefined;
      throw error;
    }
  }

  #places(): ReadonlyMap<string, Setting> {
    const places = new Map<string, Setting>();
    for (const section of ['DEFAULT', 'Definition', 'Init'])
      for (const setting of this.#sections.settings(section)) places.set(setting.name, setting);
    for (const [option, { setting }] of this.#overrides) places.set(option, setting);
    return places;
  }
}

function missing(name: string, layers: ConfigLayers): BailiffError {
  const near = nearestName(name, definitionNames(layers, 'filter.d'));
  return new BailiffError('config.filter-missing', `there is no filter \`${name}\`.`, {
    remedy:
      near === undefined
        ? `Write filter.d/${name}.conf with a [Definition], or name another filter.`
        : `Did you mean \`${near}\`?`,
  });
}
