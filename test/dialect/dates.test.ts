/**
 * Dates in lines, beside Fail2Ban's own date detector: the default templates, patterns of every kind, zones, and what a
 * stamp leaves out.
 */
process.env['TZ'] = 'Europe/Berlin';

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseZone } from '../../src/config/values.js';
import { DateDetector } from '../../src/filter/dates/date-detector.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { fail2ban } from './fail2ban.js';

interface Question {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly zone: string | null;
  readonly patterns: readonly string[];
  readonly lines: readonly string[];
}

interface Compared {
  readonly compared: number;
  readonly theirBugs: number;
  readonly different: readonly string[];
}

type Answer = readonly [left: string, seconds: number | null];

function ask(questions: readonly Question[]): readonly (readonly Answer[] | string)[] {
  const oracle = join(packageRoot, 'test', 'dialect', 'dates-oracle.py');
  const { stdout, stderr, status } = spawnSync('python3', ['-W', 'ignore', oracle], {
    input: questions.map((question) => JSON.stringify(question)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      PYTHONPATH: fail2ban('1.1.0').pythonPath,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
    },
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { answers, error } = JSON.parse(line) as { answers?: readonly Answer[]; error?: string };
      return answers ?? error ?? '';
    });
}

function ours(question: Question): readonly Answer[] | string {
  try {
    const year = new Date(question.now * 1000).getFullYear();
    const detector = new DateDetector(question.patterns, year);
    const zoneSeconds = question.zone === null ? undefined : parseZone(question.zone);
    return question.lines.map((line) => {
      const { text, timeMs } = detector.detect(line, { nowMs: question.now * 1000, zoneSeconds });
      return [text, timeMs === undefined ? null : timeMs / 1000];
    });
  } catch (error) {
    return String(error);
  }
}

/** 2026-11-22 15:00:00 UTC, a Sunday; and the first night of a year, and summer. */
const NOWS = [1_795_359_600, 1_798_758_000, 1_783_000_000];
const STAMPS = [
  '2026-11-22 14:39:41', '2026-11-22T14:39:41', '2026-11-22 14:39:41,355', '2026-11-22T14:39:41.355728+01:00',
  '2026-11-22T14:39:41Z', '2026-11-22 14:39:41 UTC', '2026-11-22 14:39:41 -0500', '2026/11/22 14:39:41', '2026.11.22 14:39:41',
  '2026-11-22  4:39:41', 'Nov 22 14:39:41', 'Nov  2 04:39:41', 'Sun Nov 22 14:39:41', 'Sun Nov 22 14:39:41 2026',
  'Sun Nov 22 14:39:41.355 2026', 'Sun Nov 22 2026 14:39:41', 'nov 22 14:39:41', '22/11/2026 14:39:41', '22-11-26 14:39:41',
  '22/Nov/2026:14:39:41 +0100', '22-Nov-2026 14:39:41', '22-Nov-2026 14:39:41.252', '11/22/2026:14:39:41', '11-22-2026 14:39:41.252',
  '1795358381', '1795358381.250', 'audit(1795358381.250:42)', '[1795358381]', '14:39:41', '23:59:59', '<11/22/26@14:39:41>',
  '261122 14:39:41', '261122  4:39:41', 'Nov 22, 2026 2:39:41 PM', 'Nov 22, 2026 12:00:00 AM', 'Nov-22-26 14:39:41',
  '20261122T143941', '20261122 143941', 'CET Nov 22 14:39:41', 'PDT Nov 22 14:39:41', '+01:00 Nov 22 14:39:41',
  '@400000006a628a2d2b1c3d4e', 'Dec 31 23:59:59', 'Jan  1 00:00:01', 'Feb 29 12:00:00', '2026-02-30 12:00:00', '2026-13-01 00:00:00',
  '0000-12-30 00:00:00', '2026-11-22 25:00:00', '2019-11-22 14:39:41', '1999-11-22 14:39:41', '2026-03-29 02:30:00', '2026-10-25 02:30:00',
  'x', '', '12345', '2026-11-22', '192.0.2.1', '17953583810000',
]; // prettier-ignore
const FRAMES = [
  '@ x',
  '[@] x',
  '- @ x',
  'host @ x',
  '<6> @ x',
  'x@',
  'é @ x',
  '192.0.2.1 - - [@] "GET / HTTP/1.1" 401',
  '(@)x',
  '@',
];
const PATTERNS: readonly (readonly string[])[] = [
  ['%Y-%m-%d %H:%M:%S'], ['^%Y-%m-%d %H:%M:%S'], ['{^LN-BEG}%Y-%m-%d %H:%M:%S'], ['{^LN-BEG}'], ['{DEFAULT}'],
  ['%ExY-%Exm-%Exd %ExH:%ExM:%ExS'], ['%b %d %H:%M:%S'], ['%B %d %k:%M:%S', 'EPOCH'], ['EPOCH'], ['{^LN-BEG}EPOCH'], ['LEPOCH'],
  ['\\[{EPOCH}\\]'], ['host {DATE}'], ['^\\[{DATE}\\]'], ['{UNB}%H:%M:%S'], ['**%H:%M:%S**'], ['{NONE}'], ['TAI64N'], ['^TAI64N'],
  ['%d/%b/%Y:%H:%M:%S %z'], ['%d/%b/%Y(?::%H:%M:%S)?'], ['%j %Y'], ['%y%m%d %H:%M:%S'], ['%a %b %d %H:%M:%S %Y'], ['%Y-%m-%dT%H:%M:%S(?:\\.%f)?%z'],
  ['%I:%M:%S %p'], ['%l:%M:%S %p'], ['%ExZ %b %d %H:%M:%S'], ['%Exz %b %d %H:%M:%S'], ['%U %a %Y'], ['%W %w %Y'], ['(%Y)-%m-%d'],
  ['^(?P<_x>\\S+) %Y-%m-%d'], ['%Y-%m-%d %H:%M:%S$'], ['\\s%H:%M:%S\\s'], ['%%%H:%M:%S'], ['%x %X'], ['%c'], ['(?i)%Y-%m-%dt%H:%M:%S'],
]; // prettier-ignore

/**
 * Fail2Ban compares a stamp that is moved to UTC with the host's local time, and puts month and day back unmoved: near
 * midnight and New Year, a stamp without a year or a day in another zone comes out a day or a year off.
 */
function isTheirBug({ zone }: Question, line: string): boolean {
  return zone === 'EST' && !/20\d\d|\d{6} /.test(line) && /Dec 31|Jan {2}1|23:59:59/.test(line);
}

function compare(questions: readonly Question[]): Compared {
  const different: string[] = [];
  let compared = 0;
  let theirBugs = 0;
  for (const [index, theirs] of ask(questions).entries()) {
    const question = questions[index];
    if (question === undefined) continue;
    const own = ours(question);
    const what = `${JSON.stringify(question.patterns)} ${question.zone ?? ''} ${question.now}`;
    if (typeof theirs === 'string' || typeof own === 'string') {
      compared += 1;
      // Its detector stumbles over an empty line where no date is asked for.
      if (typeof theirs === 'string' && theirs.startsWith('IndexError')) theirBugs += 1;
      else if (typeof theirs !== typeof own)
        different.push(`${what}: ${JSON.stringify(own)}, Fail2Ban ${JSON.stringify(theirs)}`);
      continue;
    }
    for (const [at, line] of question.lines.entries()) {
      compared += 1;
      const [left, seconds] = own[at] ?? ['', null];
      const [theirLeft, theirSeconds] = theirs[at] ?? ['', null];
      // Fail2Ban drops the fraction of a second of a stamp.
      const whole =
        seconds === null || theirSeconds === null || !Number.isInteger(theirSeconds)
          ? seconds
          : Math.floor(seconds);
      if (left === theirLeft && whole === theirSeconds) continue;
      if (isTheirBug(question, line)) theirBugs += 1;
      else
        different.push(
          `${what} ${JSON.stringify(line)}: ${JSON.stringify([left, whole])}, Fail2Ban ${JSON.stringify([theirLeft, theirSeconds])}`,
        );
    }
  }
  return { compared, theirBugs, different };
}

test('the default templates find what Fail2Ban finds, and read it alike', (context) => {
  const questions = NOWS.flatMap((now) =>
    [null, 'UTC+0200', 'EST'].flatMap((zone) =>
      STAMPS.flatMap((stamp) =>
        FRAMES.map((frame): Question => ({
          now,
          zone,
          patterns: [],
          lines: [frame.replace('@', () => stamp)],
        })),
      ),
    ),
  );
  const { compared, theirBugs, different } = compare(questions);
  context.diagnostic(
    `${compared} lines; in ${theirBugs} of them Fail2Ban is off around New Year or midnight`,
  );
  assert.deepEqual(different.slice(0, 30), [], `${different.length} differ`);
});

test('so do patterns of every kind', (context) => {
  const questions = PATTERNS.flatMap((patterns) =>
    STAMPS.flatMap((stamp) =>
      FRAMES.map((frame): Question => ({
        now: NOWS[0] ?? 0,
        zone: null,
        patterns,
        lines: [frame.replace('@', () => stamp)],
      })),
    ),
  );
  const { compared, different } = compare(questions);
  context.diagnostic(`${compared} lines`);
  assert.deepEqual(different.slice(0, 30), [], `${different.length} differ`);
});
