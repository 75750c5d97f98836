import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCall, splitCalls } from '../../src/config/parameters.js';

function parameters(text: string): Record<string, string> {
  return Object.fromEntries(parseCall(text).parameters);
}

test('a name stands alone or with parameters of every quoting', () => {
  assert.deepEqual(parseCall('sshd'), { name: 'sshd', parameters: new Map() });
  assert.deepEqual(parameters(`x[a=1, b="2, ]", c='"']`), { a: '1', b: '2, ]', c: '"' });
  assert.deepEqual(parameters('x[]'), {});
});

test('brackets may follow brackets, and the later value wins', () => {
  assert.deepEqual(parameters('nftables[type=allports][port="0:65535", type=multiport]'), {
    type: 'multiport',
    port: '0:65535',
  });
});

test('a parameter may be for IPv6 alone and a value may run over lines', () => {
  assert.deepEqual(parameters('x[a?family=inet6="b\nc"]'), { 'a?family=inet6': 'b\nc' });
});

test('calls are split at lines and blanks outside of brackets', () => {
  assert.deepEqual(splitCalls('a[x="1 2"]\n  b c[y=\'z z\', w=1]\n'), ['a[x="1 2"]', 'b', "c[y='z z', w=1]"]);
});

for (const text of ['x[a=1', 'x[a]', 'x[a="1]', 'x[=1]', '[a=1]', '', 'x[a=1]b'])
  test(`\`${text}\` is refused`, () => {
    assert.throws(() => parseCall(text), { code: 'config.parameters' });
  });

test('what is written quoted is read as it was, without blanks at its ends', () => {
  const key = fc.stringMatching(/^[a-z][\w.-]{0,8}$/);
  const value = fc.string().map((text) => text.replaceAll('"', '').trim());
  fc.assert(
    fc.property(fc.dictionary(key, value), (pairs) => {
      const written = Object.entries(pairs).map(([name, text]) => `${name}=" ${text} "`);
      const call = `x[${written.join(', ')}]`;
      assert.deepEqual({ ...parameters(call) }, { ...pairs });
      assert.equal(splitCalls(`${call} ${call}`).length, 2);
    }),
  );
});
