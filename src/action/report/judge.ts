/**
 * Whether a ban deserves a report: fewer, and of higher confidence.
 * Takes the ban, its evidence and what the host knows of the address; gives what may be said, or the rule that decided.
 * Pure: `reports preview` and the daemon judge alike.
 */
import { parseAddress, parseNetwork } from '../../lib/address.js';
import type { ReportOptions } from '../options.js';
import { type EvidenceKind, isOwnDeed, kindOf, serviceOf, type Service } from './evidence-kind.js';
import { isReportable } from './reportable-address.js';

/** One counted failure. */
export interface ReportEvidence {
  readonly timeMs: number;
  readonly attempts: number;
  readonly lineKind: string;
  readonly connection: string | undefined;
  readonly user: string | undefined;
  readonly text: string;
}

export interface ReportCase {
  readonly jail: string;
  /** The jail's filter: `postfix[mode=more]`. */
  readonly filter: string;
  readonly target: string;
  readonly address: string | undefined;
  readonly origin: 'jail' | 'hand' | 'restored' | 'imported';
  readonly bannedAtMs: number;
  readonly failures: number;
  readonly evidence: readonly ReportEvidence[];
  readonly options: ReportOptions;
  /** Why the address would not be counted now: `ignoreip`, …; undefined = it would. */
  readonly allowedBecause: string | undefined;
  /** Whether it signed in well within the days that the jail remembers. */
  readonly isKnownClient: boolean;
}

/** What may be said of a case. */
export interface Deed {
  readonly jail: string;
  readonly address: string;
  readonly service: Service;
  /** How often, by kind. */
  readonly seen: ReadonlyMap<EvidenceKind, number>;
  /** How many different user names were tried; 0 = unknown. */
  readonly users: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly ports: string;
}

export type Verdict =
  | { readonly deed: Deed }
  /** The rule by name, and in words. */
  | { readonly deed: undefined; readonly rule: Rule; readonly because: string };

export type Rule =
  | 'origin'
  | 'no-address'
  | 'not-public'
  | 'wide'
  | 'ignored'
  | 'known-client'
  | 'too-old'
  | 'no-handshake'
  | 'spam-only'
  | 'listed-only'
  | 'too-few';

const HOST_PREFIX = { 4: 32, 6: 64 } as const;

export function judge(given: ReportCase, nowMs: number): Verdict {
  const { options } = given;
  if (given.origin !== 'jail')
    return declined('origin', 'banned by hand or elsewhere, not by the evidence here');
  const address = given.address === undefined ? undefined : parseAddress(given.address);
  if (address === undefined) return declined('no-address', 'what is banned is no address');
  if (!isReportable(address)) return declined('not-public', 'the address is of a private network');
  const network = parseNetwork(given.target);
  if (network === undefined || network.prefix < HOST_PREFIX[network.family])
    return declined('wide', 'the ban is wider than one host');
  if (given.allowedBecause !== undefined) return declined('ignored', `ignored here: ${given.allowedBecause}`);
  if (given.isKnownClient) return declined('known-client', 'somebody signs in well from there');
  const service = serviceOf(given.filter);
  const counted = countKinds(service, given.evidence);
  const lastMs = Math.max(given.bannedAtMs, ...given.evidence.map(({ timeMs }) => timeMs));
  if (nowMs - lastMs > options.maxAgeSeconds * 1000) return declined('too-old', 'older than `reportmaxage`');
  const isUdp = !/tcp|all|any/i.test(options.protocol);
  const seen = new Map([...counted].filter(([kind]) => isOwnDeed(kind) && !isUdp));
  if (seen.size === 0) return nothingOwn(counted, isUdp);
  const all = [...seen.values()].reduce((sum, count) => sum + count, 0);
  // The jail counts one connection once; never say more than it does.
  const failures = seen.size === counted.size ? given.failures : Math.min(all, given.failures);
  if (failures < options.minFailures)
    return declined(
      'too-few',
      `${failures} failures in evidence, \`reportminfailures\` is ${options.minFailures}`,
    );
  const own = given.evidence.filter(({ text }) => isOwnDeed(kindOf(service, text)));
  return {
    deed: {
      jail: given.jail,
      address,
      service,
      seen: seen.size === 1 ? new Map([...seen].map(([kind]) => [kind, failures])) : seen,
      users: new Set(own.flatMap(({ user }) => user ?? [])).size,
      firstMs: Math.min(lastMs, ...own.map(({ timeMs }) => timeMs)),
      lastMs,
      ports: options.ports,
    },
  };
}

function declined(rule: Rule, because: string): Verdict {
  return { deed: undefined, rule, because };
}

function nothingOwn(counted: ReadonlyMap<EvidenceKind, number>, isUdp: boolean): Verdict {
  if (isUdp || counted.has('packet'))
    return declined('no-handshake', 'no connection was made: the sender may be forged');
  if (counted.has('listed')) return declined('listed-only', "only other people's lists speak against it");
  if (counted.has('spam'))
    return declined('spam-only', 'mail that was refused for what it is, and nothing else');
  return declined('too-few', 'its evidence is not kept');
}

/** How often each kind was seen: of one connection the largest number that one kind of line claims. */
function countKinds(
  service: Service,
  evidence: readonly ReportEvidence[],
): ReadonlyMap<EvidenceKind, number> {
  const claimed = new Map<EvidenceKind, Map<string, Map<string, number>>>();
  evidence.forEach(({ connection, lineKind, attempts, text }, at) => {
    const kind = kindOf(service, text);
    const byConnection = claimed.get(kind) ?? new Map<string, Map<string, number>>();
    const key = connection ?? `alone ${at}`;
    const byLine = byConnection.get(key) ?? new Map<string, number>();
    byLine.set(lineKind, (byLine.get(lineKind) ?? 0) + attempts);
    byConnection.set(key, byLine);
    claimed.set(kind, byConnection);
  });
  const largest = (byLine: ReadonlyMap<string, number>): number => Math.max(...byLine.values());
  return new Map(
    [...claimed].map(([kind, byConnection]) => [
      kind,
      [...byConnection.values()].reduce((sum, byLine) => sum + largest(byLine), 0),
    ]),
  );
}
