import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outcome } from '../../src/jail/jail.js';
import { seededRandom } from '../daemon/seeded-random.js';
import { DOORS, FAULTS } from './abuseipdb-server.js';
import { type Deed, JAILS, outcomesOf, ReportingHost, SPAM, START_MS, unbanOf } from './reporting-host.js';

const BANS = 10_000;
const HOUR_MS = 3_600_000;
const FAULTY = 0.1;

interface Planned {
  readonly deed: Deed;
  readonly isDue: boolean;
  readonly atMs: number;
  /** When it is lifted by hand. */
  readonly liftedAtMs: number | undefined;
}

/** A ban for every way in which one is to be reported or not. */
function plan(count: number, random: () => number): readonly Planned[] {
  return Array.from({ length: count }, (_, at): Planned => {
    const address = at % 7 === 0 ? `2001:db8:${(at + 1).toString(16)}:1::1` : four(at);
    const jail = JAILS[random() < 0.7 ? 0 : Math.floor(random() * JAILS.length)] ?? 'sshd';
    const deed: Deed = { jail, address, failures: 3 + Math.floor(random() * 20) };
    const atMs = START_MS + Math.floor(random() * 20 * HOUR_MS);
    const of = (rest: Partial<Deed>, isDue = false): Planned => ({
      deed: { ...deed, ...rest },
      isDue,
      atMs,
      liftedAtMs: undefined,
    });
    const chance = random();
    if (chance < 0.05) return of({ origin: 'hand', lines: [], failures: 0 });
    if (chance < 0.1) return of({ jail: 'postfix', lines: [SPAM, SPAM, SPAM] });
    if (chance < 0.13) return of({ failures: 2, lines: ['x', 'y'] });
    if (chance < 0.16 && address.includes(':'))
      return of({ target: `${address.replace(/:1::1$/, '')}::/48` });
    if (chance < 0.2) return { ...of({}), liftedAtMs: atMs + 1 + Math.floor(random() * 299_000) };
    return of({}, true);
  });
}

/** Addresses of the world: 11.0.0.0 on. */
function four(at: number): string {
  return `11.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
}

for (const seed of [1, 2, 3]) {
  test(`of ${seed === 1 ? '10,000' : '1,000'} bans with faults at random each due report is accepted once, no other is, ${seed === 1 ? '' : 'with kills, '}seed ${seed}`, async (t) => {
    const random = seededRandom(seed);
    const host = await ReportingHost.open(random);
    t.after(() => host.close());
    const count = seed === 1 ? BANS : BANS / 10;
    host.rules.limits = { report: count / 10, 'bulk-report': 5, check: 1000 };
    const planned = plan(count, random);
    const refused = new Set(planned.filter(() => random() < 0.01).map(({ deed }) => deed.address));
    host.rules.invalid = (ip) => refused.has(ip);
    // When is left to chance; which one is the next of the list, so that each is met.
    const met = new Map<string, number>();
    let faults = 0;
    const nextOf = <Fault extends string>(among: readonly Fault[]): Fault | undefined => {
      faults += 1;
      const fault = among.toSorted((one, other) => (met.get(one) ?? 0) - (met.get(other) ?? 0))[0];
      if (fault !== undefined) met.set(fault, (met.get(fault) ?? 0) + 1);
      return fault;
    };
    const faulty = seed === 1 ? FAULTY : 0.3;
    host.fault = () => (random() < faulty ? nextOf(FAULTS) : undefined);
    host.door = () => (random() < faulty / 4 ? nextOf(DOORS) : undefined);
    const folder = mkdtempSync(join(tmpdir(), 'bailiff-campaign-'));
    t.after(() => rmSync(folder, { recursive: true }));
    host.killsWhileHanging = seed !== 1;
    let started = host.start(seed === 1 ? ':memory:' : join(folder, 'store.sqlite'));

    const events = planned.flatMap(
      ({ deed, atMs, liftedAtMs }): { atMs: number; outcomes: () => readonly Outcome[] }[] => [
        { atMs, outcomes: () => outcomesOf(deed, atMs) },
        liftedAtMs === undefined
          ? { atMs: atMs + 600_000, outcomes: () => [unbanOf(deed, atMs + 600_000, 'expired')] }
          : { atMs: liftedAtMs, outcomes: () => [unbanOf(deed, liftedAtMs, 'hand')] },
      ],
    );
    for (const { atMs, outcomes } of events.sort((one, other) => one.atMs - other.atMs)) {
      await host.runUntil(Math.max(atMs, host.clock.now()));
      started = host.started ?? started;
      const { ledger, effect } = started;
      ledger.commit(outcomes(), atMs);
      effect.follow(outcomes().flatMap((outcome) => (outcome.kind === 'decided' ? [outcome.decision] : [])));
    }
    await host.runUntil(START_MS + 48 * HOUR_MS);

    const { ledger, store } = host.started ?? started;
    assert.equal(ledger.state().suspended, undefined);
    const accepted = new Map<string, number>();
    for (const { ip } of host.rules.accepted) accepted.set(ip, (accepted.get(ip) ?? 0) + 1);
    const twice = [...accepted].filter(([, times]) => times > 1);
    assert.deepEqual(twice, [], 'nothing was accepted twice');
    const due = new Set(planned.filter(({ isDue }) => isDue).map(({ deed }) => deed.address));
    const undue = [...accepted.keys()].filter((ip) => !due.has(ip));
    assert.deepEqual(undue, [], 'nothing was reported that was not due');
    const states = new Map(
      store.outbox.newest('abuseipdb', 2 * count).map((entry) => [entry.subject, entry]),
    );
    let unknown = 0;
    let lost = 0;
    for (const address of due) {
      const { state, answer } = states.get(address) ?? {};
      if (refused.has(address)) assert.equal(state, 'refused', `${address}: ${answer}`);
      else if (state === 'unknown') {
        // Its answer, and those to every repetition within a quarter of an hour, were lost; it may have arrived.
        unknown += 1;
        if (!accepted.has(address)) lost += 1;
      } else {
        assert.equal(state, 'accepted', `${address}: ${answer}`);
        assert.equal(accepted.get(address), 1, `${address} arrived`);
      }
    }
    assert.equal(host.rules.beyond, 0, 'the quota was never exceeded');
    assert.equal(store.outbox.open('abuseipdb', 1).length, 0, 'nothing is left');
    t.diagnostic(
      `${due.size} due, ${host.rules.accepted.length} accepted, ${refused.size} refused, ${unknown} unknown of which ${lost} never arrived, ${host.rules.requests} requests, ${faults} faults, ${host.hung} hung, ${host.kills} kills`,
    );
    assert.ok(lost <= count / 1000, `${lost} of ${due.size} never arrived`);
    if (seed === 1) {
      assert.equal(met.size, FAULTS.length + DOORS.length, 'every fault was met');
      const answers = [...states.values()].map(({ answer }) => answer ?? '');
      for (const told of [
        /^accepted \(HTTP 200\)/,
        /^accepted in a bulk/,
        /it had arrived/,
        /^refused \(HTTP 422\)/,
        /^refused in a bulk report: Invalid IP/,
      ])
        assert.ok(
          answers.some((answer) => told.test(answer)),
          `${told.source} was answered`,
        );
    }
    assert.ok(faults > 5);
  });
}
