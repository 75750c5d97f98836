/**
 * Fail2Ban's own filters on its own sample logs, through our engine: host, user, time, attempts, and no hit where none is due.
 */
process.env['TZ'] = 'Europe/Berlin';

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import { parseAddress } from '../../src/lib/address.js';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions } from '../../src/filter/match.js';
import type { LineVerdict } from '../../src/filter/verdict.js';
import type { Line } from '../../src/source/lines.js';
import { fail2ban, VERSIONS } from './fail2ban.js';
import { type Check, checksOf } from './sample-logs.js';

/** The moment at which the samples were written to be read: noon of 14 August 2005 in central Europe. */
const NOW_MS = 1_124_013_600_000;

interface Tried {
  readonly checks: number;
  readonly disagreements: readonly string[];
  /** Expressions that no sample hit. */
  readonly idle: readonly string[];
}

/** One filter with one set of options; it remembers connections from line to line. */
class Instance {
  readonly options: FilterOptions;
  readonly #filter: Filter;
  readonly #timed: boolean;
  readonly #used = new Set<number>();
  readonly #heard: string[] = [];

  constructor(name: string, parameters: Readonly<Record<string, string>>, directory: string) {
    const layers = { shipped: undefined, directory, distribution: new DistributionFiles('/nowhere') };
    this.options = { ...loadFilter(name, parameters, layers), usedns: 'raw' };
    this.#filter = new Filter(this.options, { now: () => NOW_MS });
    this.#timed = parameters['logtype'] === 'journal';
  }

  examine(text: string): LineVerdict {
    this.#heard.push(text);
    const verdict = this.#filter.examine(this.#line(text));
    if (verdict.judgement?.list === 'failregex') this.#used.add(verdict.judgement.expression);
    return verdict;
  }

  /** Expressions that matched no line, neither in their place nor, as the samples ask for, tried alone. */
  idle(): readonly string[] {
    return this.options.failregex.filter((text, index) => {
      if (this.#used.has(index)) return false;
      const alone = new Filter({ ...this.options, failregex: [text] }, { now: () => NOW_MS });
      return !this.#heard.some((line) => alone.examine(this.#line(line)).recognised);
    });
  }

  #line(text: string): Line {
    return { text, timeMs: this.#timed ? NOW_MS : Number.NaN, route: 0 };
  }
}

function tryFilter(name: string, directory: string, logs: string): Tried {
  const instances = new Map<string, Instance>();
  const disagreements: string[] = [];
  const checks = checksOf(name, logs);
  for (const check of checks) {
    const own = Object.entries(check.options).filter(([key]) => !key.startsWith('test.'));
    const parameters = Object.fromEntries(own);
    const key = JSON.stringify(parameters);
    const instance = instances.get(key) ?? new Instance(name, parameters, directory);
    instances.set(key, instance);
    const difference = differenceOf(check, instance.examine(check.text));
    if (difference !== undefined)
      disagreements.push(
        `${check.file}:${check.lineNumber} ${key}: ${difference}\n  ${check.text}\n  ${JSON.stringify(check.expected)}`,
      );
  }
  const everywhere = new Set([...instances.values()].flatMap((instance) => instance.options.failregex));
  const idle = [...everywhere].filter((text) =>
    [...instances.values()].every(
      (instance) => !instance.options.failregex.includes(text) || instance.idle().includes(text),
    ),
  );
  return { checks: checks.length, disagreements, idle };
}

function differenceOf(check: Check, verdict: LineVerdict): string | undefined {
  const { judgement } = verdict;
  const match = judgement?.outcome === 'failure' ? judgement.match : undefined;
  if (match === undefined) return check.match ? `no hit, but ${judgement?.outcome ?? 'nothing'}` : undefined;
  if (!check.match) return `a hit by expression ${match.expression} where none is due`;
  const told: Record<string, unknown> = {
    ...judgement?.data,
    host: judgement?.data['host'] ?? match.id,
    attempts: match.text.split('\n').length,
    users: match.users ?? (match.user === undefined ? [] : [match.user]),
  };
  for (const [key, value] of Object.entries(check.expected)) {
    const ours = told[key] ?? null;
    const same = Array.isArray(value)
      ? Array.isArray(ours) && sortedText(value) === sortedText(ours)
      : ours === value || (key === 'host' && parseAddress(String(value)) === ours);
    if (!same) return `${key} is ${JSON.stringify(ours)}, not ${JSON.stringify(value)}`;
  }
  if (typeof check.time !== 'string') return undefined;
  const expected = localTime(check.time);
  // Bailiff keeps the fraction of a second of a stamp, Fail2Ban that of an epoch only.
  const asRead = expected % 1000 === 0 ? Math.floor(match.timeMs / 1000) * 1000 : match.timeMs;
  return asRead === expected
    ? undefined
    : `time is ${new Date(match.timeMs).toISOString()}, not ${check.time}`;
}

function sortedText(values: readonly unknown[]): string {
  return JSON.stringify(values.map(String).sort((a, b) => (a < b ? -1 : 1)));
}

/** `2005-03-7T02:09:33.5` in the zone of the tests. */
function localTime(text: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number);
  return new Date(year, month - 1, day, hour, minute).getTime() + second * 1000;
}

for (const version of VERSIONS) {
  test(`every sample of Fail2Ban ${version} is seen as Fail2Ban sees it`, (context) => {
    const { configuration, tests } = fail2ban(version);
    const logs = join(tests, 'files', 'logs');
    const folders = [
      { directory: configuration, wanted: /^(?!.*common\.conf$).*\.conf$/ },
      { directory: join(tests, 'config'), wanted: /^zzz-.*\.conf$/ },
    ];
    let count = 0;
    const disagreements: string[] = [];
    const idle: string[] = [];
    for (const { directory, wanted } of folders) {
      for (const file of readdirSync(join(directory, 'filter.d')).filter((name) => wanted.test(name))) {
        const tried = tryFilter(file.replace(/\.conf$/, ''), directory, logs);
        count += tried.checks;
        disagreements.push(...tried.disagreements.map((text) => `${file}: ${text}`));
        idle.push(...tried.idle.map((text) => `${file}: ${text}`));
      }
    }
    context.diagnostic(`${version}: ${count - disagreements.length} of ${count} checks agree`);
    assert.deepEqual(disagreements, []);
    assert.deepEqual(idle, [], 'expressions that no sample hits');
    assert.ok(count > 1500, `only ${count} checks were found`);
  });
}
