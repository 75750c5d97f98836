/**
 * Turns the groups of a match into a Match. Takes what one line and its connection say; gives the evidence.
 */
import type { Groups } from './groups.js';
import type { Identity } from './identity.js';
import type { Match } from './match.js';

const OWN = new Set([
  'user',
  'attempts',
  'seconds',
  'mlfid',
  'fid',
  'ip4',
  'ip6',
  'dns',
  'cidr',
  'nofail',
  'mlfgained',
  'mlfforget',
  'content',
]);
const MOST_ATTEMPTS = 1000;
const MOST_SECONDS = 86_400;
const ONE_ATTEMPT: AttemptClaim = { attempts: 1, spanSeconds: 0 };

export interface Evidence {
  readonly kind: Match['kind'];
  readonly groups: Groups;
  readonly identity: Identity;
  readonly timeMs: number;
  readonly text: string;
  readonly expression: number;
  /** Of the line itself, never of an earlier one of its connection. */
  readonly claim: AttemptClaim;
}

/** What a line says about how often and how long. */
export interface AttemptClaim {
  readonly attempts: number;
  readonly spanSeconds: number;
}

export function matchOf(evidence: Evidence): Match {
  const { kind, groups, identity, timeMs, text, expression, claim } = evidence;
  return {
    kind,
    id: identity.id,
    address: identity.address,
    user: groups['user'] === '' ? undefined : groups['user'],
    timeMs,
    text,
    attempts: claim.attempts,
    spanSeconds: claim.spanSeconds,
    expression,
    connection: groups['mlfid'],
    data: dataOf(groups),
  };
}

/** `<F-ATTEMPTS>` and `<F-SECONDS>`, within reason. */
export function claimOf(groups: Groups): AttemptClaim {
  const { attempts, seconds } = groups;
  if (attempts === undefined && seconds === undefined) return ONE_ATTEMPT;
  return { attempts: numberOf(attempts, 1, MOST_ATTEMPTS), spanSeconds: numberOf(seconds, 0, MOST_SECONDS) };
}

/** The groups that have no field of their own in a Match. */
export function dataOf(groups: Groups): Record<string, string> {
  const data: Record<string, string> = {};
  for (const name of Object.keys(groups)) {
    const value = groups[name];
    if (value !== undefined && !OWN.has(name) && !name.startsWith('skiplines')) data[name] = value;
  }
  return data;
}

function numberOf(text: string | undefined, least: number, most: number): number {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return least;
  return Math.min(most, Math.max(least, Number(text)));
}
