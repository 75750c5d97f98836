/**
 * What the host knows of a ban that may be reported: its evidence, its jail as configured now, good logins, exceptions.
 * Takes an entry of the outbox; gives the case for the judge, or undefined where its jail reports no more.
 */
import type { OutboxEntry } from '../../action/outbox/outbox.js';
import type { JailCase } from '../../action/report/compose.js';
import type { Ban } from '../../ban/ban.js';
import type { Jails } from '../../jail/jails.js';
import type { Store } from '../../store/store.js';

const DAY_MS = 86_400_000;

/** What the outbox keeps of a ban. */
export type BanFacts = Pick<Ban, 'target' | 'address' | 'bannedAtMs' | 'untilMs' | 'failures' | 'origin'>;

export function banFacts({ target, address, bannedAtMs, untilMs, failures, origin }: Ban): string {
  return JSON.stringify({ target, address, bannedAtMs, untilMs, failures, origin } satisfies BanFacts);
}

export function reportCase(
  { jail: name, ban, payload }: OutboxEntry,
  { jails, store }: { readonly jails: Jails; readonly store: Store },
  nowMs: number,
): JailCase | undefined {
  const jail = jails.get(name);
  const action = jail?.options.actions.find(({ native }) => native === 'abuseipdb');
  if (jail === undefined || action === undefined || jail.options.report === undefined) return undefined;
  // A parse boundary: written by `banFacts`.
  const facts = JSON.parse(payload) as BanFacts;
  const all = ban === undefined ? [] : store.failures.ofBan(ban);
  const lastMs = Math.max(...all.map(({ timeMs }) => timeMs));
  const { findtimeSeconds, knownclientsDays } = jail.options.failure;
  const loginMs = facts.address === undefined ? undefined : store.knownClients.lastMs(facts.address);
  return {
    ...facts,
    jail: name,
    filter: jail.options.filter.name,
    evidence: all.filter(({ timeMs }) => timeMs >= lastMs - findtimeSeconds * 1000),
    options: jail.options.report,
    categories: action.parameters['abuseipdb_category'] ?? '',
    allowedBecause: facts.address === undefined ? undefined : jail.failures.allowedBecause(facts.address),
    isKnownClient: loginMs !== undefined && loginMs >= nowMs - knownclientsDays * DAY_MS,
  };
}
