/**
 * Turns the groups of a match into a Match. Takes what one line and its connection say; gives the evidence.
 */
import type { Groups } from './groups.js';
import type { Identity } from './identity.js';
import type { Match } from './match.js';

/** The groups that have a field of their own in a Match, or steer the filter. */
const OWN: ReadonlySet<string> = new Set([
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
const NO_DATA: Readonly<Record<string, string>> = {};

/** What one line says by itself, never an earlier one of its connection. */
export interface LineClaim {
  readonly list: 'failregex' | 'successregex';
  readonly expression: number;
  readonly text: string;
  readonly attempts: number;
  readonly spanSeconds: number;
}

export function matchOf(
  kind: Match['kind'],
  line: LineClaim,
  groups: Groups,
  identity: Identity,
  timeMs: number,
): Match {
  const { user, mlfid } = groups;
  return {
    kind,
    id: identity.id,
    address: identity.address,
    user: user === '' ? undefined : user,
    timeMs,
    text: line.text,
    attempts: line.attempts,
    spanSeconds: line.spanSeconds,
    expression: line.expression,
    connection: mlfid,
    data: dataOf(groups),
  };
}

/** `<F-ATTEMPTS>` and `<F-SECONDS>`, within reason. */
export function claimOf(
  list: LineClaim['list'],
  expression: number,
  text: string,
  groups: Groups,
): LineClaim {
  const { attempts, seconds } = groups;
  return {
    list,
    expression,
    text,
    attempts: attempts === undefined ? 1 : numberOf(attempts, 1, MOST_ATTEMPTS),
    spanSeconds: seconds === undefined ? 0 : numberOf(seconds, 0, MOST_SECONDS),
  };
}

function dataOf(groups: Groups): Readonly<Record<string, string>> {
  let data: Record<string, string> | undefined;
  for (const name of Object.keys(groups)) {
    const value = groups[name];
    if (value === undefined || OWN.has(name) || name.startsWith('skiplines')) continue;
    data ??= {};
    data[name] = value;
  }
  return data ?? NO_DATA;
}

function numberOf(text: string, least: number, most: number): number {
  return /^\d{1,9}$/.test(text) ? Math.min(most, Math.max(least, Number(text))) : least;
}
