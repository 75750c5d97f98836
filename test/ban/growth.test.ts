/**
 * `bantime.increment`: lives of addresses in our jails and store beside Fail2Ban's own filter, ban manager, observer and database.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { BanList } from '../../src/ban/ban-list.js';
import type { GrowthOptions } from '../../src/ban/options.js';
import { RememberedBans } from '../../src/ban/remembered-bans.js';
import { storedHistory } from '../../src/daemon/deciding/stored-history.js';
import type { Ticket } from '../../src/failure/ticket.js';
import type { Match } from '../../src/filter/match.js';
import type { Outcome } from '../../src/jail/jail.js';
import { Jails } from '../../src/jail/jails.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { Store } from '../../src/store/store.js';
import { seededRandom } from '../daemon/seeded-random.js';
import { VERSIONS, fail2ban } from '../dialect/fail2ban.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

const START_SECONDS = 1_795_000_000;
const GROWTH: GrowthOptions = {
  factor: '1',
  formula: undefined,
  multipliers: [],
  maxtimeSeconds: undefined,
  rndtimeSeconds: 0,
  overallJails: false,
};

interface JailLife {
  readonly name: string;
  readonly bantime: number;
  readonly maxretry: number;
  readonly findtime: number;
  /** As Fail2Ban is told them. */
  readonly options: Readonly<Record<string, string>>;
  readonly growth: GrowthOptions;
}

interface LifeEvent {
  readonly at: number;
  readonly jail: string;
  readonly ip: string;
  readonly kind: 'attack' | 'unban';
}

type Came = null | 'banned' | { readonly failures: number; readonly seconds: number; readonly count: number };

const WAYS: readonly Omit<JailLife, 'name' | 'maxretry' | 'findtime'>[] = [
  { bantime: 600, options: {}, growth: GROWTH },
  { bantime: 60, options: { factor: '2.0 / 3', maxtime: '1d' }, growth: { ...GROWTH, factor: '2.0 / 3', maxtimeSeconds: 86_400 } },
  { bantime: 300, options: { multipliers: '1 5 30 60 300 720' }, growth: { ...GROWTH, multipliers: [1, 5, 30, 60, 300, 720] } },
  { bantime: 300, options: { multipliers: '1 2', factor: '0.25', rndtime: '40' }, growth: { ...GROWTH, multipliers: [1, 2], factor: '0.25', rndtimeSeconds: 40 } },
  {
    bantime: 100,
    options: { formula: 'ban.Time * math.exp(float(min(ban.Count, 20)+1)*banFactor)/math.exp(1*banFactor)', factor: '0.5', overalljails: 'true', maxtime: '1w' },
    growth: { ...GROWTH, formula: 'ban.Time * math.exp(float(min(ban.Count, 20)+1)*banFactor)/math.exp(1*banFactor)', factor: '0.5', overallJails: true, maxtimeSeconds: 604_800 },
  },
  { bantime: 200, options: { overalljails: 'true', rndtime: '8m', maxtime: '12h' }, growth: { ...GROWTH, overallJails: true, rndtimeSeconds: 480, maxtimeSeconds: 43_200 } },
  { bantime: -1, options: {}, growth: GROWTH },
]; // prettier-ignore

function made(seed: number): { readonly jails: readonly JailLife[]; readonly events: readonly LifeEvent[] } {
  const random = seededRandom(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const jails = WAYS.map((way, index): JailLife => ({
    ...way,
    name: `j${index}`,
    maxretry: 1 + below(12),
    findtime: 600,
    options: { increment: 'true', ...way.options },
  }));
  let at = START_SECONDS;
  const events = Array.from({ length: 400 }, (): LifeEvent => {
    // An attack takes up to twelve seconds; some bans are over by the next, some are not.
    at += 700 + below(random() < 0.1 ? 200_000 : 2000);
    return {
      at,
      jail: `j${below(jails.length)}`,
      ip: `192.0.2.${below(6)}`,
      kind: random() < 0.06 ? 'unban' : 'attack',
    };
  });
  return { jails, events };
}

function theirs(version: (typeof VERSIONS)[number], life: ReturnType<typeof made>): readonly Came[] {
  const { pythonPath } = fail2ban(version);
  const { stdout, stderr, status } = spawnSync(
    'python3',
    [join(packageRoot, 'test', 'ban', 'growth-oracle.py')],
    {
      input: JSON.stringify(life),
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1' },
    },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly Came[];
}

function ours({ jails: lives, events }: ReturnType<typeof made>): readonly Came[] {
  const store = new Store(':memory:');
  const options = lives.map(({ name, bantime, maxretry, findtime, growth }) =>
    jailOptions(
      name,
      { maxretry, findtimeSeconds: findtime, sameattempt: false },
      { ban: { bantimeSeconds: bantime, ipv6prefix: 128, growth } },
    ),
  );
  const jails = new Jails(options, {
    ...surroundings,
    history: storedHistory(store.bans),
    random: () => 0.5,
  });
  const write = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes)
      if (outcome.kind === 'decided')
        if (outcome.decision.kind === 'ban') store.bans.add(outcome.decision);
        else store.bans.end(outcome.decision);
  };
  const came = events.map(({ at, jail: name, ip, kind }): Came => {
    const jail = jails.get(name);
    assert.ok(jail);
    write(jails.expire(at * 1000).map((decision) => ({ kind: 'decided', decision })));
    if (kind === 'unban') {
      write(jail.lift(ip, at * 1000).map((decision) => ({ kind: 'decided', decision })));
      return null;
    }
    if (jail.bans.covering(ip, at * 1000) !== undefined) return 'banned';
    for (let failures = 1; ; failures += 1) {
      const nowMs = (at + failures) * 1000;
      const outcomes = jail.take(attempt(ip, nowMs), 'file', nowMs);
      write(outcomes);
      for (const outcome of outcomes) {
        if (outcome.kind !== 'decided' || outcome.decision.kind !== 'ban') continue;
        const { untilMs, bannedAtMs, banCount = 1 } = outcome.decision;
        const seconds = untilMs === undefined ? -1 : (untilMs - bannedAtMs) / 1000;
        return { failures, seconds, count: banCount };
      }
      assert.ok(failures <= 20, 'it is banned at last');
    }
  });
  store.close();
  return came;
}

function attempt(address: string, timeMs: number): Match {
  return {
    kind: 'failure',
    id: address,
    address,
    user: undefined,
    timeMs,
    text: 'a line',
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
  };
}

for (const version of VERSIONS) {
  test(`after the same history bans are as long as those of Fail2Ban ${version}, and need as many failures`, () => {
    for (const seed of [1, 2, 3]) {
      const life = made(seed);
      const [own, expected] = [ours(life), theirs(version, life)];
      for (const [index, event] of life.events.entries()) {
        const [mine, their] = [own[index], expected[index]];
        const what = `seed ${seed}, event ${index}: ${JSON.stringify(event)}`;
        if (typeof mine !== 'object' || mine === null || typeof their !== 'object' || their === null) {
          assert.deepEqual(mine, their, what);
          continue;
        }
        assert.deepEqual([mine.failures, mine.count], [their.failures, their.count], what);
        assert.ok(
          Math.abs(mine.seconds - their.seconds) < 0.001,
          `${what}: ${mine.seconds} s, ${their.seconds} s`,
        );
      }
      const counts = own.map((each) => (typeof each === 'object' ? (each?.count ?? 0) : 0));
      assert.ok(Math.max(...counts) > 4, 'some came back often');
    }
  });
}

function ticket(address: string, lastMs: number): Ticket {
  return { jail: 'sshd', id: address, address, failures: 3, firstMs: lastMs, lastMs, evidence: [] };
}

test('who is let off by hand begins anew', () => {
  const store = new Store(':memory:');
  const bans = new BanList(
    'sshd',
    { bantimeSeconds: 600, ipv6prefix: 64, growth: GROWTH },
    { protectedIn: () => undefined, history: storedHistory(store.bans) },
  );
  const ban = (atMs: number): number => {
    const made = bans.take(ticket('192.0.2.1', atMs), atMs);
    assert.ok(made);
    store.bans.add(made);
    return ((made.untilMs ?? 0) - atMs) / 1000;
  };
  const end = (atMs: number, isByHand: boolean): void => {
    for (const decision of isByHand ? bans.lift('192.0.2.1', atMs) : bans.expire(atMs))
      if (decision.kind === 'unban') store.bans.end(decision);
  };
  assert.equal(ban(0), 600);
  end(600_000, false);
  assert.equal(ban(1_000_000), 1200);
  end(1_000_001, true);
  assert.equal(ban(3_000_000), 600);
  store.close();
});

test('a replay remembers in memory who was banned before', () => {
  const history = new RememberedBans();
  const options = { bantimeSeconds: 600, ipv6prefix: 64, growth: { ...GROWTH, overallJails: true } };
  const [one, other] = ['sshd', 'postfix'].map(
    (jail) => new BanList(jail, options, { protectedIn: () => undefined, history }),
  );
  assert.equal(one?.take(ticket('192.0.2.1', 0), 0)?.banCount, undefined);
  assert.equal(other?.take(ticket('192.0.2.1', 0), 0)?.banCount, 2);
});
