import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BailiffError } from '../../src/lib/errors.js';
import { DAEMON, fileLine, filterOf, heard, journalLine, NOW_MS } from './options.js';

test('a failure names address, user, time and expression, and the line is its evidence', () => {
  const text = 'mx daemon[7]: Failed password for invalid user root from ::ffff:192.0.2.1 port 22';
  const [match] = heard(filterOf(DAEMON), [text]);
  assert.deepEqual(match, {
    kind: 'failure',
    id: '192.0.2.1',
    address: '192.0.2.1',
    user: 'root',
    timeMs: NOW_MS,
    text,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: 'mx daemon[7]',
    data: { new: 'invalid user ' },
  });
});

test('an address has one spelling, and what is none is no match but counted', () => {
  const filter = filterOf({ failregex: ['^bad <ADDR>$'] });
  assert.deepEqual(
    heard(filter, ['bad 2001:DB8:0:0::1', 'bad [2001:db8::1]', 'bad 300.1.1.1', 'bad 12:34:56']).map(
      ({ id }) => id,
    ),
    ['2001:db8::1', '2001:db8::1'],
  );
  assert.equal(filter.counts.invalid, 2);
});

test('<HOST> may be a name unless usedns is no', () => {
  const failregex = ['^bad <HOST>$'];
  assert.deepEqual(
    heard(filterOf({ failregex }), ['bad mail.example.com']).map(({ id, address }) => ({ id, address })),
    [{ id: 'mail.example.com', address: undefined }],
  );
  assert.deepEqual(heard(filterOf({ failregex, usedns: 'no' }), ['bad mail.example.com']), []);
});

test('<SUBNET> names a network and <F-ID> whatever it holds, beside the address', () => {
  const filter = filterOf({ failregex: ['^net <SUBNET>$', '^session <F-ID>\\w+</F-ID> of <HOST>$'] });
  assert.deepEqual(
    heard(filter, ['net 192.0.2.77/24', 'session abc of 192.0.2.1']).map(({ id, address }) => ({
      id,
      address,
    })),
    [
      { id: '192.0.2.0/24', address: '192.0.2.77' },
      { id: 'abc', address: '192.0.2.1' },
    ],
  );
});

test('the claims of a line about attempts and seconds are its own, not those of its connection', () => {
  const filter = filterOf(DAEMON);
  const matches = heard(filter, [
    'mx daemon[7]: auth failed, 4 attempts in 17 secs: rip=192.0.2.1',
    'mx daemon[7]: Failed password for root from 192.0.2.1 port 22',
    'mx daemon[8]: auth failed, 999999999 attempts in 0 secs: rip=192.0.2.1',
  ]);
  assert.deepEqual(
    matches.map(({ attempts, spanSeconds }) => [attempts, spanSeconds]),
    [
      [4, 17],
      [1, 0],
      [1000, 0],
    ],
  );
});

test('a failure without an address waits until a line of its connection brings one', () => {
  const filter = filterOf(DAEMON);
  const pending = filter.examine(journalLine('mx daemon[7]: User bob not allowed because locked'));
  assert.equal(pending.judgement?.outcome, 'pending');
  const [match, ...more] = heard(filter, [
    'mx daemon[8]: Connection closed by 192.0.2.8',
    'mx daemon[7]: Connection closed by 192.0.2.7',
  ]);
  assert.deepEqual(more, []);
  assert.equal(match?.id, '192.0.2.7');
  assert.equal(match.user, 'bob');
  assert.deepEqual(match.text.split('\n'), [
    'mx daemon[7]: User bob not allowed because locked',
    'mx daemon[7]: Connection closed by 192.0.2.7',
  ]);
  assert.equal(match.expression, 2);
});

test('helper lines of a connection stand above its next failure, and only above that one', () => {
  const matches = heard(filterOf(DAEMON), [
    'mx daemon[7]: Connection from 192.0.2.7 port 1',
    'mx daemon[7]: Connection from 192.0.2.7 port 1',
    'mx daemon[7]: User bob not allowed because locked',
    'mx daemon[7]: User bob not allowed because locked',
  ]).filter(({ kind }) => kind === 'failure');
  assert.deepEqual(
    matches.map(({ text }) => text.split('\n').length),
    [3, 1],
  );
});

test('what is gathered above a failure is bounded', () => {
  const helpers = Array.from(
    { length: 500 },
    (_, port) => `mx daemon[7]: Connection from 192.0.2.7 port ${port}`,
  );
  const matches = heard(filterOf(DAEMON), [...helpers, 'mx daemon[7]: User bob not allowed because locked']);
  assert.equal(matches.at(-1)?.text.split('\n').length, 9);
});

test('an address that came first serves the failures that come later', () => {
  const matches = heard(filterOf(DAEMON), [
    'mx daemon[7]: Connection from 192.0.2.7 port 1',
    'mx daemon[7]: User bob not allowed because locked',
  ]);
  assert.deepEqual(
    matches.map(({ id, user }) => [id, user]),
    [['192.0.2.7', 'bob']],
  );
});

test('an alternate user stands in where no user is named', () => {
  const filter = filterOf({
    failregex: ['^ruser=<F-ALT_USER>\\S*</F-ALT_USER> rhost=<HOST>(?: user=<F-USER>\\S*</F-USER>)?$'],
  });
  assert.deepEqual(
    heard(filter, [
      'ruser=ann rhost=192.0.2.1',
      'ruser=ann rhost=192.0.2.1 user=bob',
      'ruser= rhost=192.0.2.1',
    ]).map(({ user }) => user),
    ['ann', 'bob', undefined],
  );
});

test('helpers are recognised and are no evidence', () => {
  const filter = filterOf(DAEMON);
  const out: never[] = [];
  assert.equal(
    filter.hear(journalLine('mx daemon[7]: Failed publickey for eve from 192.0.2.1 port 2'), out),
    true,
  );
  assert.deepEqual(out, []);
});

test('a good login takes pending failures back, unless several users were tried', () => {
  const accepted = 'mx daemon[7]: Accepted password for bob from 192.0.2.7';
  const locked = (user: string): string => `mx daemon[7]: User ${user} not allowed because locked`;
  assert.deepEqual(
    heard(filterOf(DAEMON), [locked('bob'), accepted]).map(({ kind }) => kind),
    ['success'],
  );
  assert.deepEqual(
    heard(filterOf(DAEMON), [locked('eve'), accepted]).map(({ kind }) => kind),
    ['failure'],
  );
});

test('ignoreregex takes a failure back, and the line stays recognised', () => {
  const filter = filterOf(DAEMON);
  const text = 'mx daemon[7]: Failed password for root from 192.0.2.99 port 22';
  assert.deepEqual(heard(filter, [text]), []);
  assert.equal(filter.hear(journalLine(text), []), true);
  assert.equal(filter.examine(journalLine(text)).judgement?.outcome, 'ignored');
});

test('successregex is tried where no failregex matched', () => {
  const filter = filterOf({
    failregex: ['^Login: bad <HOST>$'],
    successregex: ['^Login: user=<F-USER>\\w+</F-USER> <HOST>$'],
  });
  assert.deepEqual(
    heard(filter, ['Login: user=bob 192.0.2.1', 'Login: bad 192.0.2.2']).map(({ kind, id, user }) => [
      kind,
      id,
      user,
    ]),
    [
      ['success', '192.0.2.1', 'bob'],
      ['failure', '192.0.2.2', undefined],
    ],
  );
});

test('what is known of connections is given out as it changes, and another filter goes on from it', () => {
  const first = filterOf(DAEMON, { tellsChanges: true });
  assert.deepEqual(first.takeChanges(), []);
  heard(first, ['mx daemon[7]: User bob not allowed because locked']);
  const kept = new Map<string, string>();
  const take = (): readonly string[] => {
    const changes = first.takeChanges();
    for (const [key, state] of changes)
      if (state === undefined) kept.delete(key);
      else kept.set(key, state);
    return changes.map(([key]) => key);
  };
  assert.deepEqual(take(), ['mx daemon[7]']);
  assert.deepEqual(first.takeChanges(), []);
  for (let pid = 100; pid < 200; pid += 1)
    heard(first, [`mx daemon[${pid}]: User bob not allowed because locked`]);
  assert.equal(take().length, 101, 'the one that had to go is told too');
  assert.deepEqual(kept, first.connections);
  heard(first, ['mx daemon[7]: User bob not allowed because locked']);
  assert.deepEqual([...take()].sort(), ['mx daemon[100]', 'mx daemon[7]'], 'the others have not changed');
  assert.deepEqual([...kept], [...first.connections]);
  const second = filterOf(DAEMON);
  second.restore(kept);
  assert.equal(heard(second, ['mx daemon[7]: Connection closed by 192.0.2.7'])[0]?.user, 'bob');
});

test('a connection is forgotten after five minutes, and the oldest when there are over a hundred', () => {
  let now = NOW_MS;
  const filter = filterOf(DAEMON, { now: () => now });
  heard(filter, ['mx daemon[7]: User bob not allowed because locked']);
  now += 5 * 60_000 + 1;
  assert.deepEqual(heard(filter, ['mx daemon[7]: Connection closed by 192.0.2.7']), []);
  for (let pid = 100; pid <= 200; pid += 1)
    heard(filter, [`mx daemon[${pid}]: User bob not allowed because locked`]);
  assert.deepEqual(heard(filter, ['mx daemon[100]: Connection closed by 192.0.2.7']), []);
  assert.equal(heard(filter, ['mx daemon[200]: Connection closed by 192.0.2.7']).length, 1);
});

test('of a line over 8 KiB the head and the tail are matched, and that is counted', () => {
  const filter = filterOf({ failregex: ['^user=.*END from <HOST>$'] });
  const [match] = heard(filter, [`user=${'x'.repeat(20_000)}END from 192.0.2.1`]);
  assert.equal(match?.id, '192.0.2.1');
  assert.equal(match.text.length, 8195);
  assert.equal(filter.counts.shortened, 1);
});

test('several lines are matched at once where maxlines says so, and used up', () => {
  const filter = filterOf({
    maxlines: 4,
    failregex: ['^connect (?P<conn>\\d+) from <HOST>$<SKIPLINES>^denied (?P=conn)$'],
  });
  const texts = ['connect 1 from 192.0.2.1', 'connect 2 from 192.0.2.2', 'denied 2', 'denied 1', 'denied 2'];
  assert.deepEqual(
    heard(filter, texts).map(({ id }) => id),
    ['192.0.2.2', '192.0.2.1'],
  );
});

test('the evidence of several lines is the lines as they were written, with their dates', () => {
  const filter = filterOf({
    logtype: 'file',
    maxlines: 2,
    failregex: ['^\\s*query from <HOST>\\n\\s*denied$'],
  });
  const texts = ['2026-11-22 14:59:58 query from 192.0.2.1', '2026-11-22 14:59:59 denied'];
  const [match] = heard(filter, texts, fileLine);
  assert.equal(match?.text, texts.join('\n'));
});

test('the slot tells which expression is being tried, and nothing in between; hits are counted', () => {
  const standing = new Int32Array(new SharedArrayBuffer(4));
  const seen: number[] = [];
  class Watched extends RegExp {
    override exec(text: string): RegExpExecArray | null {
      seen.push(standing[0] ?? Number.NaN);
      return super.exec(text);
    }
  }
  const limit = (regex: RegExp): RegExp => new Watched(regex);
  const filter = filterOf({ failregex: ['^(?:one|two|) ?<HOST>$', '^two <HOST>!$'] }, { standing, limit });
  seen.length = 0;
  heard(filter, ['two 192.0.2.1', 'two 192.0.2.2!']);
  assert.deepEqual(seen, [0, 0, 1]);
  assert.ok((standing[0] ?? 0) < 0);
  assert.deepEqual(
    filter.expressions.failregex.map(({ hits }) => hits),
    [1, 1],
  );
});

test('a wrong expression is told with its list, index, text and the construct', () => {
  assert.throws(
    () => filterOf({ name: 'mine', failregex: ['^ok <HOST>$', '^bad (<HOST>$'] }),
    (error) => {
      assert.ok(error instanceof BailiffError);
      assert.equal(error.code, 'filter.regex');
      assert.equal(error.where.option, 'failregex');
      assert.match(error.message, /mine: failregex 1: a `\(` lacks its `\)` at position 5: \^bad \(<HOST>\$/);
      return true;
    },
  );
});

test('an expression that names nobody is refused, unless prefregex does', () => {
  assert.throws(
    () => filterOf({ failregex: ['^nobody$'] }),
    (error) => error instanceof BailiffError && error.code === 'filter.no-address-group',
  );
  filterOf({ prefregex: '^<F-MLFID>\\d+</F-MLFID> <F-CONTENT>.+</F-CONTENT>$', failregex: ['^somebody$'] });
});

test('undated lines take the time of the line before, even of one that matched nothing', () => {
  const filter = filterOf({ failregex: ['^bad <HOST>$'], logtype: 'file' });
  const [match] = heard(filter, ['2026-11-22 14:59:30 nothing', 'bad 192.0.2.1'], fileLine);
  assert.equal(match?.timeMs, NOW_MS - 30_000);
  const [late] = heard(filter, ['2026-11-22 14:00:00 nothing', 'bad 192.0.2.1'], fileLine);
  assert.equal(late?.timeMs, NOW_MS);
});

test('the parts of a tuple are joined behind the group that they extend', () => {
  const filter = filterOf({
    failregex: [
      '^bad <F-ID>\\S+</F-ID> as <F-TUPLE_ID>\\S+</F-TUPLE_ID>(?: at <F-TUPLE_ID_1>\\S+</F-TUPLE_ID_1>)?$',
    ],
  });
  assert.deepEqual(
    heard(filter, ['bad 192.0.2.1 as bob at mx', "bad x as o'neil"]).map(({ id }) => id),
    [`('192.0.2.1', 'bob', 'mx')`, `('x', "o'neil", None)`],
  );
});
