/**
 * What `<HOST>`, `<ADDR>` and `<SUBNET>` take from a line, for every spelling of an address and whatever stands around.
 */
import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAddress } from '../../src/lib/address.js';
import { filterOf, heard } from './options.js';

/** Spellings without a zone and without dots inside an IPv6 address, which the tags do not take. */
const address = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .filter((text) => !isIPv6(text) || !text.includes('.'))
  .map((text) => (text.includes(':') ? text : text.replace(/\b0+(?=\d)/g, '')));
const around = fc.constantFrom(
  ['^from <HOST>$', 'from ', ''],
  ['^from <HOST>: bye', 'from ', ': bye'],
  ['^from <HOST>(?: port \\d+)?: bye', 'from ', ' port 77: bye'],
  ['\\[<HOST>\\]', 'x[', ']'],
  ['rip=<HOST>,', 'user=<rip=1>, rip=', ', lip=192.0.2.250'],
  ['^from <ADDR>\\s', 'from [', '] x'],
  ['^<SUBNET> is', '', ' is'],
  ['(?:^|,)<ADDR>$', 'a,', ''],
);

test('an address is taken whole, whatever stands around it', () => {
  fc.assert(
    fc.property(address, around, (text, [expression = '', before = '', after = '']) => {
      const [match] = heard(filterOf({ failregex: [expression] }), [before + text + after]);
      assert.equal(match?.address, parseAddress(text));
    }),
    { numRuns: 1000 },
  );
});

test('a port behind an IPv6 address is told from its last group where the group would be too long', () => {
  const [match] = heard(filterOf({ failregex: ['^<HOST>:\\d+ '] }), ['2001:db8::1234:58430 [x]']);
  assert.equal(match?.address, '2001:db8::1234');
});
