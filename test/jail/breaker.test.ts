import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Breaker } from '../../src/ban/breaker.js';
import type { Ticket } from '../../src/failure/ticket.js';
import type { Match } from '../../src/filter/match.js';
import { Jails } from '../../src/jail/jails.js';
import { jailOptions, surroundings } from './jail-options.js';

function ticket(id: string): Ticket {
  return { jail: 'j', id, address: id, failures: 3, firstMs: 0, lastMs: 0, evidence: [] };
}

/** What the breaker says to each of `count` bans, one every `everyMs`. */
function run(breaker: Breaker, count: number, everyMs: number, fromMs = 0): readonly (string | undefined)[] {
  return Array.from({ length: count }, (_, index) => {
    const nowMs = fromMs + index * everyMs;
    const said = breaker.take(ticket(`10.0.0.${index}`), nowMs);
    if (said === undefined) breaker.note(nowMs);
    return said;
  });
}

test('bans are held back only after a change, and only where they are too many in a minute', () => {
  const breaker = new Breaker(3);
  assert.ok(run(breaker, 100, 1).every((said) => said === undefined));
  breaker.watch(1000);
  assert.ok(run(breaker, 20, 20_001, 1000).every((said) => said === undefined));
  assert.deepEqual(run(breaker, 3, 100, 600_000), [undefined, undefined, undefined]);
  assert.deepEqual(run(breaker, 3, 100, 601_000), ['first', 'more', 'more']);
  assert.deepEqual([breaker.heldSinceMs, breaker.held], [601_000, 3]);
});

test('a quarter of an hour after a change nothing is held back any more', () => {
  const breaker = new Breaker(3);
  breaker.watch(0);
  assert.ok(run(breaker, 50, 1, 900_000).every((said) => said === undefined));
});

test('what is held back stays so until it is released, or the jail is changed again', () => {
  const breaker = new Breaker(1);
  breaker.watch(0);
  run(breaker, 3, 1);
  assert.equal(breaker.take(ticket('10.0.0.9'), 10_000_000), 'more');
  assert.deepEqual(
    breaker.release().map(({ id }) => id),
    ['10.0.0.1', '10.0.0.2', '10.0.0.9'],
  );
  assert.equal(breaker.take(ticket('10.0.0.10'), 10_000_000), undefined);
  breaker.watch(0);
  run(breaker, 3, 1);
  breaker.watch(20);
  assert.deepEqual([breaker.held, breaker.heldSinceMs], [0, undefined]);
});

function failure(address: string): Match {
  return {
    kind: 'failure',
    id: address,
    address,
    user: undefined,
    timeMs: 1,
    text: '',
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
  };
}

test('a jail whose filter was changed bans so many, holds back the rest, and bans them when it is told to', () => {
  const ban = { bantimeSeconds: 600, ipv6prefix: 64, breakerBans: 5 };
  const options = jailOptions('j', { maxretry: 1 }, { ban });
  const recidive = jailOptions('recidive', { maxretry: 1 }, { countsBans: true });
  const jails = new Jails([options, recidive], surroundings);
  const jail = jails.get('j');
  assert.ok(jail);
  assert.equal(jail.reconfigure({ ...options, ban: { ...ban, bantimeSeconds: 60 } }), false);
  assert.equal(
    jail.reconfigure({ ...options, filter: { ...options.filter, failregex: ['^x <ADDR>$'] } }),
    true,
  );
  jail.breaker.watch(0);
  const kinds = Array.from({ length: 8 }, (_, low) =>
    jails
      .hear({ jail: 'j', way: 'file', match: failure(`192.0.2.${low}`) }, 1)
      .map(({ kind }) => kind)
      .join(' '),
  );
  assert.deepEqual(kinds.slice(4), [
    'counted decided counted decided',
    'counted held',
    'counted held',
    'counted held',
  ]);
  assert.deepEqual([jail.bans.size, jail.breaker.held, jails.get('recidive')?.bans.size], [5, 3, 5]);
  jails.release(jail, 2);
  assert.deepEqual([jail.bans.size, jail.breaker.held, jails.get('recidive')?.bans.size], [8, 0, 8]);
});
