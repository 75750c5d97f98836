/**
 * Turns the groups of a match into a Match. Takes what one line and its connection say; gives the evidence.
 */
import { FIRST_OTHER_GROUP, GROUP, type Groups } from './groups.js';
import type { Identity } from './identity.js';
import type { Match } from './match.js';

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
  /** All users of the connection, if there are several. */
  readonly users?: readonly string[] | undefined;
}

/** `names`: those of the filter's groups, by number. */
export function matchOf(
  kind: Match['kind'],
  line: LineClaim,
  groups: Readonly<Groups>,
  names: readonly string[],
  identity: Identity,
  timeMs: number,
): Match {
  const user = groups[GROUP.user];
  const match: Match = {
    kind,
    id: identity.id,
    address: identity.address,
    user: user === '' ? undefined : user,
    timeMs,
    text: line.text,
    attempts: line.attempts,
    spanSeconds: line.spanSeconds,
    expression: line.expression,
    connection: groups[GROUP.mlfid],
    data: dataOf(groups, names),
  };
  const { users } = line;
  const { hostName } = identity;
  if (users === undefined && hostName === undefined) return match;
  return { ...match, ...(users && { users }), ...(hostName !== undefined && { hostName }) };
}

/** `<F-ATTEMPTS>` and `<F-SECONDS>`, within reason. */
export function claimOf(
  list: LineClaim['list'],
  expression: number,
  text: string,
  groups: Readonly<Groups>,
): LineClaim {
  const attempts = groups[GROUP.attempts];
  const seconds = groups[GROUP.seconds];
  return {
    list,
    expression,
    text,
    attempts: attempts === undefined ? 1 : numberOf(attempts, 1, MOST_ATTEMPTS),
    spanSeconds: seconds === undefined ? 0 : numberOf(seconds, 0, MOST_SECONDS),
    users: undefined,
  };
}

/** What a line says, evidenced by the other lines of its connection too. */
export function claimOfConnection(
  line: LineClaim,
  text: string,
  users: readonly string[] | undefined,
): LineClaim {
  if (text === line.text && users === line.users) return line;
  const { list, expression, attempts, spanSeconds } = line;
  return { list, expression, text, attempts, spanSeconds, users };
}

/** The groups that have no field of their own in a Match and do not steer the filter, by name. */
function dataOf(groups: Readonly<Groups>, names: readonly string[]): Readonly<Record<string, string>> {
  let data: Record<string, string> | undefined;
  for (let number = FIRST_OTHER_GROUP; number < names.length; number += 1) {
    const value = groups[number];
    const name = names[number];
    if (value === undefined || name === undefined || name.startsWith('skiplines')) continue;
    data ??= {};
    data[name] = value;
  }
  return data ?? NO_DATA;
}

function numberOf(text: string, least: number, most: number): number {
  if (text.length === 0 || text.length > 9) return least;
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return least;
    number = number * 10 + digit;
  }
  return Math.min(most, Math.max(least, number));
}
