/**
 * Lines of one connection belong together, and those of the next client of the same process do not.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Match } from '../../src/filter/match.js';
import { engine, NOW_MS } from './shipped.js';

const SIX = '2001:db8:a:35::1';
const FOUR = '198.51.100.32';

function failed(address: string): string {
  return `mx13 postfix/smtpd[301]: warning: unknown[${address}]: SASL PLAIN authentication failed: x, sasl_username=oracle`;
}

function ended(address: string, auth: string): string {
  return `mx13 postfix/smtpd[301]: disconnect from unknown[${address}] ehlo=1 ${auth}quit=1 commands=2/3`;
}

function hearAll(filter: string, mode: string, texts: readonly string[]): readonly Match[] {
  const heard = engine(filter, mode, 'journal');
  const out: Match[] = [];
  for (const text of texts) heard.hear({ text, timeMs: NOW_MS, route: 0 }, out);
  return out;
}

for (const [filter, mode] of [
  ['postfix-sasl', 'normal'],
  ['postfix', 'aggressive'],
] as const) {
  for (const auth of ['auth=0/1 ', 'auth=1/2 ', 'auth=2/5 ']) {
    test(`${filter} charges the second client of one smtpd by its own address after ${auth}`, () => {
      const matches = hearAll(filter, mode, [
        failed(FOUR),
        ended(FOUR, auth),
        failed(SIX),
        ended(SIX, auth),
        failed(FOUR),
      ]);
      const failures = matches.filter(({ text }) => text.includes('SASL PLAIN'));
      assert.deepEqual(
        failures.map(({ address }) => address),
        [FOUR, SIX, FOUR],
      );
    });
  }
}

test('postfix charges the second client of one smtpd by its own address when nobody signed in', () => {
  const refused = (address: string): string =>
    `mx13 postfix/smtpd[301]: NOQUEUE: reject: RCPT from unknown[${address}]: 554 5.7.1 <x@y.example>: Relay access denied; from=<> to=<x@y.example> proto=SMTP helo=<x>`;
  const matches = hearAll('postfix', 'normal', [refused(FOUR), ended(FOUR, ''), refused(SIX), refused(FOUR)]);
  assert.deepEqual(
    matches.map(({ address }) => address),
    [FOUR, SIX, FOUR],
  );
});

test('the claim of a disconnect line is not carried over to the next client', () => {
  const matches = hearAll('postfix-sasl', 'normal', [failed(FOUR), ended(FOUR, 'auth=0/6 '), failed(FOUR)]);
  assert.deepEqual(
    matches.map(({ attempts }) => attempts),
    [1, 6, 1],
  );
});

test('lines of one sshd connection share its key, and the listener has none', () => {
  const matches = hearAll('sshd', 'normal', [
    'mx13 sshd-session[1202]: Invalid user bob from 198.51.100.7 port 4022',
    'mx13 sshd-session[1202]: Failed password for invalid user bob from 198.51.100.7 port 4022 ssh2',
    'mx13 sshd-session[1202]: Connection closed by invalid user bob 198.51.100.7 port 4022 [preauth]',
    'mx13 sshd[813]: drop connection #0 from [198.51.100.7]:4023 on [192.0.2.10]:22 penalty: failed authentication',
    'mx13 sshd[813]: drop connection #0 from [198.51.100.8]:4023 on [192.0.2.10]:22 penalty: failed authentication',
  ]);
  assert.deepEqual(
    matches.map(({ address, connection }) => [address, connection]),
    [
      ['198.51.100.7', 'sshd-session[1202]'],
      ['198.51.100.7', 'sshd-session[1202]'],
      ['198.51.100.7', undefined],
      ['198.51.100.8', undefined],
    ],
  );
});

test('refused keys count as the parameter publickey says', () => {
  const line = (user: string): string =>
    `mx13 sshd-session[1218]: Failed publickey for ${user} from 198.51.100.7 port 4022 ssh2: ED25519 SHA256:AAAA`;
  const outcomes = (publickey: string): readonly (string | undefined)[] =>
    ['alice', 'invalid user x'].map((user) => {
      const filter = engine('sshd', 'normal', 'journal', { publickey });
      return filter.examine({ text: line(user), timeMs: NOW_MS, route: 0 }).judgement?.outcome;
    });
  assert.deepEqual(outcomes('nofail'), ['helper', 'helper']);
  assert.deepEqual(outcomes('invalid'), ['helper', 'failure']);
  assert.deepEqual(outcomes('any'), ['failure', 'failure']);
  assert.deepEqual(outcomes('ignore'), [undefined, undefined]);
});

test("PAM's lines of sshd count as the parameter pam says", () => {
  const fields = 'logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.7  user=root';
  const lines = [
    `mx13 sshd-session[1216]: pam_unix(sshd:auth): authentication failure; ${fields}`,
    `mx13 sshd-session[1216]: PAM 2 more authentication failures; ${fields}`,
  ];
  const claims = (pam: string): readonly (number | undefined)[] =>
    lines.map((text) => {
      const filter = engine('sshd', 'normal', 'journal', { pam });
      return filter.examine({ text, timeMs: NOW_MS, route: 0 }).judgement?.match?.attempts;
    });
  assert.deepEqual(claims('nofail'), [undefined, undefined]);
  assert.deepEqual(claims('any'), [1, 2]);
});

test("PAM's lines of Dovecot count as the parameter pam says", () => {
  const text =
    'mx13 auth[2041]: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=root rhost=198.51.100.22  user=root';
  const outcome = (pam: string): string | undefined =>
    engine('dovecot', 'normal', 'journal', { pam }).examine({ text, timeMs: NOW_MS, route: 0 }).judgement
      ?.outcome;
  assert.equal(outcome('nofail'), 'helper');
  assert.equal(outcome('any'), 'failure');
});
