/**
 * What `fail2ban-client -d`, `-t` and `--str2sec` need of the configuration, loaded when one of them is asked for.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reprOf } from '../lib/python-value.js';
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
  async faults(configDirectory) {
    const { describeProblem } = await import('../daemon/reloading/tell-configuration.js');
    const { problems } = await readConfiguration({ configDirectory, asFail2ban: false });
    return problems.filter(({ severity }) => severity === 'error').map(describeProblem);
  },
  async seconds(text) {
    const { secondsOf, shownSeconds } = await import('../daemon/fail2ban/python-numbers.js');
    const { Refusal } = await import('../daemon/fail2ban/refusal.js');
    try {
      return { shown: reprOf(shownSeconds(secondsOf(text))) };
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return { fault: thrown.message };
    }
  },
};
