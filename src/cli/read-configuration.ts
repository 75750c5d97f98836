/**
 * Reads the configuration for the commands that show it.
 * Takes the command line's options; gives it as `config/` read it. Loads `config/` only when called.
 */
import type { Configuration } from '../config/configuration.js';

/** Never throws for what an admin wrote: that is in `problems`. */
export async function readConfiguration(options: {
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
}): Promise<Configuration> {
  const { loadConfiguration } = await import('../config/configuration.js');
  return loadConfiguration({ configDirectory: options.configDirectory, asFail2ban: options.asFail2ban });
}
