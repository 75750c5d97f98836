/**
 * The daemon's first steps, with as little loaded as they need: the thread that hears is started, the configuration is
 * read, and that thread compiles its expressions while the rest of the daemon loads.
 * Takes the command line's options; gives the exit status. The rest is run.ts.
 */
import { loadConfiguration } from '../config/configuration.js';
import { checkAction } from '../jail/check-action.js';
import { filtersOf } from '../jail/filters-of.js';
import { beginHearing } from './hearing/early-hearing.js';
import type { RunOptions } from './options.js';

/** Runs until told to stop. @returns the exit status. @throws BailiffError where it cannot begin. */
export async function startDaemon(options: RunOptions): Promise<number> {
  const early = beginHearing();
  try {
    const { configDirectory, asFail2ban } = options;
    // Expressions are only looked at; the other thread judges them.
    const configuration = loadConfiguration({ configDirectory, asFail2ban, checkAction });
    const isSound = early.check(filtersOf(configuration.jails));
    const { runDaemon } = await import('./run.js');
    return await runDaemon(options, { configuration, isSound, early });
  } finally {
    await early.close();
  }
}
