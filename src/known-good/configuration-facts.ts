/**
 * What the configuration means, as facts: its settings, and each jail that can run.
 * Takes a configuration; gives groups of names and values, lists with a line for each entry.
 */
import type { Configuration } from '../config/configuration.js';
import { nativeDump } from '../config/dump-native.js';
import type { Facts } from './state.js';

/** The jail's filter once more, for the other of journal and files. */
const OTHER_FILTER = 'otherFilter';

export function configurationFacts(configuration: Configuration): Facts {
  // What JSON can hold, as everybody else sees it.
  const { settings, jails, ...rest } = nativeDump(configuration);
  const groups: [string, Facts[string]][] = [
    ['configuration', flat(rest)],
    ['settings', flat(settings)],
  ];
  for (const jail of Array.isArray(jails) ? jails : []) groups.push([`jail ${nameOf(jail)}`, flat(jail)]);
  return Object.fromEntries(groups);
}

function nameOf(jail: unknown): string {
  return typeof jail === 'object' && jail !== null && 'name' in jail ? String(jail.name) : '';
}

/** `{ a: { b: 1 } }` → `a.b` = `1`. */
function flat(value: unknown): Facts[string] {
  const found: [string, string][] = [];
  const walk = (name: string, at: unknown): void => {
    if (at === undefined || name === OTHER_FILTER) return;
    if (at instanceof Set) return walk(name, [...at]);
    if (at instanceof Map) return walk(name, Object.fromEntries(at));
    if (Array.isArray(at) && at.every((each) => typeof each !== 'object' || each === null))
      return void found.push([name, at.map(wordOf).join('\n')]);
    if (typeof at !== 'object' || at === null) return void found.push([name, wordOf(at)]);
    for (const [key, inner] of Object.entries(at)) walk(name === '' ? key : `${name}.${key}`, inner);
  };
  walk('', value);
  return Object.fromEntries(found);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
