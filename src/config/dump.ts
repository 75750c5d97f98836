/**
 * What `config dump` prints.
 * Takes a configuration and the form; gives one text. Exit codes are the command line's.
 */
import type { Configuration } from './configuration.js';
import { fail2banDump } from './dump-fail2ban.js';
import { nativeDump } from './dump-native.js';

/** `fail2ban`: lines as of `fail2ban-client -d`, for a configuration read with asFail2ban; `native`: JSON. */
export function dumpConfiguration(configuration: Configuration, form: 'fail2ban' | 'native'): string {
  if (form === 'fail2ban') return `${fail2banDump(configuration).join('\n')}\n`;
  return `${JSON.stringify(nativeDump(configuration), undefined, 2)}\n`;
}
