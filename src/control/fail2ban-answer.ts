/**
 * What the daemon answers to the words of fail2ban-client: the value that Fail2Ban's server would give, or its refusal.
 * Plain data that survives JSON; how it is printed is the client's business. Which words only root may say stands here.
 */
import type { PythonValue } from '../lib/python-value.js';

export interface ClientLogLine {
  readonly level: 'ERROR' | 'WARNING';
  readonly text: string;
}

export interface Fail2banResult {
  readonly outcome:
    | { readonly kind: 'value'; readonly value: PythonValue }
    /** `told` is printed on standard output; empty = nothing is. */
    | { readonly kind: 'refused'; readonly told: string };
  /** What the client says on standard error. */
  readonly log: readonly ClientLogLine[];
}

/** Words that change nothing, or nothing that an admin's group may not change. */
const OPEN = new Set([
  'ping', 'version', 'status', 'stats', 'statistic', 'statistics', 'get', 'banned', 'unban', 'echo', 'sleep',
  'server-status', 'flushlogs',
]); // prettier-ignore
const OPEN_SETTINGS = new Set([
  'banip', 'unbanip', 'attempt', 'idle', 'findtime', 'bantime', 'maxretry', 'maxmatches', 'maxlines', 'usedns',
  'addignoreip', 'delignoreip', 'ignoreself', 'ignorecache', 'logencoding', 'logtimezone', 'bantime.increment',
  'bantime.maxtime', 'bantime.rndtime', 'bantime.overalljails', 'bantime.multipliers',
]); // prettier-ignore
const OPEN_SERVER_SETTINGS = new Set(['loglevel', 'dbmaxmatches', 'dbpurgeage']);

/** Words that set a command, a path or an expression, or that begin and end something, are for root and the daemon's user. */
export function needsPrivilege(words: readonly string[]): boolean {
  const [verb = '', first = '', second = ''] = words;
  if (verb !== 'set') return !OPEN.has(verb);
  // An ignored address may be the path of a file that lists them.
  if (second === 'addignoreip' && words.some((word) => word.startsWith('file:'))) return true;
  return !OPEN_SERVER_SETTINGS.has(first) && !OPEN_SETTINGS.has(second);
}
