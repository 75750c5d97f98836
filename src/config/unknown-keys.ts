/**
 * Keys that nothing reads: probably slips of the pen.
 * Takes sections and the table of settings; gives a warning for each unknown key that no `%(key)s` or `<key>` refers to,
 * with the nearest known name. Files of the package or an unmodified distribution are not judged.
 */
import { BailiffError } from '../lib/errors.js';
import { nearestName } from './nearest-name.js';
import { type Problem, problemOf } from './problem.js';
import type { Sections, Setting } from './sections.js';
import { type SettingsFile, findSetting, settingsTable } from './settings.js';

/** @param judged whether a file is the admin's own. */
export function unknownKeys(
  sections: Sections,
  table: SettingsFile,
  judged: (file: string) => boolean,
): readonly Problem[] {
  const referred = referredNames(sections);
  const known = settingsTable[table].map((setting) => setting.name);
  const problems: Problem[] = [];
  for (const section of ['DEFAULT', ...sections.names()]) {
    if (section === 'INCLUDES') continue;
    for (const setting of sections.settings(section)) {
      if (!judged(setting.file) || isKnown(table, setting.name) || referred.has(setting.name)) continue;
      problems.push(problemOf(unknown(setting, nearestName(setting.name, known)), 'warning'));
    }
  }
  return problems;
}

/** Settings of the admin's that this version reads without acting on them; what is written as the default is no matter. */
export function idleKeys(
  sections: Sections,
  jails: readonly string[],
  judged: (file: string) => boolean,
): readonly Problem[] {
  const written = ['DEFAULT', ...jails].flatMap((section) => sections.settings(section));
  return written
    .filter(({ name, value, file }) => {
      const setting = findSetting('jail', name);
      return setting?.idle === true && value !== '' && value !== setting.default && judged(file);
    })
    .map(({ file, line, section, name }) => {
      const where = { file, line, section, option: name };
      const remedy = 'Remove it, or take it as a note for later.';
      return problemOf(
        new BailiffError('config.no-effect', 'has no effect in this version.', { where, remedy }),
        'warning',
      );
    });
}

function isKnown(table: SettingsFile, name: string): boolean {
  if (findSetting(table, name) !== undefined) return true;
  // The shortcuts of Fail2Ban's jail.conf, and a filter's own journal settings.
  return table === 'jail' && /^(?:action_\w*|__\w+__)$/.test(name);
}

function referredNames(sections: Sections): ReadonlySet<string> {
  const names = new Set<string>();
  for (const section of ['DEFAULT', ...sections.names()]) {
    for (const setting of sections.settings(section)) {
      for (let at: Setting | undefined = setting; at !== undefined; at = at.known) {
        for (const [, name] of at.value.matchAll(/%\((?:[^()]*\/)?([^()/]+)\)s/g))
          if (name !== undefined) names.add(name.toLowerCase());
        for (const [, name] of at.value.matchAll(/<(?:[^<>\s]*\/)?([^<>\s/]+)>/g))
          if (name !== undefined) names.add(name.toLowerCase());
      }
    }
  }
  return names;
}

function unknown(setting: Setting, near: string | undefined): BailiffError {
  const { file, line, section, name } = setting;
  return new BailiffError('config.unknown-key', 'no setting has this name.', {
    where: { file, line, section, option: name },
    remedy: near === undefined ? 'Remove it.' : `Did you mean \`${near}\`?`,
  });
}
