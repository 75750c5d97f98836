/**
 * What holds of counting and banning whatever comes: made-up attacks through jails, ledger and store, with a clock of their own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Decision } from '../../src/ban/ban.js';
import { Announcer } from '../../src/daemon/telling/announcer.js';
import { Enforcement } from '../../src/daemon/enforcing/enforcement.js';
import { Guard } from '../../src/daemon/deciding/guard.js';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import { storedHistory } from '../../src/daemon/deciding/stored-history.js';
import type { Match } from '../../src/filter/match.js';
import type { Outcome } from '../../src/jail/jail.js';
import { Jails } from '../../src/jail/jails.js';
import type { JailOptions } from '../../src/jail/options.js';
import { HostNames } from '../../src/lib/host-names.js';
import { Log } from '../../src/lib/log.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

const START_MS = 1_795_000_000_000;
const GROWTH = {
  factor: '1',
  formula: undefined,
  multipliers: [],
  maxtimeSeconds: 3600,
  rndtimeSeconds: 0,
  overallJails: false,
};

const JAILS: readonly JailOptions[] = [
  jailOptions(
    'plain',
    { maxretry: 3, findtimeSeconds: 100 },
    { ban: { bantimeSeconds: 60, ipv6prefix: 64 } },
  ),
  jailOptions(
    'growing',
    { maxretry: 4, findtimeSeconds: 50, sameattempt: false },
    { ban: { bantimeSeconds: 30, ipv6prefix: 64, growth: GROWTH } },
  ),
  jailOptions(
    'recidive',
    { maxretry: 2, findtimeSeconds: 1000 },
    { ban: { bantimeSeconds: 300, ipv6prefix: 64 }, countsBans: true },
  ),
];

/** One narrows to itself (2001:db8:2::1 is a friend), one is never banned, the others are anybody. */
const ADDRESSES = ['198.51.100.1', '198.51.100.2', '2001:db8:1::1', '2001:db8:1::2', '2001:db8:2::9', '2001:db8:2::8', '203.0.113.1']; // prettier-ignore
const FRIEND = '2001:db8:2::1';

type Step =
  | {
      readonly kind: 'line';
      readonly afterSeconds: number;
      readonly jail: string;
      readonly address: string;
      readonly user: string;
      readonly connection: string | undefined;
    }
  | { readonly kind: 'ban'; readonly afterSeconds: number; readonly target: string; readonly seconds: number }
  | { readonly kind: 'unban'; readonly afterSeconds: number; readonly target: string };

const afterSeconds = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 70 }) },
);
const TARGETS = [...ADDRESSES, '198.51.100.0/24', '2001:db8:1::/64', '2001:db8::/32'];

const line = fc.record({
  kind: fc.constant('line' as const),
  afterSeconds,
  jail: fc.constantFrom('plain', 'growing'),
  address: fc.constantFrom(...ADDRESSES),
  user: fc.constantFrom('ann', 'bob', 'eve'),
  connection: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
});
const command = fc.oneof(
  fc.record({
    kind: fc.constant('ban' as const),
    afterSeconds,
    target: fc.constantFrom(...TARGETS),
    seconds: fc.constantFrom(20, 200, -1),
  }),
  fc.record({ kind: fc.constant('unban' as const), afterSeconds, target: fc.constantFrom(...TARGETS) }),
);
const attack: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: command }),
  { maxLength: 80, size: 'max' },
);

function matchOf(step: Extract<Step, { kind: 'line' }>, timeMs: number): Match {
  return {
    kind: 'failure',
    id: step.address,
    address: step.address,
    user: step.user,
    timeMs,
    text: `${step.user} from ${step.address}`,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: step.connection,
    data: {},
  };
}

/** A daemon without sources, effects or a clock of its own. */
class Machine {
  readonly jails: Jails;
  readonly guard: Guard;
  readonly decisions: Decision[] = [];
  readonly outcomes: { readonly step: number; readonly outcome: Outcome }[] = [];
  #steps = 0;
  readonly #decidedMs: number[] = [];
  readonly #store: Store;
  nowMs: number;

  constructor(store: Store, nowMs: number) {
    this.nowMs = nowMs;
    this.#store = store;
    this.jails = new Jails(JAILS, {
      ...surroundings,
      protectedIn: ({ network }) => (network === '2001:db8:2::/64' ? FRIEND : undefined),
      sparedBecause: (address) => (address === '203.0.113.1' ? 'it is a gateway' : undefined),
      history: storedHistory(store.bans),
    });
    const clock = { now: () => this.nowMs };
    const log = new Log('error', []);
    const notices = new NoticeBoard(log);
    const announcer = new Announcer(log);
    announcer.tell = (outcome) => {
      this.outcomes.push({ step: this.#steps - 1, outcome });
      if (outcome.kind !== 'decided') return;
      this.decisions.push(outcome.decision);
      this.#decidedMs.push(this.nowMs);
    };
    this.guard = new Guard({
      jails: this.jails,
      store,
      ledger: new Ledger(store, (text) => assert.fail(text)),
      announcer,
      enforcement: new Enforcement({ jails: JAILS, transport: undefined, isWatched: false, notices, clock }),
      names: new HostNames(),
      clock,
    });
    this.guard.restore();
    this.decisions.length = 0;
    this.outcomes.length = 0;
    this.#decidedMs.length = 0;
  }

  step(step: Step): void {
    this.#steps += 1;
    this.nowMs += step.afterSeconds * 1000;
    const plain = this.jails.get('plain');
    assert.ok(plain);
    if (step.kind === 'ban') this.guard.ban(plain, step.target, step.seconds);
    else if (step.kind === 'unban') this.guard.lift(step.target, this.jails);
    else {
      const heard = [{ jail: step.jail, way: 'file' as const, match: matchOf(step, this.nowMs) }];
      this.guard.take({
        source: 'file:x',
        place: String(this.nowMs),
        heard,
        connections: [],
        ears: [],
        lines: 1,
        lastLineMs: this.nowMs,
      });
    }
  }

  /** The same store in another daemon. */
  restarted(): Machine {
    this.guard.close();
    return new Machine(this.#store, this.nowMs);
  }

  /** Decisions with their time, the last of which may be of whoever looks. */
  decided(): readonly { readonly decision: Decision; readonly decisionMs: number }[] {
    return this.decisions.map((decision, index) => ({
      decision,
      decisionMs: this.#decidedMs[index] ?? this.nowMs,
    }));
  }

  /** What holds now: bans that are not over, per jail. */
  state(): readonly string[] {
    return [...this.jails]
      .flatMap((jail) =>
        [...jail.bans.current]
          .filter(({ untilMs }) => (untilMs ?? Infinity) > this.nowMs)
          .map(({ target, untilMs, banCount }) => `${jail.name} ${target} ${untilMs} ${banCount ?? 1}`),
      )
      .sort();
  }

  close(): void {
    this.guard.close();
  }
}

function played<T>(steps: readonly Step[], use: (machine: Machine) => T): T {
  const store = new Store(':memory:');
  const machine = new Machine(store, START_MS);
  try {
    for (const step of steps) machine.step(step);
    return use(machine);
  } finally {
    machine.close();
    store.close();
  }
}

const told = (decision: Decision): string =>
  decision.kind === 'ban'
    ? `${decision.jail} ban ${decision.target} ${decision.untilMs} ${decision.prolongs ?? false}`
    : `${decision.jail} unban ${decision.target} ${decision.why}`;

test('every ban has exactly one end, and a target has one ban at a time', () => {
  fc.assert(
    fc.property(attack, (steps) => {
      played(steps, (machine) => {
        machine.nowMs += 10_000_000;
        for (const jail of machine.jails)
          machine.decisions.push(
            ...jail.bans.expire(machine.nowMs),
            ...jail.bans.clear(machine.nowMs, 'hand'),
          );
        const on = new Map<string, number>();
        for (const { decision, decisionMs } of machine.decided()) {
          const key = `${decision.jail} ${decision.target}`;
          const endMs = on.get(key);
          if (decision.kind === 'unban') assert.ok(on.delete(key), `${key} ended without a ban`);
          else {
            const nowMs = decision.prolongs === true ? decisionMs : 0;
            assert.ok((endMs ?? Infinity) > nowMs, `${key} was over when it was prolonged`);
            assert.equal(endMs !== undefined, decision.prolongs === true, `${key} banned twice`);
            on.set(key, decision.untilMs ?? Infinity);
          }
          if (decision.kind === 'unban' && decision.why === 'expired')
            assert.ok((endMs ?? 0) <= decision.atMs, `${key} ended before its time`);
        }
        assert.deepEqual([...on.keys()], []);
      });
    }),
    { numRuns: 60 },
  );
});

test('there is at most one ban per excess: between two bans by a jail lie maxretry failures, or the weight of earlier bans', () => {
  fc.assert(
    fc.property(attack, (steps) => {
      played(steps, (machine) => {
        const counted = new Map<string, number>();
        for (const { outcome } of machine.outcomes) {
          if (outcome.kind === 'counted') {
            const key = `${outcome.failure.jail} ${outcome.failure.id}`;
            counted.set(key, (counted.get(key) ?? 0) + 1);
          }
          if (outcome.kind !== 'decided' || outcome.decision.kind !== 'ban') continue;
          const { jail, origin, target, countedAs, failures, prolongs } = outcome.decision;
          if (origin !== 'jail' || prolongs === true || jail === 'recidive') continue;
          const key = `${jail} ${countedAs ?? target}`;
          assert.ok(failures <= (counted.get(key) ?? 0), `${key} was banned for ${failures} failures`);
          assert.ok(jail === 'growing' || failures >= 3);
          counted.delete(key);
        }
      });
    }),
    { numRuns: 60 },
  );
});

test('failures of different connections at one time may come in any order', () => {
  const burst = fc.array(
    fc.record({
      address: fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8:1::1', '2001:db8:1::2'),
      user: fc.constantFrom('ann', 'bob'),
      connection: fc.uuid(),
    }),
    { maxLength: 14, size: 'max' },
  );
  fc.assert(
    fc.property(burst, fc.infiniteStream(fc.nat()), (lines, keys) => {
      const steps = lines.map((each): Step => ({ kind: 'line', afterSeconds: 0, jail: 'plain', ...each }));
      const shuffled = steps
        .map((step) => ({ step, key: keys.next().value ?? 0 }))
        .sort((one, other) => one.key - other.key)
        .map(({ step }) => step);
      const after = (machine: Machine): unknown => [
        machine.state(),
        machine.decisions.map(told).sort(),
        [...machine.jails].map((jail) => jail.failures.currentlyFailed(machine.nowMs)),
      ];
      assert.deepEqual(played(shuffled, after), played(steps, after));
    }),
    { numRuns: 60 },
  );
});

/** Who is let off lies in two bans, of which the wider one came first, or after a restart last. */
const CARVED_TWICE: Step[] = [
  { kind: 'ban', afterSeconds: 20, target: '2001:db8::/32', seconds: 20 },
  { kind: 'unban', afterSeconds: 0, target: '2001:db8:1::1' },
  { kind: 'ban', afterSeconds: 0, target: '2001:db8::/32', seconds: 20 },
  { kind: 'unban', afterSeconds: 0, target: '2001:db8:2::9' },
];

test('a restart at any moment changes nothing of who is banned, until when, and how near the others are to it', () => {
  fc.assert(
    fc.property(attack, fc.nat(80), (steps, at) => {
      const store = new Store(':memory:');
      let machine = new Machine(store, START_MS);
      for (const step of steps.slice(0, at)) machine.step(step);
      const before = machine.state();
      machine = machine.restarted();
      assert.deepEqual(machine.state(), before);
      for (const step of steps.slice(at)) machine.step(step);
      const rest = newsOf(machine);
      machine.close();
      store.close();
      const expected = played(steps, (whole) => newsOf(whole, Math.min(at, steps.length)));
      assert.deepEqual(rest, expected);
    }),
    { numRuns: 60, examples: [[CARVED_TWICE, 2]] },
  );
});

/** What came of the steps from `at` on, and what holds then. Ends are told when somebody looks. */
function newsOf(machine: Machine, at = 0): unknown {
  const news = machine.outcomes
    .filter(({ step }) => step >= at)
    .flatMap(({ outcome }) => {
      if (outcome.kind === 'counted') return [`${outcome.failure.id}: ${outcome.attempts}`];
      if (outcome.kind === 'spared') return [`${outcome.ticket.id} is spared`];
      if (outcome.kind !== 'decided') return [];
      const { decision } = outcome;
      return decision.kind === 'unban' && decision.why === 'expired' ? [] : [told(decision)];
    });
  return { state: machine.state(), news };
}
