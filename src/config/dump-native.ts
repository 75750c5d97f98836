/**
 * The configuration as plain data, for `config dump` and `--json`.
 * Takes a configuration; gives what JSON can hold, journal matches as journalctl writes them, secrets hidden.
 */
import type { ActionOptions } from '../action/options.js';
import { formatJournalMatch } from '../lib/journal-match.js';
import type { Configuration } from './configuration.js';
import { hiddenSecret, isSecretName, secretsIn, withoutSecrets } from './secrets.js';

/** Field names are those of docs/json.md. */
export function nativeDump(configuration: Configuration): Readonly<Record<string, unknown>> {
  return {
    directory: configuration.directory,
    from: configuration.from,
    ignoredDirectory: configuration.ignoredDirectory ?? null,
    settings: configuration.settings,
    jails: configuration.jails.map((jail) => ({
      ...jail,
      watch: { ...jail.watch, journalMatch: formatJournalMatch(jail.watch.journalMatch) },
      actions: jail.actions.map(shownAction),
    })),
    brokenJails: configuration.brokenJails,
  };
}

function shownAction(action: ActionOptions): ActionOptions {
  const pairs = Object.entries(action.parameters);
  const secrets = secretsIn(pairs);
  const parameters = pairs.map(([key, value]): [string, string] => [
    key,
    isSecretName(key) ? hiddenSecret(value) : withoutSecrets(value, secrets),
  ]);
  // The commands are among the parameters.
  return { name: action.name, native: action.native, parameters: Object.fromEntries(parameters) };
}
