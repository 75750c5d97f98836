/**
 * What `fail2ban-client -d`, `-t` and `--str2sec` need of the configuration, loaded when one of them is asked for.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../lib/visible-text.js';
import type { ClientConfiguration } from './client.js';
import { readConfiguration } from './read-configuration.js';

export const clientConfiguration: ClientConfiguration = {
  async dump(configDirectory) {
    const { dumpConfiguration } = await import('../config/dump.js');
    const theirs = await readConfiguration({ configDirectory, asFail2ban: true });
    // Fail2Ban's own files may be gone, with the admin's jail.local left: then ours lie under it, as for the daemon.
    const whole = existsSync(join(theirs.directory, 'jail.conf'));
    const configuration = whole ? theirs : await readConfiguration({ configDirectory, asFail2ban: false });
    return dumpConfiguration(configuration, 'fail2ban').trimEnd().split('\n').map(visible).join('\n');
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
