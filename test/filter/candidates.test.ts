/**
 * Looking for candidates and sorting by first character must change nothing but time: each line is heard with and
 * without them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { CandidateScan } from '../../src/filter/candidates.js';
import { ScanRoom } from '../../src/filter/scan-room.js';
import { requiredTexts } from '../../src/lib/python-regex/required-text.js';
import { parsePythonRegex } from '../../src/lib/python-regex/parse.js';
import { DAEMON, fileLine, filterOf, journalLine } from './options.js';

const PREFIX = '(?:\\S+ )?\\S+\\[\\d+\\]: ';
const MAIL: Partial<FilterOptions> = {
  name: 'mail',
  failregex: [
    `${PREFIX}warning: \\S+\\[<HOST>\\](?::\\d+)?: SASL ((?i)LOGIN|PLAIN|CRAM-MD5) authentication failed`,
    `${PREFIX}NOQUEUE: reject: RCPT from \\S+\\[<HOST>\\]: 55[04] [45]\\.7\\.1`,
    `${PREFIX}(?:imap|pop3)-login: (?:Disconnected|Aborted login).* rip=<HOST>,`,
    `${PREFIX}pam_unix\\(\\w+:auth\\): authentication failure; .*rhost=<HOST>(?:\\s|$)`,
    `${PREFIX}(?:error: )?(?P<inv>Invalid|Failed) (?(inv)\\S+ .*)from <HOST>`,
  ],
  successregex: [
    `${PREFIX}Accepted \\S+ for <F-USER>\\S+</F-USER> from <HOST>`,
    `${PREFIX}.* sasl_username=<F-USER>\\S+</F-USER>.*<F-ID/>`,
  ],
  ignoreregex: ['rhost=127\\.'],
};

/** The lines of the recordings, as the journal's reader and a file would give them. */
function recorded(): string[] {
  const lines: string[] = [];
  for (const host of ['pam', 'virtual']) {
    const folder = join(packageRoot, 'recordings', 'debian13', host);
    const journal = gunzipSync(readFileSync(join(folder, 'journal.export.gz'))).toString();
    const [, ...entries] = journal.split(/^__CURSOR=/m);
    for (const entry of entries) {
      const field = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(entry)?.[1] ?? '';
      lines.push(
        `${field('_HOSTNAME')} ${field('SYSLOG_IDENTIFIER')}[${field('_PID')}]: ${field('MESSAGE')}`,
      );
    }
    lines.push(
      ...gunzipSync(readFileSync(join(folder, 'error.log.gz')))
        .toString()
        .split('\n'),
    );
  }
  return lines;
}

interface Outcome {
  readonly recognised: boolean;
  readonly matches: readonly Match[];
}

function outcomes(options: Partial<FilterOptions>, texts: readonly string[], sifted: boolean): Outcome[] {
  const filter = filterOf(options, { choosy: sifted });
  // Another filter beside it: what belongs to whom must not get mixed up.
  const room = new ScanRoom();
  const scan = new CandidateScan([filterOf(DAEMON).requirements, filter.requirements], room);
  const lineOf = options.logtype === 'file' ? fileLine : journalLine;
  return texts.map((text) => {
    const matches: Match[] = [];
    const line = lineOf(text);
    if (!sifted) return { recognised: filter.hear(line, matches), matches };
    const start = room.keep(`...${text}...`) + 3;
    const candidates = scan.look(start, start + text.length)?.[1];
    if (candidates !== undefined) return { recognised: filter.hear(line, matches, candidates), matches };
    filter.pass(line);
    return { recognised: false, matches };
  });
}

for (const logtype of ['journal', 'file'] as const) {
  test(`recorded lines (${logtype}) are heard alike with and without looking for candidates`, () => {
    // A file's lines begin with a stamp; now and then one lacks it.
    const stamped = (text: string, index: number): string =>
      index % 50 === 0 || text.startsWith('[')
        ? text
        : `2026-11-22T14:${String(10 + (index % 50))}:00+00:00 ${text}`;
    const texts = logtype === 'file' ? recorded().map(stamped) : recorded();
    const sifted = outcomes({ ...MAIL, logtype }, texts, true);
    assert.deepEqual(sifted, outcomes({ ...MAIL, logtype }, texts, false));
    assert.ok(sifted.filter(({ matches }) => matches.length > 0).length > 500);
  });
}

const pieces = fc.constantFrom(
  'mx daemon[7]: ',
  'Failed ',
  'publickey',
  'password',
  ' for ',
  'invalid user ',
  'root',
  ' from ',
  '192.0.2.1',
  '2001:db8::1',
  ' port 22',
  'Connection from ',
  'Connection closed',
  ' by ',
  'User ',
  ' not allowed because locked',
  'Accepted password for ',
  '192.0.2.99 ',
  '2026-11-22 14:00:00',
  'Nov 22 14:00:00',
  '[',
  '] [',
  ']',
  ' ',
  ':',
  '\u00e9',
  '\ufffd',
  '1795358381',
  '+0100',
);
const line = fc
  .array(fc.oneof({ weight: 4, arbitrary: pieces }, fc.string({ maxLength: 3 })), { maxLength: 14 })
  .map((parts) => parts.join(''));

for (const logtype of ['journal', 'file'] as const) {
  test(`generated lines (${logtype}) are heard alike with and without looking for candidates`, () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (texts) => {
        const options = { ...DAEMON, logtype };
        assert.deepEqual(outcomes(options, texts, true), outcomes(options, texts, false));
      }),
      { numRuns: 500 },
    );
  });
}

test('a text that the cut of the date puts together is not asked for before the cut', () => {
  const options: Partial<FilterOptions> = { failregex: ['^\\[\\] \\[error\\] <HOST>$'], logtype: 'file' };
  const text = '[Sun Nov 22 14:39:41 2026] [error] 192.0.2.1';
  assert.equal(outcomes(options, [text], true)[0]?.matches.length, 1);
});

test('the texts that a match needs are found through groups, choices and conditions', () => {
  const needed = (expression: string): readonly (readonly string[])[] =>
    requiredTexts(parsePythonRegex(expression).root);
  assert.deepEqual(needed('^\\S+: (?:error|fatal): login(?: from)? <'), [
    [': error: login from <', ': error: login <', ': fatal: login from <', ': fatal: login <'],
  ]);
  assert.deepEqual(needed('(?:a+|b*)c\\d'), [['c']]);
  assert.deepEqual(needed('\\d*'), []);
  assert.deepEqual(needed('(?:abc)?'), []);
  assert.deepEqual(needed('[xy]abc'), [['xabc', 'yabc']]);
  assert.deepEqual(needed('\\d{3}0[1-9] \\S'), [[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `0${digit} `)]);
  assert.deepEqual(needed('left(?= from \\S+ auth=0/)(?! or)'), [[' auth=0/'], [' from '], ['left']]);
  assert.deepEqual(needed('(?:left(?= auth=0/)|(?<=mail )lost) by'), [
    ['left by', 'lost by'],
    [' auth=0/', 'mail '],
  ]);
  // A sign or digit tells more than some letters.
  assert.deepEqual(needed('(?:disconnect(?= by \\S+ auth=0/).*|lost.*);'), [[' auth=0/', 'lost'], [';']]);
  const pieces = (expression: string): readonly (readonly string[])[] =>
    requiredTexts(parsePythonRegex(expression).root, (text) => text.split('|'));
  assert.deepEqual(pieces('one error\\|(?:first|last)!\\|x'), [['one error'], ['first!', 'last!'], ['x']]);
  assert.deepEqual(pieces('(?:one error\\|first|two)\\d'), [['one error', 'two']]);
  assert.deepEqual(needed('from \\S+ port \\d+ (?:ssh1|ssh2)$'), [['from '], [' port '], [' ssh1', ' ssh2']]);
});

test('lines that hold the same texts have the same candidates, however many combinations there are', () => {
  const words = Array.from({ length: 12 }, (_, index) => `word${String.fromCharCode(97 + index)}`);
  const filter = filterOf({ failregex: words.map((word) => `^.*${word}.* from <HOST>$`) });
  const room = new ScanRoom();
  const scan = new CandidateScan([filter.requirements], room);
  const tried = (text: string): readonly number[] => {
    const start = room.keep(text);
    return [...(scan.look(start, start + text.length)?.[0] ?? [])].flatMap((mark, index) =>
      mark === 1 ? [index] : [],
    );
  };
  assert.deepEqual(tried('nothing of the kind'), []);
  for (let subset = 0; subset < 1 << words.length; subset += 1) {
    const expected = words.flatMap((_, index) => ((subset >> index) & 1 ? [index] : []));
    const text = `${expected.map((index) => words[index]).join(' ')} from 192.0.2.1`;
    assert.deepEqual(tried(text), expected);
    assert.deepEqual(tried(text), expected);
  }
});

test('a line in which a text may come together only by its cut goes to every expression', () => {
  const options: Partial<FilterOptions> = { failregex: ['^x+ … x+ by <HOST>$'] };
  const text = `${'x'.repeat(5000)}${'y'.repeat(5000)}${'x'.repeat(4090)} by 192.0.2.1`;
  assert.deepEqual(outcomes(options, [text], true), outcomes(options, [text], false));
  assert.equal(outcomes(options, [text], true)[0]?.matches.length, 1);
});
