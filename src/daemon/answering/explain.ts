/**
 * Answers `explain ADDR`: every line of evidence, every decision, and when it ends, from the store and the jails.
 * Takes a canonical address or network; gives the report. Bounded: the newest rows of each kind.
 */
import type { Explanation, JailBan, PastBan } from '../../control/answers.js';
import { baseAddressOf, parseAddress, widen } from '../../lib/address.js';
import type { BanRecord } from '../../store/ban-store.js';
import type { Store } from '../../store/store.js';
import { MESSAGE_NATIVES } from '../sending/message-routes.js';
import { reportEffects } from '../sending/report-answers.js';
import { banReport, type ReportParts } from './status-report.js';

const MAX_ROWS = 200;
const LEAVES: ReadonlySet<string> = new Set(['abuseipdb', ...MESSAGE_NATIVES]);

export function explain(address: string, parts: ReportParts & { readonly store: Store }): Explanation {
  const nowMs = parts.clock.now();
  const targets = targetsOf(address, parts);
  const history = parts.store.bans.history(targets, MAX_ROWS);
  const evidence = parts.store.failures.history(targets, MAX_ROWS);
  const bans = [...parts.jails].flatMap((jail): JailBan[] => {
    const ban = jail.bans.covering(address, nowMs);
    return ban === undefined ? [] : [{ jail: jail.name, ...banReport(ban) }];
  });
  const lastLoginMs = parts.store.knownClients.lastMs(address);
  return {
    address,
    bans,
    history: history.filter(({ endedAtMs }) => endedAtMs !== undefined).map(pastBan),
    evidence: evidence
      .map(({ jail, timeMs, user, text, attempts }) => ({
        jail,
        timeMs,
        user: user ?? null,
        text,
        attempts,
        counted: true,
        because: null,
      }))
      .reverse(),
    decisions: history.flatMap(decisionsOf).sort((left, right) => left.timeMs - right.timeMs),
    effects: [
      ...bans.flatMap((ban) =>
        parts.enforcement
          .of(ban.jail)
          // Of what leaves the host, the outbox tells more.
          .filter(({ action }) => !LEAVES.has(action.native ?? ''))
          .map(({ action, effect }) => ({
            timeMs: ban.sinceMs,
            jail: ban.jail,
            action: action.name,
            state: effect.state().state === 'working' ? ('done' as const) : ('skipped' as const),
            text: effect.state().detail,
          })),
      ),
      ...reportEffects(parts.store, targets),
    ],
    ignored: [...parts.jails].flatMap((jail) => {
      if (parseAddress(address) === undefined) return [];
      const because =
        jail.failures.allowedBecause(address) ?? jail.bans.sparedBecause({ id: address, address });
      return because === undefined ? [] : [{ jail: jail.name, because }];
    }),
    knownClient: lastLoginMs === undefined ? null : { user: null, lastLoginMs },
  };
}

/** The address itself and the networks that a jail would have counted it under. */
function targetsOf(address: string, { jails }: ReportParts): readonly string[] {
  const base = parseAddress(baseAddressOf(address));
  if (base === undefined || !base.includes(':')) return [address];
  const widths = [...jails].flatMap(({ options }) => [options.failure.ipv6prefix, options.ban.ipv6prefix]);
  return [...new Set([address, base, ...widths.map((prefix) => widen(base, prefix))])];
}

function pastBan(record: BanRecord): PastBan {
  return {
    jail: record.jail,
    ...banReport(record),
    endedAtMs: record.endedAtMs ?? null,
    endedWhy: record.endedWhy ?? null,
  };
}

function decisionsOf(record: BanRecord): Explanation['decisions'] {
  const { jail, target } = record;
  const until = record.untilMs === undefined ? 'for ever' : `until ${new Date(record.untilMs).toISOString()}`;
  const why = record.origin === 'hand' ? 'by hand' : `after ${record.failures} failures`;
  const ban = {
    timeMs: record.bannedAtMs,
    jail,
    kind: 'ban' as const,
    text: `banned ${target} ${until}, ${why}`,
  };
  if (record.endedAtMs === undefined) return [ban];
  const ended = record.endedWhy === 'expired' ? 'the ban ended' : `lifted (${record.endedWhy ?? 'unknown'})`;
  return [ban, { timeMs: record.endedAtMs, jail, kind: 'unban' as const, text: `${target}: ${ended}` }];
}
