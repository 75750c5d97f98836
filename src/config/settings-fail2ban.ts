/**
 * The options of fail2ban.conf, read so that an installation can be taken over as it is. A table of data.
 */
import type { SettingDefinition } from './setting-definition.js';

export const fail2banSettings: readonly SettingDefinition[] = [
  { name: 'loglevel', type: 'choice', choices: ['critical', 'error', 'warning', 'notice', 'info', 'debug', 'tracedebug', 'heavydebug'], default: 'INFO', idle: true, help: 'How much is told.' },
  { name: 'logtarget', type: 'text', default: '/var/log/fail2ban.log', idle: true, help: 'With `--as-fail2ban`: a file, STDOUT, STDERR, SYSLOG, SYSOUT or SYSTEMD-JOURNAL. Bailiff\'s own log has its own setting.' },
  { name: 'syslogsocket', type: 'text', default: 'auto', idle: true, help: 'Socket of SYSLOG.' },
  { name: 'socket', type: 'text', default: '/var/run/fail2ban/fail2ban.sock', idle: true, help: 'Socket of fail2ban-client; Bailiff\'s own has its own setting.' },
  { name: 'pidfile', type: 'text', default: '/var/run/fail2ban/fail2ban.pid', idle: true, help: 'Without effect.' },
  { name: 'allowipv6', type: 'choice', choices: ['auto', 'yes', 'no'], default: 'auto', idle: true, help: 'Whether IPv6 is looked at.' },
  { name: 'dbfile', type: 'text', default: '/var/lib/fail2ban/fail2ban.sqlite3', idle: true, help: 'Fail2Ban\'s database, read by `config import`.' },
  { name: 'dbmaxmatches', type: 'integer', default: '10', range: [0, 1000], help: 'Lines of each past ban that shell actions are told (`<ipmatches>`, and `<matches>` after a restart).' },
  { name: 'dbpurgeage', type: 'time', default: '1d', range: [0, 315_576_000], help: 'How long shell actions are told of past bans (`<ipfailures>`, `<ipmatches>`); how long they are kept is `historydays`.' },
  { name: 'stacksize', type: 'integer', default: '0', range: [0, 1_048_576], idle: true, help: 'Without effect.' },
]; // prettier-ignore
