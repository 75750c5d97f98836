/**
 * Bailiff's own options (bailiff.conf, bailiff.local). A table of data.
 */
import type { SettingDefinition } from './setting-definition.js';

export const bailiffSettings: readonly SettingDefinition[] = [
  { name: 'enforce', type: 'choice', choices: ['nftables', 'none'], default: undefined, help: 'How bans are enforced. Unset, as `none`: decide and tell, and leave the firewall alone. The package sets `nftables`.' },
  { name: 'statedir', type: 'text', default: undefined, help: 'Where bans, evidence and places are kept; unset: /var/lib/bailiff, or the XDG folder of an ordinary user.' },
  { name: 'socket', type: 'text', default: undefined, help: 'The control socket; unset: /run/bailiff/bailiff.sock, or the XDG folder of an ordinary user.' },
  { name: 'loglevel', type: 'choice', choices: ['error', 'warning', 'notice', 'info', 'debug'], default: 'info', help: 'How much the log tells.' },
  { name: 'logtarget', type: 'text', default: undefined, help: 'The file of the log; `journal`, `stderr` or `none`: none. Unset: /var/log/bailiff/bailiff.log, or beside the state of an ordinary user. Standard error, under systemd the journal, has it always.' },
  { name: 'http', type: 'text', default: 'off', idle: true, help: 'Address of dashboard and metrics: `HOST:PORT`, or `off`.' },
  { name: 'shellactions', type: 'choice', choices: ['yes', 'no'], default: undefined, help: 'Whether actions with commands of the admin\'s own are run, in a shell, while the firewall is enforced. Unset: yes as root, no as any other user.' },
  { name: 'user', type: 'text', default: 'bailiff', idle: true, help: 'The user that a start as root drops to, where it exists.' },
  { name: 'mailer', type: 'choice', choices: ['smtp', 'sendmail'], default: 'smtp', help: 'How mail goes out: by SMTP, or through /usr/sbin/sendmail, which needs `packaging/sendmail.conf` beside the unit.' },
  { name: 'smtphost', type: 'server', default: '127.0.0.1:25', help: 'The mail server for `mailer = smtp`: `HOST:PORT`. Neither encryption nor login.' },
  { name: 'mailrate', type: 'integer', default: '20', range: [1, 3600], help: 'How many mails or messages one receiver gets in an hour at most; what is more goes into digests.' },
  { name: 'mailstartstop', type: 'choice', choices: ['yes', 'no'], default: 'no', help: 'Whether whoever gets mails or messages is told of each start and end of Bailiff as well.' },
  { name: 'whoisserver', type: 'registry', default: 'whois.iana.org', help: 'Where questions about addresses begin, for the mails of `action_mw`: `HOST` or `HOST:PORT`; `rdap`: by RDAP over HTTPS, beginning at ARIN, or `https://HOST/PATH` of another; `off`: nobody is asked.' },
  { name: 'reportqueue', type: 'integer', default: '20000', range: [1, 1_000_000], help: 'How many reports may wait at most, and how many messages for each receiver; beyond it the jails that have most waiting give up theirs with the fewest failures, counted.' },
  { name: 'historydays', type: 'integer', default: '90', range: [1, 3650], help: 'Days that past bans and their evidence are kept. Failures that still count are, however long `findtime` is.' },
]; // prettier-ignore
