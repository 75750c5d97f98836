/**
 * Narrows a journal match to entries that the service itself can have written.
 * Any local user may name a process or an identifier `sshd`: a group that rests on _COMM or SYSLOG_IDENTIFIER alone
 * also has to come from root or the service's user. Takes the match and the uids; gives the narrowed one.
 */
import type { JournalMatch } from '../lib/journal-match.js';

/** Users besides root under which the services of a filter log. */
const SERVICE_USERS: Readonly<Record<string, readonly string[]>> = {
  sshd: ['sshd'],
  postfix: ['postfix'],
  'postfix-sasl': ['postfix'],
  dovecot: ['dovecot', 'dovenull'],
  'apache-auth': ['www-data', 'apache'],
  rspamd: ['_rspamd', 'rspamd'],
  recidive: ['bailiff', 'fail2ban'],
};

/** Set by journald or by the manager: a process cannot choose them. */
const TRUSTED = ['_UID', '_SYSTEMD_UNIT', '_SYSTEMD_SLICE', '_SYSTEMD_CGROUP', '_SELINUX_CONTEXT'];
const CHOSEN = ['_COMM', 'SYSLOG_IDENTIFIER', 'SYSLOG_FACILITY', '_EXE', '_CMDLINE'];

export interface TrustedMatch {
  readonly match: JournalMatch;
  /** The fields that were narrowed, e.g. `_COMM=sshd`; empty = nothing was. */
  readonly narrowed: readonly string[];
}

/** @param uidOf the uid of a user of this host, if there is one. */
export function trustedMatch(
  match: JournalMatch,
  filter: string,
  uidOf: (user: string) => number | undefined,
): TrustedMatch {
  const uids = new Set(['0']);
  for (const user of SERVICE_USERS[filter] ?? []) {
    const uid = uidOf(user);
    if (uid !== undefined) uids.add(String(uid));
  }
  const narrowed: string[] = [];
  const groups = match.map((group) => {
    const fields = [...group.keys()];
    const claimed = fields.filter((field) => CHOSEN.includes(field));
    const kernel = group.get('_TRANSPORT');
    const trusted =
      fields.some((field) => TRUSTED.includes(field)) || (kernel?.size === 1 && kernel.has('kernel'));
    if (claimed.length === 0 || trusted) return group;
    for (const field of claimed)
      narrowed.push(...[...(group.get(field) ?? [])].map((value) => `${field}=${value}`));
    return new Map([...group, ['_UID', uids]]);
  });
  return { match: groups, narrowed };
}
