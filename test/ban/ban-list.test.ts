import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BanList } from '../../src/ban/ban-list.js';
import type { Ticket } from '../../src/failure/ticket.js';

const OPTIONS = { bantimeSeconds: 600, ipv6prefix: 64 };
const NOBODY = { protectedIn: () => undefined };

function ticket(address: string, lastMs = 0): Ticket {
  return { jail: 'sshd', id: address, address, failures: 3, firstMs: lastMs, lastMs, evidence: [] };
}

test('a ticket becomes a ban from its last failure on', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  const ban = bans.take(ticket('198.51.100.1', 1000), 5000);
  assert.deepEqual([ban?.target, ban?.bannedAtMs, ban?.untilMs], ['198.51.100.1', 1000, 601_000]);
});

test('an address that is banned is not banned again', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  bans.take(ticket('2001:db8:a:1::1'), 0);
  assert.equal(bans.take(ticket('2001:db8:a:1::2'), 0), undefined);
  assert.equal(bans.covering('2001:db8:a:1:ffff::9', 0)?.target, '2001:db8:a:1::/64');
  assert.equal(bans.covering('2001:db8:a:2::1', 0), undefined);
});

test('a ban that would be over by now is not made', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  assert.equal(bans.take(ticket('198.51.100.1', 0), 600_000), undefined);
});

test('a negative bantime bans for ever', () => {
  const bans = new BanList('sshd', { bantimeSeconds: -1, ipv6prefix: 64 }, NOBODY);
  assert.equal(bans.take(ticket('198.51.100.1'), 0)?.untilMs, undefined);
  assert.deepEqual(bans.expire(Number.MAX_SAFE_INTEGER), []);
});

test('a ban narrows to the address where its network holds somebody protected', () => {
  const bans = new BanList('sshd', OPTIONS, { protectedIn: () => '2001:db8:a:1::5' });
  assert.equal(bans.take(ticket('2001:db8:a:1::1'), 0)?.target, '2001:db8:a:1::1');
});

test('a network lifted by hand lifts its members, a member lifts the network around it', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  bans.take(ticket('198.51.100.1'), 0);
  bans.take(ticket('198.51.100.2'), 0);
  bans.take(ticket('2001:db8:a:1::1'), 0);
  assert.equal(bans.lift('198.51.100.0/24', 1).length, 2);
  assert.deepEqual(
    bans.lift('2001:db8:a:1::77', 1).map((unban) => unban.target),
    ['2001:db8:a:1::/64'],
  );
  assert.equal(bans.size, 0);
});

test('a network that a log line names is banned, but not half of the Internet or an exempt one', () => {
  const bans = new BanList('sshd', OPTIONS, {
    protectedIn: (network) => (network.startsWith('203.0.113.') ? '203.0.113.9' : undefined),
  });
  const ofNetwork = (id: string, address: string) => bans.take({ ...ticket(address), id }, 0)?.target;
  assert.equal(ofNetwork('192.0.2.0/24', '192.0.2.77'), '192.0.2.0/24');
  assert.equal(ofNetwork('192.0.2.0/30', '192.0.2.1'), undefined);
  assert.equal(ofNetwork('2001:db8::/40', '2001:db8::1'), '2001:db8::/40');
  assert.equal(ofNetwork('2001:db9::/96', '2001:db9::1'), '2001:db9::/64');
  assert.equal(ofNetwork('0.0.0.0/0', '198.51.100.1'), '198.51.100.1');
  assert.equal(ofNetwork('203.0.113.0/24', '203.0.113.7'), '203.0.113.7');
  assert.equal(ofNetwork('64:ff9b::c000:201', '64:ff9b::c000:201'), '64:ff9b::c000:201');
});

test('a later end prolongs a ban, an earlier one changes nothing', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  bans.take(ticket('198.51.100.1'), 0);
  assert.equal(bans.takeByHand('198.51.100.1', 60, 1000), undefined);
  const longer = bans.takeByHand('198.51.100.1', 3600, 1000);
  assert.deepEqual(
    [longer?.prolongs, longer?.origin, longer?.bannedAtMs, longer?.untilMs],
    [true, 'jail', 0, 3_601_000],
  );
  assert.deepEqual([bans.size, bans.total], [1, 1]);
  assert.deepEqual(bans.expire(600_000), []);
  assert.equal(bans.expire(3_601_000).length, 1);
});

test('within a wider ban, one that lasts longer than it is a ban of its own', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  bans.takeByHand('192.0.2.0/24', 60, 0);
  assert.equal(bans.takeByHand('192.0.2.7', 60, 0), undefined);
  assert.equal(bans.takeByHand('192.0.2.7', 600, 0)?.prolongs, undefined);
  bans.expire(60_000);
  assert.equal(bans.covering('192.0.2.7', 60_000)?.target, '192.0.2.7');
  assert.equal(bans.covering('192.0.2.8', 60_000), undefined);
});

test('who is let off within a banned network is let off alone', () => {
  const bans = new BanList('sshd', OPTIONS, NOBODY);
  bans.takeByHand('192.0.2.0/24', 600, 0);
  const decisions = bans.lift('192.0.2.7', 1);
  assert.deepEqual(
    decisions.map(({ kind, target }) => `${kind} ${target}`),
    [
      'unban 192.0.2.0/24', 'ban 192.0.2.128/25', 'ban 192.0.2.64/26', 'ban 192.0.2.32/27', 'ban 192.0.2.16/28',
      'ban 192.0.2.8/29', 'ban 192.0.2.0/30', 'ban 192.0.2.4/31', 'ban 192.0.2.6',
    ],
  ); // prettier-ignore
  for (let low = 0; low < 256; low += 1)
    assert.equal(bans.covering(`192.0.2.${low}`, 2)?.untilMs, low === 7 ? undefined : 600_000);
  bans.takeByHand('2001:db8::/40', 600, 0);
  bans.lift('2001:db8:1:2::77', 1);
  assert.equal(bans.covering('2001:db8:1:2::1', 2), undefined);
  assert.ok(bans.covering('2001:db8:1:3::1', 2));
});

test('bans end in the order of their ends, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 }), (starts) => {
      const bans = new BanList('sshd', OPTIONS, NOBODY);
      starts.forEach((start, index) =>
        bans.take(ticket(`10.0.${index >> 8}.${index & 255}`, start * 1000), start * 1000),
      );
      const half = bans.expire(1_100_000).length;
      assert.equal(half, starts.filter((start) => start * 1000 + 600_000 <= 1_100_000).length);
      assert.equal(bans.expire(10_000_000).length, starts.length - half);
      assert.equal(bans.size, 0);
    }),
  );
});

test('a kept ban comes back with what is left of its time, or not at all', () => {
  const first = new BanList('sshd', OPTIONS, NOBODY);
  const ban = first.take(ticket('198.51.100.1'), 0);
  assert.ok(ban);
  const second = new BanList('sshd', OPTIONS, NOBODY);
  assert.equal(second.restore(ban, 700_000), undefined);
  assert.equal(second.restore(ban, 300_000)?.untilMs, 600_000);
  assert.equal(second.restore(ban, 300_000)?.origin, 'restored');
});
