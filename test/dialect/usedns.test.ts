/**
 * Host names in log lines: `usedns` says what becomes of them, and nothing waits for an answer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcer } from '../../src/daemon/telling/announcer.js';
import { Enforcement } from '../../src/daemon/enforcing/enforcement.js';
import { Guard } from '../../src/daemon/deciding/guard.js';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import { Filter } from '../../src/filter/filter.js';
import type { FilterOptions, Match } from '../../src/filter/match.js';
import { Jails } from '../../src/jail/jails.js';
import { systemClock } from '../../src/lib/clock.js';
import { HostNames, type Lookup } from '../../src/lib/host-names.js';
import { Log, type LogLine } from '../../src/lib/log.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

function hear(usedns: FilterOptions['usedns'], host: string): readonly Match[] {
  const options = jailOptions('named', { maxretry: 1 }).filter;
  const filter = new Filter(
    { ...options, usedns, failregex: ['^bad from <HOST>$'], successregex: [] },
    { now: Date.now },
  );
  const out: Match[] = [];
  filter.hear({ text: `bad from ${host}`, timeMs: Date.now(), route: 0 }, out);
  return out;
}

function daemon(store: Store, usedns: FilterOptions['usedns'], find: Lookup) {
  const options = jailOptions('named', { maxretry: 1 });
  const jails = new Jails([{ ...options, filter: { ...options.filter, usedns } }], {
    ...surroundings,
    resolvesNames: true,
  });
  const lines: string[] = [];
  const sink = {
    write: (written: readonly LogLine[]): void => void lines.push(...written.map(({ bare }) => bare)),
    reopen: (): void => undefined,
  };
  const log = new Log('debug', [sink]);
  const notices = new NoticeBoard(log);
  const names = new HostNames(find);
  const guard = new Guard({
    jails,
    store,
    ledger: new Ledger(store, () => undefined),
    announcer: new Announcer(log),
    enforcement: new Enforcement({
      jails: [...jails].map((jail) => jail.options),
      transport: undefined,
      isWatched: false,
      notices,
      clock: systemClock,
    }),
    names,
    clock: systemClock,
  });
  const take = (matches: readonly Match[]): void =>
    guard.take({
      source: 'journal',
      place: 'p',
      lines: matches.length,
      lastLineMs: Date.now(),
      heard: matches.map((match) => ({ jail: 'named', way: 'journal', match })),
      connections: [],
      ears: [],
    });
  const banned = (): readonly string[] =>
    [...jails].flatMap((jail) => [...jail.bans.current]).map(({ target }) => target);
  return { guard, take, banned, lines, names };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('with no, names match nothing; with raw, they are the id; an address is one in every case', () => {
  assert.deepEqual(hear('no', 'evil.example.org'), []);
  assert.deepEqual(
    hear('raw', 'evil.example.org').map(({ id, address, hostName }) => [id, address, hostName]),
    [['evil.example.org', undefined, undefined]],
  );
  for (const usedns of ['yes', 'warn', 'no', 'raw'] as const)
    assert.deepEqual(
      hear(usedns, '[192.0.2.1]').map(({ address }) => address),
      ['192.0.2.1'],
    );
});

test('with yes and warn every address of the name is charged; warn tells', async () => {
  for (const usedns of ['yes', 'warn'] as const) {
    const store = new Store(':memory:');
    const find: Lookup = () => Promise.resolve([{ address: '198.51.100.1' }, { address: '198.51.100.2' }]);
    const { take, banned, lines, guard } = daemon(store, usedns, find);
    take(hear(usedns, 'evil.example.org'));
    await turn();
    assert.deepEqual(banned(), ['198.51.100.1', '198.51.100.2']);
    await turn();
    assert.equal(
      lines.some((line) => line.includes('Determined IP using DNS Lookup: evil.example.org')),
      usedns === 'warn',
    );
    guard.close();
    store.close();
  }
});

test('nothing waits for a slow resolver: the place moves on, and others are banned meanwhile', async () => {
  const store = new Store(':memory:');
  let answer: ((found: readonly { address: string }[]) => void) | undefined;
  const find: Lookup = () => new Promise((resolve) => (answer = resolve));
  const { take, banned, guard, names } = daemon(store, 'yes', find);
  take([...hear('yes', 'slow.example.org'), ...hear('yes', '192.0.2.9')]);
  assert.deepEqual(banned(), ['192.0.2.9']);
  assert.equal(store.places.places().get('journal'), 'p');
  assert.equal(store.waiting.all().length, 1);
  answer?.([{ address: '198.51.100.7' }]);
  await turn();
  assert.deepEqual(banned(), ['192.0.2.9', '198.51.100.7']);
  assert.deepEqual(store.waiting.all(), []);
  guard.close();
  names.close();
  store.close();
});

test('what waits when the daemon dies is asked for again, with its own time', async () => {
  const store = new Store(':memory:');
  const first = daemon(store, 'yes', () => new Promise(() => undefined));
  const [match] = hear('yes', 'slow.example.org');
  first.take(match === undefined ? [] : [match]);
  first.guard.close();
  first.names.close();
  const second = daemon(store, 'yes', () => Promise.resolve([{ address: '198.51.100.7' }]));
  second.guard.restore();
  await turn();
  assert.deepEqual(second.banned(), ['198.51.100.7']);
  assert.deepEqual(store.waiting.all(), []);
  second.guard.close();
  store.close();
});

test('a name that stands for nobody is told, and charges nobody', async () => {
  const store = new Store(':memory:');
  const { take, banned, lines, guard } = daemon(store, 'warn', () => Promise.reject(new Error('ENOTFOUND')));
  take(hear('warn', 'nobody.example.org'));
  await turn();
  await turn();
  assert.deepEqual(banned(), []);
  assert.match(lines.join('\n'), /Unable to find a corresponding IP address for nobody\.example\.org/);
  guard.close();
  store.close();
});
