/**
 * The one table of settings: name, type, default, range and help of every option that Bailiff knows.
 * `config/` reads options by it, unknown keys are found by it, and docs/settings.md is written from it.
 */
import { bailiffSettings } from './settings-bailiff.js';
import { fail2banSettings } from './settings-fail2ban.js';
import { jailSettings } from './settings-jail.js';
import type { SettingDefinition } from './setting-definition.js';

export type SettingsFile = 'jail' | 'fail2ban' | 'bailiff';

export const settingsTable: Readonly<Record<SettingsFile, readonly SettingDefinition[]>> = {
  jail: jailSettings,
  fail2ban: fail2banSettings,
  bailiff: bailiffSettings,
};

const byName: Readonly<Record<SettingsFile, ReadonlyMap<string, SettingDefinition>>> = {
  jail: new Map(jailSettings.map((setting) => [setting.name, setting])),
  fail2ban: new Map(fail2banSettings.map((setting) => [setting.name, setting])),
  bailiff: new Map(bailiffSettings.map((setting) => [setting.name, setting])),
};

/** The definition of an option, if there is one of that name. */
export function findSetting(file: SettingsFile, name: string): SettingDefinition | undefined {
  return byName[file].get(name);
}

/** The value that holds where nothing is written. */
export function defaultOf(file: SettingsFile, name: string, asFail2ban: boolean): string | undefined {
  const setting = findSetting(file, name);
  return asFail2ban ? (setting?.neutral ?? setting?.default) : setting?.default;
}
