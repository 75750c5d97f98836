import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Ban } from '../../src/ban/ban.js';
import type { Failure } from '../../src/failure/ticket.js';
import { Database } from '../../src/store/database.js';
import { MIGRATIONS } from '../../src/store/schema.js';
import { Store } from '../../src/store/store.js';

const root = mkdtempSync(join(tmpdir(), 'bailiff-store-'));
after(() => rmSync(root, { recursive: true }));

function file(): string {
  return join(mkdtempSync(join(root, 'store-')), 'bailiff.sqlite');
}

function failure(address: string, timeMs: number): Failure {
  return {
    jail: 'sshd',
    id: address,
    address,
    user: 'root',
    timeMs,
    attempts: 2,
    spanSeconds: 3,
    lineKind: 'journal:1',
    connection: 'mx sshd[1]',
    text: 'a line\u001b[2J',
  };
}

function ban(address: string, overrides: Partial<Ban> = {}): Ban {
  return {
    kind: 'ban',
    jail: 'sshd',
    target: address,
    address,
    bannedAtMs: 5000,
    untilMs: 605_000,
    failures: 3,
    origin: 'jail',
    evidence: [],
    ...overrides,
  };
}

test('the last ban of each jail is remembered, and a longer end of one that is on', () => {
  const store = new Store(':memory:');
  const ban = {
    kind: 'ban',
    target: '192.0.2.1',
    address: '192.0.2.1',
    failures: 3,
    origin: 'jail',
    evidence: [],
  } as const;
  store.bans.add({ ...ban, jail: 'a', bannedAtMs: 1, untilMs: 2, banCount: 1 });
  store.bans.end({ kind: 'unban', jail: 'a', target: '192.0.2.1', atMs: 2, why: 'expired' });
  store.bans.add({ ...ban, jail: 'a', bannedAtMs: 3, untilMs: 9, banCount: 2 });
  store.bans.add({ ...ban, jail: 'a', bannedAtMs: 3, untilMs: 90, banCount: 2, prolongs: true });
  store.bans.add({ ...ban, jail: 'b', bannedAtMs: 4, untilMs: 9 });
  store.bans.end({ kind: 'unban', jail: 'b', target: '192.0.2.1', atMs: 5, why: 'hand' });
  assert.deepEqual(store.bans.lastBans('192.0.2.1'), [{ jail: 'a', banCount: 2 }]);
  assert.deepEqual(
    [...store.bans.current()].flat().map(({ untilMs, banCount }) => [untilMs, banCount]),
    [[90, 2]],
  );
  store.close();
});

test('a ban that outlives a restart still has the lines and groups of the failures that it rests on', () => {
  const path = file();
  const first = new Store(path);
  const data = { fport: '25', note: "$(x) 'y'" };
  first.transaction(() => {
    first.failures.add({ ...failure('198.51.100.9', 1000), data });
    first.failures.add(failure('198.51.100.9', 2000));
    first.bans.add(ban('198.51.100.9'));
    first.failures.add(failure('198.51.100.9', 3000));
  });
  first.close();
  const second = new Store(path);
  const rests = second.failures.ofNewestBan('sshd', '198.51.100.9');
  assert.deepEqual(
    rests.map(({ timeMs, data: kept }) => [timeMs, kept]),
    [[1000, data], [2000, undefined]],
  ); // prettier-ignore
  assert.deepEqual(second.failures.ofNewestBan('dovecot', '198.51.100.9'), []);
  second.close();
});

test('what was committed is there after a restart', () => {
  const path = file();
  const first = new Store(path);
  first.transaction(() => {
    first.failures.add(failure('198.51.100.1', 1000));
    first.places.keep('journal', '{"cursor":"s=1"}', 2000);
    first.places.keepConnections('sshd/journal', [
      ['sshd[1]', '{}'],
      ['sshd[2]', '{"a":"\\"b\\""}'],
    ]);
    first.places.keepConnections('sshd/journal', [
      ['sshd[1]', '[]'],
      ['sshd[2]', undefined],
      ['sshd[3]', '{"a":"\\"b\\""}'],
    ]);
    first.bans.add(ban('198.51.100.9', { untilMs: undefined }));
    first.knownClients.add('198.51.100.50', 'dovecot', 1500);
  });
  first.close();
  const second = new Store(path);
  assert.deepEqual(
    [...second.failures.open('sshd', 0)],
    [{ ...failure('198.51.100.1', 1000), usedUp: false }],
  );
  assert.equal(second.places.places().get('journal'), '{"cursor":"s=1"}');
  assert.deepEqual(
    [...(second.places.connections().get('sshd/journal') ?? [])],
    [
      ['sshd[1]', '[]'],
      ['sshd[3]', '{"a":"\\"b\\""}'],
    ],
  );
  assert.equal([...second.bans.current()].flat()[0]?.target, '198.51.100.9');
  assert.equal([...second.bans.current()].flat()[0]?.untilMs, undefined);
  assert.equal(second.knownClients.lastMs('198.51.100.50'), 1500);
  second.close();
});

test('a transaction that fails leaves nothing behind', () => {
  const store = new Store(file());
  assert.throws(() =>
    store.transaction(() => {
      store.failures.add(failure('198.51.100.1', 1000));
      throw new Error('power cut');
    }),
  );
  assert.deepEqual([...store.failures.open('sshd', 0)], []);
  store.close();
});

test('failures that a ban rests on are its evidence and count no more', () => {
  const store = new Store(file());
  store.transaction(() => {
    store.failures.add(failure('198.51.100.1', 1000));
    store.failures.add(failure('198.51.100.2', 1000));
    store.bans.add(ban('198.51.100.1'));
  });
  assert.deepEqual(
    [...store.failures.open('sshd', 0)].map((each) => each.address),
    ['198.51.100.2'],
  );
  assert.deepEqual(store.bans.history(['198.51.100.1'], 10)[0]?.evidence, ['a line\u001b[2J']);
  store.close();
});

test('every ban that is on comes back as it was written, over pages, but for its evidence', () => {
  const store = new Store(':memory:');
  const odd = ban('2001:db8::/64', {
    address: undefined,
    bannedAtMs: 1_795_000_000_000.123,
    untilMs: undefined,
    origin: 'hand',
    banCount: 7,
  });
  const text = ban('an "id"\t of \u{1f600} text', { address: '192.0.2.1', jail: 'other', banCount: 1 });
  const many = Array.from({ length: 2500 }, (_, index) =>
    ban(`198.51.${index >> 8}.${index & 255}`, { bannedAtMs: index, banCount: 1 }),
  );
  const all = [odd, ...many, text];
  store.transaction(() => {
    for (const each of all) store.bans.add(each);
    store.bans.end({ kind: 'unban', jail: 'sshd', target: '198.51.1.1', atMs: 9000, why: 'hand' });
  });
  assert.deepEqual(
    [...store.bans.current()].flat(),
    all.filter(({ target }) => target !== '198.51.1.1').map((each) => ({ ...each, evidence: undefined })),
  );
  store.close();
});

test('an ended ban is history, and the target can be banned again', () => {
  const store = new Store(file());
  store.transaction(() => {
    store.bans.add(ban('198.51.100.1'));
    store.bans.end({ kind: 'unban', jail: 'sshd', target: '198.51.100.1', atMs: 9000, why: 'hand' });
    store.bans.add(ban('198.51.100.1', { bannedAtMs: 10_000 }));
  });
  assert.equal([...store.bans.current()].flat().length, 1);
  assert.deepEqual(
    store.bans.history(['198.51.100.1'], 10).map((each) => each.endedWhy),
    [undefined, 'hand'],
  );
  store.close();
});

test('old rows go in small steps, those of a current ban stay', () => {
  const store = new Store(file());
  store.transaction(() => {
    for (let index = 0; index < 1200; index += 1) store.failures.add(failure('198.51.100.3', 100));
    store.failures.add(failure('198.51.100.1', 100));
    store.bans.add(ban('198.51.100.1'));
  });
  let steps = 1;
  while (store.purge(1000)) steps += 1;
  assert.equal(steps, 3);
  assert.equal(store.failures.history(['198.51.100.3'], 10).length, 0);
  assert.equal(store.failures.history(['198.51.100.1'], 10).length, 1);
  store.close();
});

test('what was deleted is given back to the disk in small steps, but for what a busy hour needs', () => {
  const path = file();
  const store = new Store(path);
  store.transaction(() => {
    for (let index = 0; index < 100_000; index += 1)
      store.failures.add({
        ...failure(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 100),
        text: 'x'.repeat(200),
      });
  });
  while (store.purge(1000));
  store.checkpoint();
  const before = statSync(path).size;
  let steps = 1;
  while (store.shrink()) steps += 1;
  store.checkpoint();
  const after = statSync(path).size;
  assert.ok(before > 20 << 20, `${before} bytes`);
  assert.ok(after > 16 << 20 && after < 18 << 20, `${after} bytes`);
  assert.ok(steps > 1, `${steps} steps`);
  assert.equal(store.shrink(), false);
  store.close();
});

test('the file is for its owner alone', () => {
  const path = file();
  new Store(path).close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a database from a newer version is refused with a remedy', () => {
  const path = file();
  const raw = new Database(path);
  raw.sql('PRAGMA user_version = 99').run();
  raw.close();
  assert.throws(() => new Store(path), { code: 'store.newer' });
});

test('a known client inside a network is found, the attacker itself is not', () => {
  const store = new Store(file());
  store.transaction(() => {
    store.knownClients.add('2001:db8:a:1::5', 'dovecot', 1000);
    store.knownClients.add('2001:db8:a:1::6', 'dovecot', 10);
  });
  assert.equal(store.knownClients.within('2001:db8:a:1::/64', '2001:db8:a:1::9', 500), '2001:db8:a:1::5');
  assert.equal(store.knownClients.within('2001:db8:a:1::/64', '2001:db8:a:1::5', 500), undefined);
  assert.equal(store.knownClients.within('2001:db8:a:2::/64', '2001:db8:a:2::9', 0), undefined);
  store.close();
});

test('a failure is found by its address under whatever it was counted', () => {
  const store = new Store(':memory:');
  const count = (id: string, address: string, timeMs: number): void =>
    store.failures.add({ ...failure(address, timeMs), id });
  count('2001:db8:0:ff00::/56', '2001:db8:0:ff12::1', 1);
  count('2001:db8:0:ff12::/64', '2001:db8:0:ff12::2', 2);
  count('somebody', '2001:db8:0:ff12::1', 3);
  count('2001:db8:0:ff00::/56', '2001:db8:0:ff77::9', 4);
  count('192.0.2.7', '192.0.2.7', 5);
  const timesOf = (...targets: readonly string[]): readonly number[] =>
    store.failures.history(targets, 10).map(({ timeMs }) => timeMs);
  assert.deepEqual(timesOf('2001:db8:0:ff12::1'), [3, 1]);
  assert.deepEqual(timesOf('2001:db8:0:ff12::1', '2001:db8:0:ff12::/64'), [3, 2, 1]);
  assert.deepEqual(timesOf('2001:db8:0:ff00::/56'), [4, 1]);
  assert.deepEqual(timesOf('somebody'), [3]);
  assert.deepEqual(timesOf('192.0.2.7'), [5]);
  store.close();
});

test('a failure is written into one tree that is ordered by address, and every look at one address uses it', () => {
  const path = file();
  new Store(path).close();
  const raw = new Database(path);
  const indexes = raw
    .sql(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'failure' ORDER BY name`)
    .all();
  const whole = indexes.filter(({ sql }) => !/ WHERE /.test(String(sql))).map(({ name }) => name);
  assert.deepEqual(whole, ['failure_target', 'failure_time']);
  for (const sql of [
    'UPDATE failure SET ban = 1 WHERE jail = ? AND ban IS NULL AND target = ?',
    'DELETE FROM failure WHERE jail = ? AND target = ? AND ban IS NULL',
    `SELECT * FROM failure WHERE jail = ? AND target = ? AND ban IS NULL AND time_ms >= 1 ORDER BY id DESC LIMIT 3`,
  ]) {
    const plan = raw.sql(`EXPLAIN QUERY PLAN ${sql}`).all('sshd', '192.0.2.1');
    assert.match(JSON.stringify(plan), /failure_target/, sql);
  }
  raw.close();
});

test('the connections that an earlier version kept as one text are taken over', () => {
  const path = file();
  new Store(path).close();
  const raw = new Database(path);
  raw.sql('DROP TABLE connection').run();
  raw.sql('CREATE TABLE multi_line (ear TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID').run();
  const state = JSON.stringify([
    ['sshd[9]', { users: ['bob'], sinceMs: 2, groups: { user: 'bob' } }],
    ['sshd[1]', { users: [], sinceMs: 3, groups: {} }],
  ]);
  raw.sql('INSERT INTO multi_line VALUES (?, ?)').run('sshd/journal', state);
  raw.sql(`PRAGMA user_version = ${MIGRATIONS.length - 1}`).run();
  raw.close();
  const store = new Store(path);
  assert.deepEqual(
    [...(store.places.connections().get('sshd/journal') ?? [])],
    [
      ['sshd[9]', '{"users":["bob"],"sinceMs":2,"groups":{"user":"bob"}}'],
      ['sshd[1]', '{"users":[],"sinceMs":3,"groups":{}}'],
    ],
  );
  store.close();
});
