/**
 * Takes the state of configuration and host as it is now, with every secret hidden.
 * Takes a configuration that was read, and what else is known of the daemon; gives the state. Writes nothing.
 */
import { readFileSync } from 'node:fs';
import type { Configuration } from '../config/configuration.js';
import { type ConfigurationEnvironment, configurationEnvironment } from '../config/environment.js';
import { isSecretName } from '../config/secrets.js';
import { configurationFacts } from './configuration-facts.js';
import { type HostPlaces, hostFacts } from './host-facts.js';
import { filesOfLayers } from './kept-files.js';
import { Redactor } from './redactor.js';
import type { Facts, KeptFile, KnownGood } from './state.js';

export interface StateParts {
  readonly configuration: Configuration;
  /** Of the daemon, if one runs. */
  readonly daemon: Facts[string];
  readonly nowMs: number;
  readonly environment?: Partial<ConfigurationEnvironment> | undefined;
  readonly places?: Partial<HostPlaces> | undefined;
}

/** @throws BailiffError `config.unreadable`. */
export function takeState({ configuration, daemon, nowMs, environment, places }: StateParts): KnownGood {
  const { shipped, etcBailiff, dpkg, hostname } = configurationEnvironment(environment);
  const { directory, from, asFail2ban } = configuration;
  // Where `--config` names one directory, that is all there is besides the shipped files.
  const folders = [...(asFail2ban ? [] : [shipped]), directory, ...(from === 'option' ? [] : [etcBailiff])];
  const files = filesOfLayers(folders, dpkg);
  const redactor = new Redactor();
  for (const { path, text = '' } of files) if (mayHoldSecrets(path)) redactor.learnFrom(text);
  for (const secret of secretsOf(configuration)) redactor.learn(secret);
  const facts: Facts = {
    ...hostFacts({ hostname, dpkg, ...places }),
    ...configurationFacts(configuration),
    daemon,
  };
  return {
    version: 1,
    savedAtMs: nowMs,
    directory,
    facts: mapValues(facts, (group) => mapValues(group, (value) => redactor.hide(value, false))),
    files: files.map((file) => hidden(file, redactor)),
  };
}

function hidden({ text, ...file }: KeptFile, redactor: Redactor): KeptFile {
  return text === undefined ? file : { ...file, text: redactor.hide(text, mayHoldSecrets(file.path)) };
}

/** Filters are expressions about `password=` and the like: in them a secret is only what is one elsewhere. */
function mayHoldSecrets(path: string): boolean {
  return !path.includes('/filter.d/');
}

/** Values that the jails' actions were given, and what stands in files that they name. */
function secretsOf({ jails }: Configuration): readonly string[] {
  return jails
    .flatMap(({ actions }) => actions.flatMap(({ parameters }) => Object.entries(parameters)))
    .flatMap(([name, value]) => {
      const [, named] = /^(?:file:)?(\/\S+)$/.exec(value.trim()) ?? [];
      if (named !== undefined && (name.endsWith('keyfile') || value.trim().startsWith('file:')))
        return contentOf(named);
      return isSecretName(name) ? [value] : [];
    });
}

function contentOf(file: string): readonly string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return []; // Who may not read it cannot give it away.
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}
