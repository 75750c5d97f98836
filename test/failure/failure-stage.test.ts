import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureStage, type Verdict } from '../../src/failure/failure-stage.js';
import type { FailureOptions } from '../../src/failure/options.js';
import type { Match } from '../../src/filter/match.js';

const OPTIONS: FailureOptions = {
  maxretry: 3,
  findtimeSeconds: 600,
  ignoreip: [],
  ignoreself: true,
  maxmatches: 3,
  sameattempt: true,
  ipv6prefix: 64,
  mostCounted: 100_000,
  knownclientsDays: 30,
};
const NOWHERE = { ownAddresses: () => new Set(['192.0.2.10']), namedAddresses: () => new Set<string>() };
const START_MS = 1_795_000_000_000;

function stage(options: Partial<FailureOptions> = {}): FailureStage {
  return new FailureStage('sshd', { ...OPTIONS, ...options }, NOWHERE);
}

function match(overrides: Partial<Match> & { at?: number } = {}): Match {
  const { at = 0, ...rest } = overrides;
  const address = rest.address ?? '198.51.100.1';
  return {
    kind: 'failure',
    id: address,
    address,
    user: 'root',
    timeMs: START_MS + at * 1000,
    text: `line at ${at}`,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
    ...rest,
  };
}

function attemptsAfter(verdicts: readonly Verdict[]): number {
  const last = verdicts.at(-1);
  return last?.kind === 'counted' ? last.attempts : 0;
}

test('the third failure within findtime gives a ticket with its lines', () => {
  const failures = stage();
  assert.equal(failures.take(match({ at: 0 }), 'journal').kind, 'counted');
  failures.take(match({ at: 60 }), 'journal');
  const verdict = failures.take(match({ at: 120 }), 'journal');
  assert.equal(verdict.kind, 'counted');
  assert.ok(verdict.kind === 'counted' && verdict.ticket);
  assert.deepEqual(
    verdict.ticket.evidence.map((failure) => failure.text),
    ['line at 0', 'line at 60', 'line at 120'],
  );
});

test('failures between which a thousand others fail give the same ticket', () => {
  const failures = stage();
  const verdicts = [0, 60, 120].map((at) => {
    for (let other = 0; other < 1000; other += 1) {
      const address = `203.0.${at}.${other % 250}`;
      failures.take(match({ at, address, id: address, user: `user ${other}` }), 'journal');
    }
    return failures.take(match({ at, data: { word: 'x' }, connection: `c${at}` }), 'journal');
  });
  const apart = stage();
  const alone = [0, 60, 120].map((at) =>
    apart.take(match({ at, data: { word: 'x' }, connection: `c${at}` }), 'journal'),
  );
  assert.deepEqual(verdicts, alone);
  assert.equal(attemptsAfter(verdicts), 3);
});

test('failures further apart than findtime never add up', () => {
  const failures = stage();
  for (let at = 0; at < 6000; at += 301)
    assert.ok(attemptsAfter([failures.take(match({ at }), 'journal')]) < 3, `at ${at}`);
});

test('a line that comes late counts by its own time', () => {
  const failures = stage();
  failures.take(match({ at: 1000 }), 'file');
  failures.take(match({ at: 1001 }), 'file');
  assert.equal(attemptsAfter([failures.take(match({ at: 100 }), 'file')]), 2);
});

test('a line whose time lies ahead counts now, but for what clocks may differ', () => {
  const failures = stage();
  const take = (at: number, now: number): Verdict =>
    failures.take(match({ at }), 'file', START_MS + now * 1000);
  const times = [take(3600, 0), take(59, 1)].map((verdict) =>
    verdict.kind === 'counted' ? verdict.failure.timeMs - START_MS : undefined,
  );
  assert.deepEqual(times, [0, 59_000]);
});

test('after the clock was set back what was counted before still counts, and nobody is let off for as long', () => {
  const failures = stage();
  const take = (at: number): Verdict => failures.take(match({ at }), 'file', START_MS + at * 1000);
  const attempts = [7200, 7210, 5].map((at) => attemptsAfter([take(at)]));
  assert.deepEqual(attempts, [1, 2, 3]);
  const other = (at: number): Verdict =>
    failures.take(match({ at, address: '198.51.100.2' }), 'file', START_MS + at * 1000);
  assert.deepEqual(
    [7200, 6, 700, 701].map((at) => attemptsAfter([other(at)])),
    [1, 2, 1, 2],
  );
});

test('two kinds of line of one connection count as the larger number', () => {
  const failures = stage({ maxretry: 100 });
  const connection = 'mx sshd[7]';
  for (let round = 0; round < 3; round += 1) {
    failures.take(match({ at: round, connection, expression: 1 }), 'journal');
    failures.take(match({ at: round, connection, expression: 2 }), 'journal');
  }
  const verdict = failures.take(match({ at: 4, connection, expression: 5, attempts: 3 }), 'journal');
  assert.equal(attemptsAfter([verdict]), 3);
});

test('a closing line that claims more than was seen counts what it claims', () => {
  const failures = stage({ maxretry: 100 });
  const connection = 'mx postfix/smtpd[7]';
  failures.take(match({ connection }), 'journal');
  const verdict = failures.take(
    match({ at: 1, connection, expression: 4, attempts: 6, user: undefined }),
    'journal',
  );
  assert.equal(attemptsAfter([verdict]), 6);
});

test('without a connection, lines of one user within five seconds belong together', () => {
  const failures = stage({ maxretry: 100 });
  failures.take(match({ at: 0, expression: 1 }), 'journal');
  failures.take(match({ at: 4, expression: 2 }), 'journal');
  assert.equal(attemptsAfter([failures.take(match({ at: 20, expression: 2 }), 'journal')]), 2);
});

test('lines that name nobody are attempts of their own, but for the same line heard both ways', () => {
  const failures = stage({ maxretry: 100 });
  failures.take(match({ user: undefined, expression: 1 }), 'journal');
  failures.take(match({ user: undefined, expression: 2 }), 'journal');
  assert.equal(attemptsAfter([failures.take(match({ user: undefined, expression: 1 }), 'journal')]), 3);
  const both = stage({ maxretry: 100 });
  both.take(match({ user: undefined }), 'journal');
  assert.equal(attemptsAfter([both.take(match({ user: undefined }), 'file')]), 1);
});

test('a line that says how long its attempts took reaches back as far', () => {
  const failures = stage({ maxretry: 100 });
  for (const at of [0, 7, 15]) failures.take(match({ at, expression: 1 }), 'journal');
  const closing = match({ at: 16, expression: 2, attempts: 3, spanSeconds: 16 });
  assert.equal(attemptsAfter([failures.take(closing, 'journal')]), 3);
});

test('a line heard in the journal and in the file counts once', () => {
  const failures = stage({ maxretry: 100 });
  failures.take(match({ at: 0 }), 'journal');
  assert.equal(attemptsAfter([failures.take(match({ at: 0 }), 'file')]), 1);
});

test('as Fail2Ban counts, every line is one', () => {
  const failures = stage({ maxretry: 100, sameattempt: false });
  failures.take(match({ expression: 1 }), 'journal');
  assert.equal(attemptsAfter([failures.take(match({ expression: 2, attempts: 9 }), 'journal')]), 2);
});

test('IPv6 is counted per network, IPv4 per address', () => {
  const failures = stage();
  failures.take(match({ address: '2001:db8:a:1::1' }), 'journal');
  failures.take(match({ address: '2001:db8:a:1::2', at: 10 }), 'journal');
  const verdict = failures.take(match({ address: '2001:db8:a:1:9::3', at: 20 }), 'journal');
  assert.ok(verdict.kind === 'counted' && verdict.ticket?.id === '2001:db8:a:1::/64');
  assert.equal(attemptsAfter([failures.take(match({ address: '2001:db8:a:2::1' }), 'journal')]), 1);
});

test('own, ignored and nobody-alone addresses are never charged', () => {
  const failures = stage({ ignoreip: ['203.0.113.0/24', 'office.example'] });
  const named = new FailureStage(
    'sshd',
    { ...OPTIONS, ignoreip: ['office.example'] },
    { ...NOWHERE, namedAddresses: () => new Set(['198.51.100.9']) },
  );
  const reasonOf = (verdict: Verdict): string => (verdict.kind === 'ignored' ? verdict.reason : 'charged');
  assert.equal(reasonOf(failures.take(match({ address: '203.0.113.7' }), 'journal')), 'ip');
  assert.equal(reasonOf(failures.take(match({ address: '192.0.2.10' }), 'journal')), 'self');
  assert.equal(reasonOf(named.take(match({ address: '198.51.100.9' }), 'journal')), 'dns');
  for (const address of ['127.0.0.1', '::1', 'fe80::1', '224.0.0.1', '0.0.0.0', '::'])
    assert.equal(reasonOf(failures.take(match({ address }), 'journal')), 'never', address);
});

test('a restored failure counts, and gives no ticket of its own', () => {
  const before = stage();
  const kept = [0, 60].flatMap((at) => {
    const verdict = before.take(match({ at }), 'journal');
    return verdict.kind === 'counted' ? [verdict.failure] : [];
  });
  const after = stage();
  for (const failure of kept) after.restore(failure);
  const verdict = after.take(match({ at: 90 }), 'journal');
  assert.ok(verdict.kind === 'counted' && verdict.ticket?.failures === 3);
});

test('the number of ids watched is bounded, and what is forgotten is counted', () => {
  const failures = stage();
  for (let index = 0; index < 100_050; index += 1) {
    const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    failures.take(match({ address }), 'journal');
  }
  assert.equal(failures.forgotten, 50);
  assert.equal(failures.currentlyFailed(START_MS), 100_000);
});

test('a flood from one network does not wash out somebody who comes back, and neither do addresses that fail once', () => {
  const most = 1000;
  const failures = stage({ mostCounted: most });
  const one = '198.51.100.7';
  const take = (address: string, at: number): Verdict => failures.take(match({ address, at }), 'file');
  for (const at of [0, 1]) assert.equal(ticketOf(take(one, at)), undefined);
  for (let number = 0; number < 6 * most; number += 1) {
    // Half of one /48, each twice; half from everywhere, each once.
    const half = number >> 1;
    const isNear = number % 2 === 0;
    take(isNear ? `2001:db8:1:${(half >> 1).toString(16)}::1` : `11.${half >> 8}.${half & 255}.1`, 2);
  }
  assert.ok(failures.forgotten > 3 * most);
  assert.ok(ticketOf(take(one, 3)) !== undefined, 'the third failure of somebody who comes back');
});

function ticketOf(verdict: Verdict): unknown {
  return verdict.kind === 'counted' ? verdict.ticket : undefined;
}

test('somebody from another network is counted through a flood of ten times what is counted at once', () => {
  const most = 1000;
  const failures = stage({ mostCounted: most });
  for (const at of [0, 1, 2]) {
    const verdict = failures.take(match({ address: '198.51.100.7', at }), 'file');
    assert.equal(verdict.kind === 'counted' && verdict.attempts, at + 1);
    for (let number = 0; number < 10 * most; number += 1)
      failures.take(match({ address: `2001:db8:1:${number.toString(16)}::1`, at }), 'file');
  }
});
