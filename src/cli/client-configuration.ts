/**
 * What `fail2ban-client -d`, `-t` and `--str2sec` need of the configuration, loaded when one of them is asked for.
 */
import type { ClientConfiguration } from './client.js';
import { readConfiguration } from './read-configuration.js';

export const clientConfiguration: ClientConfiguration = {
  async dump(configDirectory) {
    const { fail2banStream } = await import('./fail2ban-stream.js');
    return fail2banStream(await readConfiguration({ configDirectory, asFail2ban: true })).join('\n');
  },
  async isValid(configDirectory) {
    const { problems } = await readConfiguration({ configDirectory, asFail2ban: false });
    return problems.every(({ severity }) => severity !== 'error');
  },
  async seconds(text) {
    const { parseDuration } = await import('../config/duration.js');
    return parseDuration(text);
  },
};
