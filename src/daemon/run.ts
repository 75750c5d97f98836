/**
 * The daemon's composition root. This file is the place that the command line calls; it is not connected yet.
 */
import { BailiffError } from '../lib/errors.js';
import type { RunOptions } from './options.js';

/** Runs until told to stop; gives the exit status. */
export function runDaemon(_options: RunOptions): Promise<number> {
  throw new BailiffError('daemon.not-connected', 'The daemon is not part of this build.');
}
