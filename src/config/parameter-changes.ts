/**
 * Tells whether a distribution's filter or action was changed in its parameters alone, and which.
 * Takes the changed file and our definition of the same name; gives the changed parameters, to be laid over ours,
 * or undefined where the admin rewrote what it does: then the file wins as a whole.
 */
import { createHash } from 'node:crypto';
import { distributedEntries } from './distributed-entries.js';
import type { IniFile, IniOption } from './ini-file.js';
import type { Sections } from './sections.js';

/** Keys of [Definition] that say what a filter or action does; all others are parameters. */
const SUBSTANCE =
  /^(?:action(?!_)\w+|failregex|prefregex|ignoreregex|successregex|datepattern|native|_.*|mdre-.*|mdpr-.*|re-.*|cmnfail.*)$/;

/** @param name `filter.d/NAME` or `action.d/NAME`. */
export function changedParameters(name: string, file: IniFile, ours: Sections): IniFile | undefined {
  // An option that stands twice is told, and changes nothing but parameters.
  if (file.errors.some(({ code }) => code !== 'config.duplicate')) return undefined;
  const known = distributedEntries.get(name);
  const changed = new Map<string, Map<string, IniOption>>();
  for (const [section, options] of file.sections) {
    if (section === 'INCLUDES') continue;
    for (const option of options.values()) {
      if (known?.has(digestOf(option)) === true) continue;
      if (!isParameter(option, ours)) return undefined;
      // Where ours has it in [Init], it has to lie there to hold.
      const place =
        section === 'Definition' && ours.own('Init', option.name) !== undefined ? 'Init' : section;
      changed.set(place, (changed.get(place) ?? new Map<string, IniOption>()).set(option.name, option));
    }
  }
  return { file: file.file, sections: changed, errors: [] };
}

/** A short digest of one option as a distribution ships it; the texts themselves are not ours to ship. */
export function digestOf(option: Pick<IniOption, 'section' | 'name' | 'value'>): string {
  const text = `${option.section}\0${option.name}\0${option.value}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function isParameter(option: IniOption, ours: Sections): boolean {
  if (/^Init(?:\?|$)/.test(option.section)) return true;
  if (SUBSTANCE.test(option.name)) return false;
  return ours.get('Definition', option.name) !== undefined || ours.get('Init', option.name) !== undefined;
}
