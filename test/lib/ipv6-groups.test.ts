import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseNetwork, widen } from '../../src/lib/address.js';
import {
  bigintOfGroups,
  groupsOf,
  groupsOfBigint,
  ipv6Text,
  maskedGroups,
} from '../../src/lib/ipv6-groups.js';
import { NetworkSet } from '../../src/lib/network-set.js';

const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const eight = fc.array(group, { minLength: 8, maxLength: 8 });

function writtenOut(groups: readonly number[]): string {
  return groups.map((each) => each.toString(16).padStart(4, '0').toUpperCase()).join(':');
}

/** As the URL standard spells it, which is RFC 5952. */
function spelled(groups: readonly number[]): string {
  return new URL(`http://[${writtenOut(groups)}]/`).hostname.slice(1, -1);
}

test('groups are written as the URL standard writes them, and read again', () => {
  fc.assert(
    fc.property(eight, (groups) => {
      const text = ipv6Text(groups);
      assert.equal(text, spelled(groups));
      assert.deepEqual(groupsOf(text), groups);
      assert.deepEqual(groupsOf(writtenOut(groups)), groups);
      assert.deepEqual(groupsOfBigint(bigintOfGroups(groups)), groups);
      assert.equal(
        bigintOfGroups(groups),
        BigInt(`0x${groups.map((each) => each.toString(16).padStart(4, '0')).join('')}`),
      );
    }),
  );
});

test('an address that ends as an IPv4 one is read', () => {
  assert.deepEqual(groupsOf('64:FF9B::192.0.2.33'), [0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x221]);
  assert.deepEqual(groupsOf('1:2:3:4:5:6:7.8.9.10'), [1, 2, 3, 4, 5, 6, 0x708, 0x90a]);
});

test('what follows the prefix is zero', () => {
  fc.assert(
    fc.property(eight, fc.nat(128), (groups, prefix) => {
      const hostBits = BigInt(128 - prefix);
      const masked = maskedGroups(groups, prefix);
      assert.equal(bigintOfGroups(masked), (bigintOfGroups(groups) >> hostBits) << hostBits);
    }),
  );
});

test('a set of networks finds the narrowest one around an IPv6 address, as a look at each of them does', () => {
  const near = fc
    .tuple(fc.constantFrom(0x2001, 0x2003, 0xfe80), fc.nat(3), fc.constant(0), fc.nat(2), fc.nat(0xffff))
    .map(([first, second, third, fourth, last]) => ipv6Text([first, second, third, fourth, 0, 0, 0, last]));
  const width = fc.constantFrom(0, 3, 15, 16, 17, 31, 32, 33, 48, 64, 127, 128);
  fc.assert(
    fc.property(fc.array(fc.tuple(near, width), { maxLength: 6 }), near, (members, address) => {
      const networks = members.flatMap(([text, prefix]) => parseNetwork(`${text}/${prefix}`) ?? []);
      const around = members.filter(([text, prefix]) => widen(text, prefix) === widen(address, prefix));
      const narrowest = Math.max(-1, ...around.map(([, prefix]) => prefix));
      const found = new NetworkSet(networks).find(address);
      assert.equal(found?.prefix ?? -1, narrowest);
    }),
  );
});
