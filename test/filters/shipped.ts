/**
 * Loads a shipped filter as the daemon does and asks it about single lines.
 * Each line meets a filter that remembers nothing, unless `engine` is asked for.
 */
import { join } from 'node:path';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import { Filter } from '../../src/filter/filter.js';
import type { Match } from '../../src/filter/match.js';
import type { Judgement } from '../../src/filter/verdict.js';
import { packageRoot } from '../../src/lib/package-root.js';
import type { LogType } from './samples.js';

export const NOW_MS = Date.parse('2026-11-22T16:00:00Z');

const layers = {
  shipped: join(packageRoot, 'config'),
  directory: join(packageRoot, 'test/filters/no-configuration'),
  distribution: new DistributionFiles(join(packageRoot, 'test/filters/no-dpkg')),
};
const stateless = new Map<string, Filter>();

/** A filter with its memory of connections. */
export function engine(
  name: string,
  mode: string,
  logtype: LogType,
  more: Readonly<Record<string, string>> = {},
): Filter {
  return new Filter(loadFilter(name, { ...more, mode, logtype }, layers), { now: () => NOW_MS });
}

/** What the filter says about one line; undefined: it does not recognise it. */
export function judge(name: string, mode: string, logtype: LogType, text: string): Judgement | undefined {
  const key = `${name} ${mode} ${logtype}`;
  const filter = stateless.get(key) ?? engine(name, mode, logtype);
  stateless.set(key, filter);
  filter.restore(new Map());
  return filter.examine({ text, timeMs: logtype === 'file' ? Number.NaN : NOW_MS, route: 0 }).judgement;
}

/** The same through the way that the daemon goes, gate included. */
export function hear(name: string, mode: string, logtype: LogType, text: string): Match | undefined {
  const out: Match[] = [];
  const filter = engine(name, mode, logtype);
  filter.hear({ text, timeMs: logtype === 'file' ? Number.NaN : NOW_MS, route: 0 }, out);
  return out[0];
}
