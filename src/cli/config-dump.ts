/**
 * `bailiff config dump [--as fail2ban]`: the configuration as it is understood, every jail that can run.
 * Takes the command line's options; prints; gives 4 where a jail does not hold. Keys and passwords are not shown.
 */
import { problemText } from './config-check.js';
import { EXIT } from './exit.js';
import type { ReadOptions } from './options.js';
import { readConfiguration } from './read-configuration.js';

export async function configDump(asStream: boolean, options: ReadOptions): Promise<number> {
  const { terminal, json } = options;
  const asFail2ban = options.asFail2ban || asStream;
  const configuration = await readConfiguration({ configDirectory: options.configDirectory, asFail2ban });
  const { dumpConfiguration } = await import('../config/dump.js');
  const text = dumpConfiguration(configuration, asStream ? 'fail2ban' : 'native');
  const lines = text.trimEnd().split('\n');
  if (!json) for (const line of lines) terminal.line(line);
  else if (asStream) terminal.json(lines);
  else {
    const { nativeDump } = await import('../config/dump-native.js');
    terminal.json(nativeDump(configuration));
  }
  const errors = configuration.problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) terminal.complain(problemText(problem));
  return errors.length === 0 ? EXIT.ok : EXIT.configuration;
}
