import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fairOrder } from '../../src/action/outbox/fair-choice.js';

const DAY_MS = 86_400_000;
const JAILS = ['a', 'b', 'c', 'd'] as const;

/** A day in which jails have so much to send at these times; gives what each sent. */
function dayOf(
  limit: number,
  arrivals: readonly { readonly jail: (typeof JAILS)[number]; readonly at: number; readonly count: number }[],
): ReadonlyMap<string, number> {
  const sent = new Map<string, number>();
  const due = new Map<string, number>();
  const steps = 96;
  for (let step = 0; step < steps; step += 1) {
    const nowMs = Math.floor((DAY_MS * step) / steps);
    for (const { jail, at, count } of arrivals) if (at === step) due.set(jail, (due.get(jail) ?? 0) + count);
    for (;;) {
      const remaining = limit - [...sent.values()].reduce((sum, each) => sum + each, 0);
      if (remaining === 0) return sent;
      const waiting = [...due].filter(([, count]) => count > 0).map(([jail]) => jail);
      const [jail] = fairOrder({
        due: waiting,
        sent,
        sharing: JAILS,
        allowance: { limit, remaining },
        nowMs,
      });
      if (jail === undefined) break;
      sent.set(jail, (sent.get(jail) ?? 0) + 1);
      due.set(jail, (due.get(jail) ?? 0) - 1);
    }
  }
  return sent;
}

const arrival = fc.record({
  jail: fc.constantFrom(...JAILS),
  at: fc.integer({ min: 0, max: 90 }),
  count: fc.integer({ min: 1, max: 120 }),
});

test('no day brings more than its limit, and nobody sends what is not due', () => {
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 12 }), (arrivals) => {
      const limit = 80;
      const wanted = new Map<string, number>();
      for (const { jail, count } of arrivals) wanted.set(jail, (wanted.get(jail) ?? 0) + count);
      const sent = dayOf(limit, arrivals);
      const total = [...sent.values()].reduce((sum, each) => sum + each, 0);
      assert.ok(total <= limit);
      for (const [jail, count] of sent) assert.ok(count <= (wanted.get(jail) ?? 0));
    }),
  );
});

test('a jail that fills the morning leaves the others most of their shares, and the day is used up by midnight', () => {
  const sent = dayOf(80, [
    { jail: 'a', at: 0, count: 1000 },
    { jail: 'b', at: 48, count: 9 },
    { jail: 'c', at: 48, count: 9 },
  ]);
  assert.equal(sent.get('b'), 9);
  assert.equal(sent.get('c'), 9);
  assert.ok((sent.get('a') ?? 0) > 55, `${sent.get('a')} of 62`);
});

test('without a limit everybody goes, who has sent least first', () => {
  const sent = new Map([['a', 5]]);
  const turn = { due: ['a', 'b'], sent, sharing: JAILS, allowance: undefined, nowMs: 0 };
  assert.deepEqual(fairOrder(turn), ['b', 'a']);
});
