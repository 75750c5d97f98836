import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categoriesOf, configuredCategories } from '../../src/action/report/categories.js';
import { commentOf } from '../../src/action/report/comment.js';
import { judge, type ReportCase } from '../../src/action/report/judge.js';
import { LINES, SPAM } from './reporting-host.js';

const NOW_MS = Date.UTC(2026, 10, 22, 12, 0, 0);
const LISTED =
  'mx13 postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; from=<a>';

function caseOf(lines: readonly string[], rest: Partial<ReportCase> = {}): ReportCase {
  return {
    jail: 'sshd',
    filter: 'sshd[mode=normal]',
    target: '11.0.0.1',
    address: '11.0.0.1',
    origin: 'jail',
    bannedAtMs: NOW_MS,
    failures: lines.length,
    evidence: lines.map((text, at) => ({
      timeMs: NOW_MS - (lines.length - at) * 60_000,
      attempts: 1,
      lineKind: 'journal:0',
      connection: `${at}`,
      user: `user${at}`,
      text,
    })),
    options: { minFailures: 3, delaySeconds: 300, maxAgeSeconds: 86_400, ports: 'ssh', protocol: 'tcp' },
    allowedBecause: undefined,
    isKnownClient: false,
    ...rest,
  };
}

function ruleFor(given: ReportCase, nowMs = NOW_MS): string {
  const verdict = judge(given, nowMs);
  return verdict.deed === undefined ? verdict.rule : 'reported';
}

const three = (line: string): readonly string[] => [line, line, line];

test('each rule holds back what it is for, and nothing else', () => {
  const good = caseOf(three(LINES.sshd));
  const smtp = { filter: 'postfix[mode=more]' };
  assert.equal(ruleFor(good), 'reported');
  assert.equal(ruleFor({ ...good, origin: 'hand' }), 'origin');
  assert.equal(ruleFor({ ...good, origin: 'imported' }), 'origin');
  assert.equal(ruleFor({ ...good, address: undefined }), 'no-address');
  assert.equal(ruleFor({ ...good, address: '10.1.2.3', target: '10.1.2.3' }), 'not-public');
  assert.equal(ruleFor({ ...good, address: 'fe80::1', target: 'fe80::1' }), 'not-public');
  assert.equal(ruleFor({ ...good, address: '64:ff9b::b00:1', target: '64:ff9b::b00:1' }), 'not-public');
  assert.equal(ruleFor({ ...good, target: '11.0.0.0/24' }), 'wide');
  assert.equal(ruleFor({ ...good, address: '2001:db8::1', target: '2001:db8::/48' }), 'wide');
  assert.equal(ruleFor({ ...good, address: '2001:db8::1', target: '2001:db8::/64' }), 'reported');
  assert.equal(ruleFor({ ...good, allowedBecause: 'ignoreip' }), 'ignored');
  assert.equal(ruleFor({ ...good, isKnownClient: true }), 'known-client');
  assert.equal(ruleFor(good, NOW_MS + 86_400_001), 'too-old');
  assert.equal(ruleFor(caseOf(three(LINES.sshd).slice(1))), 'too-few');
  assert.equal(ruleFor(caseOf([])), 'too-few');
  assert.equal(ruleFor(caseOf(three(SPAM), smtp)), 'spam-only');
  assert.equal(ruleFor(caseOf(three(LISTED), smtp)), 'listed-only');
  assert.equal(ruleFor(caseOf([LINES.postfix, LINES.postfix, SPAM, LISTED], smtp)), 'too-few');
  const packet =
    'host kernel: DROP IN=eth0 OUT= SRC=11.0.0.1 DST=192.0.2.1 LEN=40 PROTO=TCP SPT=1 DPT=22 SYN';
  assert.equal(ruleFor(caseOf(three(packet), { filter: 'portscan' })), 'no-handshake');
  const udp = { ...good.options, protocol: 'udp' };
  assert.equal(ruleFor(caseOf(three('x'), { filter: 'named-refused', options: udp })), 'no-handshake');
});

test('lines of one connection count as the largest number that one kind of line claims', () => {
  const given = caseOf([...three(LINES.postfix), SPAM], { filter: 'postfix', failures: 9 });
  const together = given.evidence.map((line, at) => ({
    ...line,
    connection: 'one',
    lineKind: `journal:${at}`,
  }));
  assert.equal(ruleFor({ ...given, evidence: together }), 'too-few');
});

test('an IPv6 address is reported as it is, never its network', () => {
  const verdict = judge(
    caseOf(three(LINES.sshd), { address: '2001:db8::1', target: '2001:db8::/64' }),
    NOW_MS,
  );
  assert.equal(verdict.deed?.address, '2001:db8::1');
});

test('the comment tells service, what was seen, how often, when and where', () => {
  const { deed } = judge(caseOf(three(LINES.sshd)), NOW_MS);
  assert.ok(deed);
  assert.equal(
    commentOf([deed]),
    'SSH: 3 failed logins with 3 user names, 2026-11-22T11:57:00Z to 2026-11-22T12:00:00Z, TCP port 22.',
  );
  const many = commentOf(Array.from({ length: 50 }, () => deed));
  assert.ok(many.length <= 1024);
  assert.ok(many.endsWith('.'));
});

test("the guide's 22 for Postfix is left out, and the evidence decides", () => {
  assert.deepEqual(configuredCategories('22', 'smtp'), { fitting: [], contradicting: ['22'] });
  assert.deepEqual(categoriesOf('22', 'smtp', new Set(['relay'] as const)), [15]);
  assert.deepEqual(categoriesOf('22', 'smtp', new Set(['login'] as const)), [18]);
  assert.deepEqual(categoriesOf('18', 'submission', new Set(['login'] as const)), [18]);
  assert.deepEqual(categoriesOf('18', 'smtp', new Set(['probe'] as const)), [14, 15]);
  assert.deepEqual(categoriesOf('18,22', 'ssh', new Set(['login'] as const)), [18, 22]);
  assert.deepEqual(categoriesOf('', 'ssh', new Set(['login'] as const)), [18, 22]);
  assert.deepEqual(categoriesOf('', 'web', new Set(['login'] as const)), [18, 21]);
  assert.deepEqual(configuredCategories('18 21, 99 x', 'ssh').contradicting, ['21', '99', 'x']);
  assert.deepEqual(configuredCategories('5,18', 'other').contradicting, []);
});
