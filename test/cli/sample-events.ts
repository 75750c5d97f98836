/**
 * Events as the offline way gives them, one of each kind, for the tests of what is printed.
 */
import type {
  MatchLine,
  MatchSummary,
  ReplayBan,
  ReplayNotice,
  ReplaySummary,
  ReplayUnban,
} from '../../src/jail/offline-events.js';

export const AT_MS = Date.UTC(2026, 10, 22, 12, 0, 0);

export function matchLine(
  verdict: MatchLine['verdict'],
  text = 'Failed password for root from 192.0.2.1',
): MatchLine {
  return {
    kind: 'line',
    line: 1,
    text,
    verdict,
    host: '192.0.2.1',
    id: 'session-7',
    user: 'root',
    attempts: 2,
    timeMs: AT_MS,
    regex: 0,
  };
}

export const matchSummary: MatchSummary = {
  kind: 'summary',
  filter: 'sshd[mode=normal]',
  lines: 100,
  failures: 40,
  successes: 2,
  ignored: 1,
  helpers: 7,
  missed: 50,
  undated: 0,
  hits: [{ list: 'failregex', index: 0, expression: '^Failed \u202e<HOST>$', hits: 40 }],
  elapsedMs: 50,
};

export const replayEvents: readonly (ReplayBan | ReplayUnban | ReplayNotice | ReplaySummary)[] = [
  {
    kind: 'ban',
    timeMs: AT_MS,
    jail: 'sshd',
    address: '192.0.2.1',
    untilMs: AT_MS + 600_000,
    failures: 3,
    evidence: ['line \u001b[2J'],
  },
  { kind: 'unban', timeMs: AT_MS + 600_000, jail: 'sshd', address: '192.0.2.1', why: 'expired' },
  { kind: 'notice', level: 'warning', text: 'a file is missing' },
  {
    kind: 'summary',
    lines: 100,
    failures: 3,
    bans: 1,
    unbans: 1,
    fromMs: AT_MS,
    toMs: AT_MS + 700_000,
    elapsedMs: 10,
    jails: [{ jail: 'sshd', lines: 100, recognised: 40, failures: 3, bans: 1 }],
  },
];
