/**
 * `bailiff known-good save|check|show`: keeps the state of configuration and host, tells what differs now, prints it.
 * Takes the command line's options; prints; gives 0, 1 where something differs or nothing is kept, 4 where the configuration
 * does not hold. Keys and passwords are neither kept nor shown.
 */
import { request } from '../control/client.js';
import { BailiffError } from '../lib/errors.js';
import { daemonPaths } from '../lib/paths.js';
import { configurationEnvironment } from '../config/environment.js';
import type { Configuration } from '../config/configuration.js';
import { type Difference, differences } from '../known-good/differences.js';
import { documentOf } from '../known-good/document.js';
import { keep, readKept } from '../known-good/keep.js';
import type { Facts, KnownGood } from '../known-good/state.js';
import { takeState } from '../known-good/take-state.js';
import { problemText } from './config-check.js';
import { EXIT } from './exit.js';
import type { ReadOptions } from './options.js';
import { readConfiguration } from './read-configuration.js';
import type { Terminal } from './terminal.js';
import { timeText } from './time-text.js';

export interface KnownGoodOptions extends ReadOptions {
  /** undefined = as Bailiff's settings say. */
  readonly stateDirectory: string | undefined;
  readonly socketPath: string;
}

export async function knownGoodSave(options: KnownGoodOptions, nowMs: number): Promise<number> {
  const { terminal, json } = options;
  const configuration = await readConfiguration(options);
  const errors = configuration.problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) terminal.complain(problemText(problem));
  if (errors.length > 0) {
    terminal.complain('Nothing was kept: a configuration that does not hold is not good.');
    return EXIT.configuration;
  }
  const state = await stateNow(configuration, options, nowMs);
  const path = keep(placeOf(configuration, options), state);
  const facts = Object.values(state.facts).reduce((sum, group) => sum + Object.keys(group).length, 0);
  if (json) terminal.json({ path, files: state.files.length, facts });
  else terminal.line(`Kept as known good: ${state.files.length} files and ${facts} facts, in ${path}`);
  return EXIT.ok;
}

export async function knownGoodCheck(options: KnownGoodOptions, nowMs: number): Promise<number> {
  const { terminal, json } = options;
  const configuration = await readConfiguration(options);
  const kept = readKept(placeOf(configuration, options));
  const found = differences(kept, await stateNow(configuration, options, nowMs));
  if (json) terminal.json({ same: found.length === 0, savedAtMs: kept.savedAtMs, differences: found });
  else {
    for (const difference of found) printDifference(terminal, difference);
    const since = `since ${timeText(kept.savedAtMs)}`;
    if (found.length === 0) terminal.line(`Nothing differs ${since}.`, 'green');
    else terminal.line(`${found.length} ${found.length === 1 ? 'differs' : 'differ'} ${since}.`, 'yellow');
  }
  return found.length === 0 ? EXIT.ok : EXIT.notFound;
}

export async function knownGoodShow(options: KnownGoodOptions): Promise<number> {
  const { terminal, json } = options;
  const kept = readKept(placeOf(await readConfiguration(options), options));
  if (json) terminal.json(kept);
  else for (const line of documentOf(kept, configurationEnvironment())) terminal.line(line);
  return EXIT.ok;
}

async function stateNow(
  configuration: Configuration,
  { socketPath }: KnownGoodOptions,
  nowMs: number,
): Promise<KnownGood> {
  return takeState({ configuration, daemon: await daemonFacts(socketPath), nowMs });
}

function placeOf({ settings }: Configuration, { stateDirectory }: KnownGoodOptions): string {
  return stateDirectory ?? settings.stateDirectory ?? daemonPaths().stateDirectory;
}

/** What the daemon says of itself, without what changes by the minute: its mode, and what is wrong with a jail. */
async function daemonFacts(socketPath: string): Promise<Facts[string]> {
  try {
    const { mode, jails } = await request(socketPath, { verb: 'status' });
    const ofJails = jails.map(({ name, hears, enforces }): [string, string] => {
      const wrong = [
        ...(hears.state === 'deaf' || hears.state === 'failing' ? [`hears: ${hears.state}`] : []),
        ...enforces
          .filter(({ state }) => state !== 'working')
          .map(({ action, state }) => `${action}: ${state}`),
      ];
      return [name, wrong.length === 0 ? 'in order' : wrong.join('\n')];
    });
    return Object.fromEntries([['mode', mode], ...ofJails]);
  } catch (error) {
    if (!(error instanceof BailiffError)) throw error;
    return { mode: error.code === 'control.no-daemon' ? 'no daemon runs' : 'the daemon was not asked' };
  }
}

function printDifference(terminal: Terminal, { group, name, what, was, now, omitted }: Difference): void {
  terminal.line(`${what} ${group}: ${name}`, 'bold');
  // Of a file that is gone `show` tells what was in it.
  if (group === 'file' && what === 'removed') return;
  for (const line of was) terminal.line(`  - ${line}`, 'red');
  for (const line of now) terminal.line(`  + ${line}`, 'green');
  if (omitted > 0) terminal.line(`  and ${omitted} more lines`);
}
