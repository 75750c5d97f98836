/**
 * Reads the configuration in a thread of its own, so that nobody waits for it meanwhile.
 * Takes where it is; gives what `loadConfiguration` gives.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../../lib/code-url.js';
import type { Configuration, ConfigurationRequest } from '../../config/configuration.js';
import type { FilterOptions } from '../../filter/match.js';

const WORKER = codeUrl('daemon/reloading/configuration-worker.js');

export interface ReadingOrder extends Pick<ConfigurationRequest, 'configDirectory' | 'asFail2ban'> {
  /** Filters that run: their expressions need not be tried again. */
  readonly sound: readonly FilterOptions[];
}

/** @throws Error where the thread ends without an answer. */
export function readConfigurationInThread(order: ReadingOrder): Promise<Configuration> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: order });
    // A parse boundary: the worker gives exactly this.
    worker.once('message', (configuration: Configuration) => resolve(configuration));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the configuration was not read')));
  });
}
