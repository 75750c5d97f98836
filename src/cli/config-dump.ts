/**
 * `bailiff config dump [--as fail2ban]`: the configuration as it is understood, every jail that can run.
 * Takes the command line's options; prints; gives 4 where a jail does not hold. Secrets of actions are not shown.
 */
import type { JailOptions } from '../jail/options.js';
import { formatJournalMatch } from '../lib/journal-match.js';
import { EXIT } from './exit.js';
import { problemText } from './config-check.js';
import type { ReadOptions } from './options.js';
import { readConfiguration } from './read-configuration.js';

/** Parameters that hold keys and passwords. */
const SECRET = /key|token|secret|password|passwd|credential/i;

export async function configDump(asStream: boolean, options: ReadOptions): Promise<number> {
  const { terminal, json } = options;
  const asFail2ban = options.asFail2ban || asStream;
  const configuration = await readConfiguration({ ...options, asFail2ban });
  const errors = configuration.problems.filter(({ severity }) => severity === 'error');
  if (asStream) {
    const { fail2banStream } = await import('./fail2ban-stream.js');
    const lines = fail2banStream(configuration);
    if (json) terminal.json(lines);
    else for (const line of lines) terminal.line(line);
  } else if (json) {
    const { directory, from, settings, jails } = configuration;
    terminal.json({ directory, from, settings, jails: jails.map(jailJson) });
  } else {
    terminal.line(`# ${configuration.directory}`);
    for (const jail of configuration.jails) {
      terminal.line();
      terminal.line(`[${jail.name}]`, 'bold');
      for (const [name, value] of flat(jailJson(jail), '')) terminal.line(`${name} = ${value}`);
    }
  }
  for (const problem of errors) terminal.complain(problemText(problem));
  return errors.length === 0 ? EXIT.ok : EXIT.configuration;
}

function jailJson(jail: JailOptions): object {
  const { name: _name, watch, otherFilter: _other, actions, ...stages } = jail;
  return {
    name: jail.name,
    watch: { ...watch, journalMatch: formatJournalMatch(watch.journalMatch) },
    ...stages,
    actions: actions.map((action) => ({ ...action, parameters: withoutSecrets(action.parameters) })),
  };
}

function withoutSecrets(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      SECRET.test(name) && value !== '' ? '(secret)' : value,
    ]),
  );
}

/** `failure.maxretry`, `filter.failregex.0`, … */
function* flat(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      yield* flat(item, path === '' ? name : `${path}.${name}`);
  } else if (value !== undefined && path !== 'name') {
    yield [path, typeof value === 'string' ? value : JSON.stringify(value)];
  }
}
