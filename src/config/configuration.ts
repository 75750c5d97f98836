/**
 * Reads the whole configuration: chooses the directory, lays the files over each other, checks, freezes.
 * Takes what the command line says; gives the settings, every jail that can run, and every problem with place and remedy.
 * Never throws for what an admin wrote; exit codes are the command line's.
 */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { CheckAction } from '../action/options.js';
import type { FilterOptions } from '../filter/match.js';
import type { JailOptions } from '../jail/options.js';
import { BailiffError } from '../lib/errors.js';
import { chooseDirectory } from './directory.js';
import { DistributionFiles } from './distribution-files.js';
import { type ConfigurationEnvironment, configurationEnvironment } from './environment.js';
import { type ReadJail, readJail } from './jail-reader.js';
import { JailSection } from './jail-section.js';
import { type ConfigLayers, readLayers } from './layers.js';
import { type Problem, problemOf } from './problem.js';
import { type ProgramSettings, readProgramSettings } from './program-settings.js';
import type { Sections } from './sections.js';
import { straySections } from './stray-sections.js';
import { idleKeys, unknownKeys } from './unknown-keys.js';
import { parseBoolean } from './values.js';

export interface ConfigurationRequest {
  /** The value of `--config`. */
  readonly configDirectory?: string | undefined;
  readonly asFail2ban?: boolean | undefined;
  readonly environment?: Partial<ConfigurationEnvironment> | undefined;
  /** The filter stage's judgement on expressions; without it they are only looked at. */
  readonly checkFilter?: ((options: FilterOptions) => readonly BailiffError[]) | undefined;
  /** The action stage's judgement on what its actions are told. */
  readonly checkAction?: CheckAction | undefined;
}

export interface Configuration {
  /** Where the jails were read. */
  readonly directory: string;
  /** Where that directory comes from; `policy` = the shipped mail policy. */
  readonly from: 'option' | 'bailiff' | 'fail2ban' | 'policy';
  /** Holds jails too, but was not read. */
  readonly ignoredDirectory: string | undefined;
  readonly asFail2ban: boolean;
  readonly settings: ProgramSettings;
  /** Enabled and valid, in the order of the files. */
  readonly jails: readonly JailOptions[];
  /** Every enabled jail, sound or not, in the order of the files. */
  readonly enabledJails: readonly string[];
  /** Enabled, but left out because of a problem. */
  readonly brokenJails: readonly string[];
  /** Broken jail → the first thing wrong with it. */
  readonly brokenReasons: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  /** The same jails with their texts, for `config dump`. */
  readonly written: readonly ReadJail[];
}

/** Reads everything. */
export function loadConfiguration(request: ConfigurationRequest = {}): Configuration {
  const environment = configurationEnvironment(request.environment);
  const asFail2ban = request.asFail2ban ?? false;
  const choice = chooseDirectory(request.configDirectory, {
    bailiff: environment.etcBailiff,
    fail2ban: environment.etcFail2ban,
    policy: environment.policy,
  });
  const shipped = asFail2ban ? undefined : environment.shipped;
  const distribution = new DistributionFiles(environment.dpkg);
  const layers: ConfigLayers = { shipped, directory: choice.directory, distribution };
  const problems: Problem[] = [];
  const tell = (problem: Problem): void => void problems.push(problem);

  const sections = readLayers(layers, 'jail');
  const own = readLayers({ ...layers, shipped: environment.shipped, directory: choice.own }, 'bailiff');
  const fail2ban = readLayers(layers, 'fail2ban');
  for (const file of [sections, own, fail2ban])
    problems.push(...file.errors().map((error) => problemOf(error)));
  const judged = (file: string): boolean => isAdmins(file, layers, environment);
  problems.push(...unknownKeys(sections, 'jail', judged));
  problems.push(...straySections(sections, judged));
  problems.push(...unknownKeys(own, 'bailiff', judged));
  problems.push(...unknownKeys(fail2ban, 'fail2ban', judged));
  const settings = readProgramSettings(own, fail2ban, tell);

  const written: ReadJail[] = [];
  const brokenJails = new Map<string, string>();
  const enabledJails: string[] = [];
  const { checkFilter, checkAction } = request;
  const view = { sections, layers, asFail2ban, environment, checkFilter, checkAction };
  for (const name of sections.names()) {
    const found: Problem[] = [];
    const context = { ...view, tell: (problem: Problem): void => void found.push(problem) };
    if (name !== 'INCLUDES' && isEnabled(name, context)) {
      enabledJails.push(name);
      const jail = readJail(name, context);
      if (jail !== undefined) written.push(jail);
      else
        brokenJails.set(name, found.find(({ severity }) => severity === 'error')?.message ?? 'see its file.');
    }
    // What stands in [DEFAULT] is wrong for every jail, and told once.
    problems.push(...found.filter((problem) => !problems.some((other) => sameProblem(problem, other))));
  }
  problems.push(...idleKeys(sections, enabledJails, judged));
  if (enabledJails.length === 0) tell(problemOf(noJails(choice.directory), 'warning'));
  return Object.freeze({
    directory: choice.directory,
    from: choice.from,
    ignoredDirectory: choice.ignored,
    asFail2ban,
    settings: Object.freeze(settings),
    jails: Object.freeze(written.map((jail) => jail.options)),
    enabledJails: Object.freeze(enabledJails),
    brokenJails: Object.freeze([...brokenJails.keys()]),
    brokenReasons: Object.freeze(Object.fromEntries(brokenJails)),
    problems: Object.freeze(problems),
    written: Object.freeze(written),
  });
}

function sameProblem(one: Problem, other: Problem): boolean {
  return (
    one.file === other.file &&
    one.line === other.line &&
    one.code === other.code &&
    one.message === other.message
  );
}

interface EnabledContext {
  readonly sections: Sections;
  readonly layers: ConfigLayers;
  readonly asFail2ban: boolean;
  readonly tell: (problem: Problem) => void;
}

function isEnabled(name: string, context: EnabledContext): boolean {
  const section = new JailSection(name, context);
  try {
    return parseBoolean(section.text('enabled'));
  } catch (error) {
    if (!(error instanceof BailiffError)) throw error;
    context.tell(problemOf(error, 'error', section.place('enabled')));
    return false;
  }
}

/** Whether the admin wrote the file: not the package, and not the distribution. */
function isAdmins(file: string, layers: ConfigLayers, environment: ConfigurationEnvironment): boolean {
  if (file.startsWith(environment.shipped + sep)) return false;
  return !layers.distribution.isUnmodified(relative(layers.directory, file), readFileSync(file));
}

function noJails(directory: string): BailiffError {
  return new BailiffError('config.no-jails', 'no jail is enabled.', {
    where: { file: directory },
    remedy: 'Set enabled = true in the section of a jail.',
  });
}
