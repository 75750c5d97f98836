/**
 * An hour in which AbuseIPDB takes every request and answers none, with more bans than may wait, and a process that is
 * killed again and again. Simulated time, a real store on disk, a real server.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OutboxEntry } from '../../src/store/outbox-entry.js';
import { seededRandom } from '../daemon/seeded-random.js';
import { JAILS, outcomesOf, ReportingHost, START_MS } from './reporting-host.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BANS = 600;
/** `reportqueue`; it is looked at with every 64th ban. */
const MOST = 200;
const SLACK = 64;
/** A request that has no answer is asked again within so long; AbuseIPDB refuses a second for 15 minutes. */
const REPEATS_MS = 15 * MINUTE_MS;

for (const seed of [1, 2, 3])
  test(`in an hour without answers and with kills the queue stays within its bound, and is whole afterwards, seed ${seed}`, async (t) => {
    const random = seededRandom(seed);
    const host = await ReportingHost.open(random);
    t.after(() => host.close());
    const folder = mkdtempSync(join(tmpdir(), 'bailiff-hour-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'store.sqlite');
    const silent = (): boolean => host.clock.now() < START_MS + HOUR_MS;
    host.fault = () => {
      // The process dies while it waits for an answer, at times.
      host.killsWhileHanging = random() < 0.2;
      if (!silent()) return undefined;
      return random() < 0.5 ? 'hang' : 'accepted-hang';
    };
    let starts = 0;
    const start = (): void => {
      starts += 1;
      host.start(path, { most: MOST });
    };
    start();
    const entries = (): readonly OutboxEntry[] =>
      host.started?.store.outbox.newest('abuseipdb', 2 * BANS) ?? [];
    const open = (): readonly OutboxEntry[] =>
      entries().filter(({ state }) => state === 'waiting' || state === 'sending');

    // No two weigh the same.
    const weights = Array.from({ length: BANS }, (_, at) => ({ weight: at + 3, order: random() }))
      .toSorted((one, other) => one.order - other.order)
      .map(({ weight }) => weight);
    let most = 0;
    for (const [at, failures] of weights.entries()) {
      await host.runUntil(Math.max(START_MS + (at * HOUR_MS) / BANS, host.clock.now()));
      if (random() < 0.02) start();
      const jail = JAILS[at % JAILS.length] ?? 'sshd';
      const address = `11.0.${at >> 8}.${at & 255}`;
      const nowMs = host.clock.now();
      const outcomes = outcomesOf({ jail, address, failures }, nowMs);
      host.started?.ledger.commit(outcomes, nowMs);
      host.started?.effect.follow(
        outcomes.flatMap((each) => (each.kind === 'decided' ? [each.decision] : [])),
      );
      if (at % 10 === 0) most = Math.max(most, open().length);
    }
    await host.runUntil(Math.max(START_MS + HOUR_MS, host.clock.now()));
    const waited = open().map(({ subject }) => subject);
    assert.ok(most <= MOST + SLACK, `${most} waited`);
    assert.ok(waited.length >= MOST - 10, `${waited.length} of ${MOST} wait after the hour`);
    await host.runUntil(START_MS + 4 * HOUR_MS);

    const ended = new Map(entries().map((entry) => [entry.subject, entry]));
    assert.equal(entries().length, BANS, 'no report was lost, and none is there twice');
    const having = (state: OutboxEntry['state']): readonly string[] =>
      [...ended].filter(([, entry]) => entry.state === state).map(([subject]) => subject);
    const ends = ['accepted', 'given-up', 'unknown'] as const;
    assert.equal(
      ends.reduce((sum, state) => sum + having(state).length, 0),
      BANS,
    );
    // At one time one letter is at stake, for 14 minutes.
    assert.ok(having('unknown').length <= 5, `${having('unknown').length} unknown`);
    for (const subject of waited)
      assert.notEqual(ended.get(subject)?.state, 'given-up', `${subject} waited and came through`);
    for (const subject of having('given-up')) {
      const { jail, weight } = ended.get(subject) ?? assert.fail();
      const heavier = [...ended.values()].filter((other) => other.jail === jail && other.weight > weight);
      assert.ok(
        heavier.length >= MOST / JAILS.length,
        `${subject} gave way to those of its jail with more failures`,
      );
      assert.match(ended.get(subject)?.answer ?? '', /queue was full/);
    }

    const arrived = host.rules.accepted.map(({ ip }) => ip);
    assert.equal(new Set(arrived).size, arrived.length, 'nothing was accepted twice');
    for (const subject of having('accepted')) assert.ok(arrived.includes(subject), `${subject} arrived`);
    for (const subject of having('given-up'))
      assert.ok(!arrived.includes(subject), `${subject} was not sent`);
    const firstMs = new Map<string, number>();
    for (const { ip, atMs } of host.asked) {
      const sinceMs = atMs - (firstMs.get(ip) ?? atMs);
      assert.ok(sinceMs < REPEATS_MS, `${ip} was asked again after ${sinceMs / MINUTE_MS} minutes`);
      firstMs.set(ip, firstMs.get(ip) ?? atMs);
    }
    assert.equal(host.rules.beyond, 0, 'the quota was never exceeded');
    assert.ok(host.kills > 0 && starts > 1, 'it was killed');
    t.diagnostic(
      `at most ${most} waited, ${having('accepted').length} accepted, ${having('given-up').length} given up, ` +
        `${having('unknown').length} unknown, ${host.asked.length} requests, ${host.kills} kills while it waited, ${starts - 1} between`,
    );
  });
