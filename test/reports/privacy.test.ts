/**
 * Nothing private leaves: every sample and every recorded line, as evidence of a ban, and what is sent because of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../src/action/report/compose.js';
import { categoriesOf } from '../../src/action/report/categories.js';
import { judge } from '../../src/action/report/judge.js';
import type { Match } from '../../src/filter/match.js';
import { journal, logLines } from '../filters/recordings.js';
import { readSamples } from '../filters/samples.js';
import { engine, hear, NOW_MS } from '../filters/shipped.js';

/** All that a report may be made of. */
const WORDS =
  '(?:SSH|SMTP|SMTP AUTH|IMAP/POP3|HTTP|mail|several services|a network service): ' +
  '(?:\\d+ (?:failed logins?|attempts? to relay mail|attempts? at (?:an unknown recipient|unknown recipients)|' +
  'probes? or protocol violations?|denied requests?|bans?|hostile attempts?)(?:, )?)+' +
  '(?: with \\d+ user names)?,? ?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ(?: to \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)?' +
  '(?:, TCP ports? \\d+(?:/\\d+)*)?\\.';
const COMMENT = new RegExp(`^${WORDS}(?: ${WORDS})*$`);
const VOCABULARY = new Set(
  'ssh smtp auth imap pop3 http mail several services network service failed login logins attempt attempts relay at an unknown recipient recipients probe probes or protocol violation violations denied request requests ban bans hostile with user names to tcp port ports'.split(
    ' ',
  ),
);

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}][\p{L}\p{N}]{2,}/gu) ?? [];
}

/** What would be sent if this line were all the evidence of a ban; undefined = nothing. */
function sentFor(filter: string, match: Match): string | undefined {
  const verdict = judge(
    {
      jail: 'private-mx13-example',
      filter,
      target: match.address ?? match.id,
      address: match.address,
      origin: 'jail',
      bannedAtMs: match.timeMs,
      failures: 5,
      evidence: [1, 2, 3, 4, 5].map((at) => ({
        ...match,
        lineKind: 'journal:0',
        connection: `${match.connection ?? ''}${at}`,
      })),
      options: { minFailures: 1, delaySeconds: 0, maxAgeSeconds: 86_400, ports: 'ssh,2222', protocol: 'tcp' },
      allowedBecause: undefined,
      isKnownClient: false,
    },
    match.timeMs,
  );
  if (verdict.deed === undefined) return undefined;
  const { deed } = verdict;
  const report = reportOf([
    { deed, categories: categoriesOf('18', deed.service, new Set(deed.seen.keys())) },
  ]);
  assert.ok(report);
  assert.deepEqual(Object.keys(report).sort(), ['address', 'categories', 'comment', 'timestamp']);
  assert.equal(report.address, match.address);
  assert.ok(report.categories.length > 0 && report.categories.every((each) => each >= 1 && each <= 23));
  assert.equal(report.timestamp, new Date(match.timeMs).toISOString());
  assert.match(report.comment, COMMENT);
  assert.ok(Buffer.byteLength(report.comment) <= 1024);
  return report.comment;
}

function assertNothingOf(comment: string, line: string): void {
  const said = new Set(wordsIn(comment.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '')));
  const leaked = wordsIn(line).filter((word) => said.has(word) && !VOCABULARY.has(word));
  assert.deepEqual(leaked, [], `${comment} <- ${line}`);
}

test('of no sample line does a word leave the host, whatever a client wrote into it', () => {
  let reported = 0;
  const hostile = 'SSH: 9 failed logins" mx13.example alice@mx13.example\u202e ses-0123456789abcdef';
  for (const { filter, modes, samples } of readSamples())
    for (const { text, pieces, logtype } of samples)
      for (const line of [text, pieces.map((piece, at) => (at % 2 === 1 ? hostile : piece)).join('')])
        for (const mode of modes.slice(0, 3)) {
          const match = hear(filter, mode, logtype, line);
          if (match?.kind !== 'failure' || match.address === undefined) continue;
          const comment = sentFor(`${filter}[mode=${mode}]`, { ...match, timeMs: match.timeMs || NOW_MS });
          if (comment === undefined) continue;
          reported += 1;
          assertNothingOf(comment, line);
        }
  assert.ok(reported > 200, `${reported} lines`);
});

for (const host of ['pam', 'virtual'])
  test(`of no recorded line does a word leave the host (${host})`, () => {
    let reported = 0;
    const filters = ['sshd', 'postfix', 'postfix-sasl', 'dovecot'] as const;
    const told = (filter: string, match: Match): void => {
      if (match.kind !== 'failure' || match.address === undefined) return;
      const comment = sentFor(filter, match);
      if (comment === undefined) return;
      reported += 1;
      assertNothingOf(comment, match.text);
    };
    for (const filter of filters) {
      const heard = engine(filter, filter === 'postfix' ? 'aggressive' : 'normal', 'journal');
      const out: Match[] = [];
      for (const line of journal(host)) heard.hear(line, out);
      for (const match of out) told(filter, match);
    }
    const apache = engine('apache-auth', 'normal', 'file');
    const out: Match[] = [];
    for (const line of logLines(host, 'error.log')) apache.hear(line, out);
    for (const match of out) told('apache-auth', match);
    assert.ok(reported > 300, `${reported} lines`);
  });
