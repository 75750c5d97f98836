import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Deed,
  JAILS,
  KEY,
  outcomesOf,
  ReportingHost,
  SPAM,
  type Started,
  START_MS,
  unbanOf,
} from './reporting-host.js';
import {
  reportEffects,
  reportsAnswer,
  reportsFlush,
  reportsForget,
  reportsPreview,
} from '../../src/daemon/sending/report-answers.js';
import { DOORS, FAULTS, type Fault } from './abuseipdb-server.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ONE: Deed = { jail: 'sshd', address: '11.0.0.1' };

async function hostFor(t: TestContext, jails = JAILS): Promise<ReportingHost> {
  const host = await ReportingHost.open(() => 0.5, jails);
  t.after(() => host.close());
  return host;
}

function bans({ ledger, effect }: Started, deed: Deed, atMs: number): void {
  const outcomes = outcomesOf(deed, atMs);
  ledger.commit(outcomes, atMs);
  effect.follow(outcomes.flatMap((each) => (each.kind === 'decided' ? [each.decision] : [])));
}

function states({ store }: Started): readonly string[] {
  return store.outbox
    .newest('abuseipdb', 1000)
    .map(({ state }) => state)
    .toReversed();
}

test('a report is held back for reportdelay, and an unban within that time cancels it', async (t) => {
  const host = await hostFor(t);
  const started = host.start();
  const other: Deed = { jail: 'dovecot', address: '11.0.0.2' };
  bans(started, ONE, START_MS);
  bans(started, other, START_MS);
  await host.runUntil(START_MS + 4 * MINUTE_MS);
  started.ledger.commit([unbanOf(ONE, host.clock.now(), 'hand')], host.clock.now());
  assert.equal(host.rules.requests, 0);
  await host.runUntil(START_MS + 6 * MINUTE_MS);
  assert.deepEqual(states(started), ['cancelled', 'accepted']);
  assert.deepEqual(
    host.rules.accepted.map(({ ip, categories }) => [ip, categories]),
    [['11.0.0.2', '18']],
  );
});

test('bans of one address by several jails go out as one report, and a later one waits for a quarter of an hour', async (t) => {
  const host = await hostFor(t);
  const started = host.start();
  bans(started, ONE, START_MS);
  bans(started, { ...ONE, jail: 'dovecot' }, START_MS);
  await host.runUntil(START_MS + 6 * MINUTE_MS);
  bans(started, { ...ONE, jail: 'postfix-sasl' }, host.clock.now());
  await host.runUntil(START_MS + 20 * MINUTE_MS);
  assert.equal(host.rules.accepted.length, 1);
  assert.match(host.rules.accepted[0]?.comment ?? '', /SSH: 3 failed logins.*IMAP\/POP3: 3 failed logins/);
  await host.runUntil(START_MS + 40 * MINUTE_MS);
  assert.equal(host.rules.accepted.length, 2);
  assert.equal(host.rules.requests, 2);
  assert.deepEqual(states(started), ['accepted', 'accepted', 'accepted']);
});

for (const fault of FAULTS)
  test(`after ${fault} a report is asked again until it is accepted, once`, async (t) => {
    const host = await hostFor(t);
    const started = host.start();
    let left = 2;
    host.fault = () => (left-- > 0 ? fault : undefined);
    bans(started, ONE, START_MS);
    await host.runUntil(START_MS + 13 * MINUTE_MS);
    assert.deepEqual(states(started), ['accepted']);
    assert.equal(host.rules.accepted.length, 1);
  });

for (const door of DOORS)
  test(`after a connection that is ${door} a report is sent again, and nobody heard the first`, async (t) => {
    const host = await hostFor(t);
    const started = host.start();
    let left = 2;
    host.door = () => (left-- > 0 ? door : undefined);
    bans(started, ONE, START_MS);
    await host.runUntil(START_MS + 13 * MINUTE_MS);
    assert.deepEqual(states(started), ['accepted']);
    assert.equal(left, -1, 'three connections');
    assert.deepEqual([host.rules.requests, host.rules.accepted.length], [1, 1]);
  });

for (const arrives of [false, true])
  test(`an hour of silence leaves one report unknown, repeats nothing and loses nothing (${arrives ? 'reports arrive' : 'nothing arrives'})`, async (t) => {
    const host = await hostFor(t);
    const started = host.start();
    const silence: Fault = arrives ? 'accepted-hang' : 'hang';
    host.fault = () => (host.clock.now() < START_MS + HOUR_MS ? silence : undefined);
    for (let at = 0; at < 300; at += 1) {
      const atMs = START_MS + at * 12_000;
      await host.runUntil(atMs);
      bans(
        started,
        { jail: 'sshd', address: `11.0.1.${at % 256}`, target: `11.0.1.${at}` },
        Math.max(atMs, host.clock.now()),
      );
      bans(
        started,
        { jail: 'dovecot', address: `11.1.${at >> 8}.${at & 255}` },
        Math.max(atMs, host.clock.now()),
      );
    }
    await host.runUntil(START_MS + 3 * HOUR_MS);
    const ended = states(started);
    assert.equal(ended.filter((state) => state === 'unknown').length, 1);
    assert.equal(ended.filter((state) => state === 'declined').length, 44, 'targets that are no addresses');
    assert.equal(ended.filter((state) => state === 'accepted').length, 600 - 45);
    const twice = new Map<string, number>();
    for (const { ip } of host.rules.accepted) twice.set(ip, (twice.get(ip) ?? 0) + 1);
    assert.ok([...twice.values()].every((times) => times === 1));
    assert.match(
      started.notices
        .about('abuseipdb')
        .map(({ text }) => text)
        .join(' '),
      /1 reports unknown/,
    );
  });

test('what was killed without an answer is asked again within a quarter of an hour, and counts once', async (t) => {
  const host = await hostFor(t);
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-outbox-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'store.sqlite');
  const first = host.start(path);
  bans(first, ONE, START_MS);
  host.fault = () => 'accepted-hang';
  await host.runUntil(START_MS + 5 * MINUTE_MS);
  assert.deepEqual(states(first), ['sending']);
  assert.equal(host.rules.accepted.length, 1);

  host.fault = () => undefined;
  const second = host.start(path);
  await host.runUntil(START_MS + 10 * MINUTE_MS);
  assert.deepEqual(states(second), ['accepted']);
  assert.match(second.store.outbox.newest('abuseipdb', 1)[0]?.answer ?? '', /it had arrived/);
  assert.equal(host.rules.accepted.length, 1);
});

test('what was killed without an answer is unknown after a quarter of an hour, and not repeated', async (t) => {
  const host = await hostFor(t);
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-outbox-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'store.sqlite');
  const first = host.start(path);
  bans(first, ONE, START_MS);
  host.fault = () => 'hang';
  await host.runUntil(START_MS + 5 * MINUTE_MS);
  const { requests } = host.rules;
  host.fault = () => undefined;
  host.clock.advanceTo(START_MS + 30 * MINUTE_MS);
  const second = host.start(path);
  await host.runUntil(START_MS + HOUR_MS);
  assert.deepEqual(states(second), ['unknown']);
  assert.equal(host.rules.requests, requests);
});

test('a key that is refused is tried once an hour, and nothing is lost', async (t) => {
  const host = await hostFor(t);
  host.rules.limits = { report: 1000 };
  const started = host.start();
  host.rules.key = 'another';
  for (const at of [1, 2, 3]) bans(started, { ...ONE, address: `11.0.0.${at}` }, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  assert.equal(started.reports.state('sshd').state, 'failing');
  assert.deepEqual(states(started), ['waiting', 'waiting', 'waiting']);
  host.rules.key = KEY;
  await host.runUntil(START_MS + 2 * HOUR_MS);
  assert.deepEqual(states(started), ['accepted', 'accepted', 'accepted']);
});

test('when the day is used up by others, the reports wait for the next', async (t) => {
  const host = await hostFor(t);
  host.rules.limits = { report: 2, 'bulk-report': 0, check: 10 };
  const started = host.start();
  for (const at of [1, 2, 3, 4]) bans(started, { ...ONE, address: `11.0.0.${at}` }, START_MS);
  await host.runUntil(START_MS + 23 * HOUR_MS);
  assert.deepEqual(states(started).toSorted(), ['accepted', 'accepted', 'waiting', 'waiting']);
  assert.equal(host.rules.beyond, 1, 'a bulk report, since nobody had told that there are none');
  await host.runUntil(START_MS + 24 * HOUR_MS + MINUTE_MS);
  assert.deepEqual(states(started).toSorted(), ['accepted', 'accepted', 'given-up', 'given-up']);
});

test('a daily 429 is not asked again before it says so', async (t) => {
  const host = await hostFor(t);
  const started = host.start();
  // Another program uses the same key.
  host.rules.limits = { report: 0, 'bulk-report': 0, check: 10 };
  bans(started, ONE, START_MS + 20 * HOUR_MS);
  host.clock.advanceTo(START_MS + 20 * HOUR_MS);
  await host.runUntil(START_MS + 24 * HOUR_MS - 1);
  assert.equal(host.rules.beyond, 1);
  host.rules.limits = { report: 1000, 'bulk-report': 5, check: 10 };
  await host.runUntil(START_MS + 24 * HOUR_MS + 11 * MINUTE_MS);
  assert.deepEqual(states(started), ['accepted']);
});

test('one noisy jail cannot use the share of the others, and its worst offenders go first', async (t) => {
  const host = await hostFor(t);
  host.rules.limits = { report: 40, 'bulk-report': 0, check: 10 };
  const started = host.start();
  for (let at = 0; at < 200; at += 1)
    bans(started, { jail: 'sshd', address: `11.0.0.${at}`, failures: 3 + at }, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  const early = host.rules.accepted.map(({ ip }) => Number(ip.split('.')[3]));
  assert.ok(early.length >= 10 && early.length < 20, `${early.length} of 40`);
  assert.deepEqual(early.slice(0, 3), [199, 198, 197]);
  for (const [jail, net] of [
    ['dovecot', 1],
    ['postfix-sasl', 2],
    ['postfix', 3],
  ] as const)
    for (let at = 0; at < 7; at += 1) bans(started, { jail, address: `11.${net}.0.${at}` }, host.clock.now());
  await host.runUntil(START_MS + 2 * HOUR_MS);
  assert.equal(host.rules.accepted.filter(({ ip }) => !ip.startsWith('11.0.')).length, 21);
});

test('the queue is bounded: beyond it the lightest are given up, and that is told', async (t) => {
  const host = await hostFor(t);
  const started = host.start(':memory:', { most: 100 });
  for (let at = 0; at < 400; at += 1)
    bans(started, { ...ONE, address: `11.0.${at >> 8}.${at & 255}`, failures: 3 + at }, START_MS);
  const waiting = started.store.outbox.open('abuseipdb', 1000);
  assert.ok(waiting.length <= 164, `${waiting.length} wait`);
  assert.ok(waiting.some(({ weight }) => weight === 402));
  assert.match(
    started.notices
      .about('abuseipdb')
      .map(({ text }) => text)
      .join(),
    /given up.*reportqueue/,
  );
});

test('a noisy jail pushes its own reports out of a full queue, not those of the others', async (t) => {
  const host = await hostFor(t);
  const started = host.start(':memory:', { most: 100 });
  for (let at = 0; at < 10; at += 1)
    bans(started, { jail: 'dovecot', address: `11.1.0.${at}`, failures: 3 }, START_MS);
  for (let at = 0; at < 400; at += 1)
    bans(started, { ...ONE, address: `11.0.${at >> 8}.${at & 255}`, failures: 10 + at }, START_MS);
  const waiting = started.store.outbox.open('abuseipdb', 1000);
  assert.equal(waiting.filter(({ jail }) => jail === 'dovecot').length, 10);
  const [least] = waiting
    .filter(({ jail }) => jail === 'sshd')
    .map(({ weight }) => weight)
    .toSorted((one, other) => one - other);
  assert.ok(
    least !== undefined && least >= 409 - 154,
    `of the noisy one the worst are left, from ${least} on`,
  );
});

test('who only observes reports nothing and says so', async (t) => {
  const host = await hostFor(t);
  const started = host.start(':memory:', { off: 'observing: nothing is reported' });
  bans(started, ONE, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  assert.deepEqual(states(started), []);
  assert.equal(host.rules.requests, 0);
  assert.equal(started.reports.state('sshd').state, 'off');
});

test('a host that is not who it says gets neither key nor report', async (t) => {
  const host = await hostFor(t);
  const { makeCertificate } = await import('./certificate.js');
  const trusted = makeCertificate();
  const { httpsExchange } = await import('../../src/action/report/https-exchange.js');
  const outcome = await httpsExchange({ ca: trusted.cert })({
    method: 'GET',
    url: `${host.url}/check`,
    headers: {},
    body: '',
  });
  assert.equal(outcome.kind, 'unsent');
  assert.equal(host.rules.requests, 0);
});

test('a bulk report whose answer is lost is asked again as one, and none of its rows counts twice', async (t) => {
  const host = await hostFor(t);
  const started = host.start();
  let bulks = 0;
  host.rules.limits = { report: 0, 'bulk-report': 5, check: 10 };
  host.fault = (path) => (path.endsWith('bulk-report') && ++bulks === 1 ? 'accepted-hang' : undefined);
  for (let at = 0; at < 600; at += 1)
    bans(started, { ...ONE, address: `11.0.${at >> 8}.${at & 255}` }, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  assert.equal(bulks, 2);
  assert.deepEqual([...new Set(states(started))], ['accepted']);
  assert.equal(host.rules.accepted.length, 600);
});

test('a bulk report that is refused as a file goes out singly', async (t) => {
  const host = await hostFor(t, ['sshd']);
  const started = host.start();
  host.fault = (path) => (path.endsWith('bulk-report') ? 'json-422' : undefined);
  for (let at = 0; at < 501; at += 1)
    bans(started, { ...ONE, address: `11.0.${at >> 8}.${at & 255}` }, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  assert.equal(host.rules.accepted.length, 501);
});

test('a category that speaks of another service is left out', async (t) => {
  const host = await ReportingHost.open(() => 0.5, ['postfix', 'sshd'], '22');
  t.after(() => host.close());
  const started = host.start();
  bans(started, { ...ONE, jail: 'postfix' }, START_MS);
  bans(started, { ...ONE, jail: 'sshd', address: '11.0.0.2' }, START_MS);
  await host.runUntil(START_MS + HOUR_MS);
  assert.deepEqual(host.rules.accepted.map(({ categories }) => categories).toSorted(), ['15', '22']);
});

test('a new key holds from the reload on, without waiting for the hour of the old one', async (t) => {
  const host = await hostFor(t);
  host.rules.key = 'new';
  const started = host.start();
  bans(started, ONE, START_MS);
  await host.runUntil(START_MS + 6 * MINUTE_MS);
  assert.equal(started.reports.state('sshd').state, 'failing');
  started.reports.use(host.jailsWith('new'));
  await host.runUntil(START_MS + 7 * MINUTE_MS);
  assert.deepEqual(states(started), ['accepted']);
  started.reports.use(host.jailsWith(''));
  assert.equal(started.reports.state('sshd').state, 'off');
  assert.match(
    started.notices
      .about('sshd')
      .map(({ text }) => text)
      .join(),
    /has no key.*\(action\.report-key\)/,
  );
});

test('what waits can be previewed, sent without its delay, and taken back', async (t) => {
  const host = await hostFor(t);
  const started = host.start();
  const messages = { receivers: () => [], flush: () => 0 };
  const parts = { ...started, messages, clock: host.clock };
  const spam: Deed = { jail: 'postfix', address: '11.0.0.3', lines: [SPAM, SPAM, SPAM] };
  bans(started, ONE, START_MS);
  bans(started, { ...ONE, address: '11.0.0.2' }, START_MS);
  bans(started, spam, START_MS);
  const { entries } = reportsPreview(parts, 10);
  assert.deepEqual(
    entries.map(({ address, atMs, report, because }) => [
      address,
      atMs,
      report?.categories ?? because?.split(':')[0],
    ]),
    [
      ['11.0.0.1', START_MS + 5 * MINUTE_MS, [18]],
      ['11.0.0.2', START_MS + 5 * MINUTE_MS, [18]],
      ['11.0.0.3', START_MS + 5 * MINUTE_MS, 'spam-only'],
    ],
  );
  assert.equal(host.rules.requests, 0);
  assert.deepEqual(reportsForget(parts, '11.0.0.2'), { address: '11.0.0.2', cancelled: 1, sent: 0 });
  assert.deepEqual(reportsFlush(parts), { hastened: 2 });
  await host.runUntil(START_MS + MINUTE_MS);
  assert.deepEqual(states(started), ['accepted', 'cancelled', 'declined']);
  assert.deepEqual(
    host.rules.accepted.map(({ ip, comment }) => [ip, comment]),
    [[ONE.address, entries[0]?.report?.comment]],
    'what was previewed is what was sent',
  );
  const told = reportsAnswer(parts, 10);
  assert.deepEqual([told.state, told.allowance], ['working', { limit: 1000, remaining: 999 }]);
  assert.match(reportEffects(started.store, ['11.0.0.3'])[0]?.text ?? '', /^report declined: spam-only/);
});
