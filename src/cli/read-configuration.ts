/**
 * Reads the configuration for the commands that show it, its expressions and actions judged by the stages themselves.
 * Takes the command line's options; gives it as `config/` read it. Loads what it needs only when called.
 */
import type { Configuration } from '../config/configuration.js';

/** Never throws for what an admin wrote: that is in `problems`. */
export async function readConfiguration(options: {
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
}): Promise<Configuration> {
  const { configDirectory, asFail2ban } = options;
  const { loadConfiguration } = await import('../config/configuration.js');
  const { stageChecks } = await import('../jail/stage-checks.js');
  return loadConfiguration({ configDirectory, asFail2ban, ...stageChecks });
}
