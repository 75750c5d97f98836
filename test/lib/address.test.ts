import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  clientNetwork,
  covers,
  embeddedAddress,
  formatNetwork,
  parseAddress,
  parseNetwork,
  widen,
} from '../../src/lib/address.js';
import { NetworkSet } from '../../src/lib/network-set.js';

function network(text: string) {
  const parsed = parseNetwork(text);
  assert.ok(parsed, `${text} is a network`);
  return parsed;
}

test('an address has one spelling', () => {
  assert.equal(parseAddress('192.0.2.1'), '192.0.2.1');
  assert.equal(parseAddress('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(parseAddress('::FFFF:c000:201'), '192.0.2.1');
  assert.equal(parseAddress('2001:DB8:0:0:0:0:0:1'), '2001:db8::1');
  assert.equal(parseAddress('2001:db8:0:1:0:0:0:0'), '2001:db8:0:1::');
  assert.equal(parseAddress('1:0:2:3:4:5:6:7'), '1:0:2:3:4:5:6:7');
  assert.equal(parseAddress('fe80::1%eth0'), 'fe80::1');
  assert.equal(parseAddress('::'), '::');
  assert.equal(parseAddress('::1'), '::1');
});

test('what is no address is refused', () => {
  for (const text of ['', '1.2.3', '1.2.3.256', '01.2.3.4', 'host', '1.2.3.4:5', ':::', '1:2:3:4:5:6:7:8:9'])
    assert.equal(parseAddress(text), undefined, text);
});

test('a network is its lowest address and its width', () => {
  assert.equal(formatNetwork(network('192.0.2.77/24')), '192.0.2.0/24');
  assert.equal(formatNetwork(network('192.0.2.77/255.255.255.0')), '192.0.2.0/24');
  assert.equal(formatNetwork(network('2001:db8:a:1::9/64')), '2001:db8:a:1::/64');
  assert.equal(formatNetwork(network('::ffff:10.0.0.0/104')), '10.0.0.0/8');
  assert.equal(parseNetwork('192.0.2.1/33'), undefined);
  assert.equal(parseNetwork('192.0.2.1/255.0.255.0'), undefined);
  assert.equal(widen('2001:db8:a:1::9', 64), '2001:db8:a:1::/64');
  assert.equal(widen('192.0.2.1', 32), '192.0.2.1');
});

test('one client is an IPv6 network, but never the one that a translator puts all of IPv4 into', () => {
  assert.equal(clientNetwork('2001:db8:a:1::9', 64), '2001:db8:a:1::/64');
  assert.equal(clientNetwork('192.0.2.1', 64), '192.0.2.1');
  assert.equal(parseAddress('64:FF9B::192.0.2.1'), '64:ff9b::c000:201');
  assert.equal(clientNetwork('64:ff9b::c000:201', 64), '64:ff9b::c000:201');
  assert.equal(embeddedAddress('64:ff9b::c000:201'), '192.0.2.1');
  assert.equal(parseAddress('::ffff:0:192.0.2.1'), '::ffff:0:c000:201');
  assert.equal(embeddedAddress('::ffff:0:c000:201'), '192.0.2.1');
  assert.equal(embeddedAddress('64:ff9b::1:c000:201'), undefined);
  assert.equal(embeddedAddress('64:ff9b:1::1'), undefined);
  assert.equal(embeddedAddress('2001:db8::1'), undefined);
});

test('covering goes from wide to narrow within one family', () => {
  assert.ok(covers(network('10.0.0.0/8'), network('10.9.8.7')));
  assert.ok(!covers(network('10.9.8.7'), network('10.0.0.0/8')));
  assert.ok(!covers(network('0.0.0.0/0'), network('::1')));
});

test('a set finds the narrowest network around an address', () => {
  const set = new NetworkSet([network('10.0.0.0/8'), network('10.1.0.0/16'), network('2001:db8::/32')]);
  assert.equal(set.find('10.1.2.3')?.prefix, 16);
  assert.equal(set.find('10.2.2.3')?.prefix, 8);
  assert.ok(set.has('2001:db8:ffff::1'));
  assert.ok(!set.has('192.0.2.1'));
});

const octets = fc.array(fc.constantFrom(0, 1, 10, 127, 128, 255), { minLength: 4, maxLength: 4 });
const groups = fc.array(fc.constantFrom(0, 1, 0x8000, 0xffff), { minLength: 8, maxLength: 8 });
const anyAddress = fc.oneof(
  octets.map((four) => four.join('.')),
  groups.map((eight) => eight.map((group) => group.toString(16)).join(':')),
);

test('a set finds what going through all its networks finds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyAddress, fc.nat(128))), anyAddress, (written, asked) => {
      const address = parseAddress(asked) ?? '';
      const networks = written.flatMap(([base, bits]) => {
        const width = base.includes(':') ? 128 : 32;
        return parseNetwork(`${base}/${bits % (width + 1)}`) ?? [];
      });
      const around = networks.filter((each) => covers(each, network(address)));
      const narrowest = around.reduce((most, { prefix }) => Math.max(most, prefix), -1);
      const found = new NetworkSet(networks).find(address);
      assert.equal(found?.prefix ?? -1, narrowest);
      assert.ok(found === undefined || around.some((each) => formatNetwork(each) === formatNetwork(found)));
    }),
  );
});
