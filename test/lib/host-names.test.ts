import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostNames } from '../../src/lib/host-names.js';

/** A resolver that answers when it is told to. */
function slowResolver() {
  const asked: string[] = [];
  const answers = new Map<string, (addresses: readonly string[]) => void>();
  const find = async (name: string): Promise<readonly { address: string }[]> => {
    asked.push(name);
    const addresses = await new Promise<readonly string[]>((resolve) => answers.set(name, resolve));
    return addresses.map((address) => ({ address }));
  };
  const answer = async (name: string, ...addresses: string[]): Promise<void> => {
    answers.get(name)?.(addresses);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, find, answer };
}

test('a name is looked up once, for all who ask, and remembered for five minutes', async () => {
  const { asked, find, answer } = slowResolver();
  let nowMs = 0;
  const names = new HostNames(find, () => nowMs);
  const told: string[][] = [];
  const ask = (name: string): void => names.ask(name, (addresses) => void told.push([...addresses]));
  ask('mx.example.org');
  ask('mx.example.org');
  await answer('mx.example.org', '192.0.2.1', '2001:DB8::1', '192.0.2.1');
  assert.deepEqual(told, [
    ['192.0.2.1', '2001:db8::1'],
    ['192.0.2.1', '2001:db8::1'],
  ]);
  nowMs = 299_000;
  ask('mx.example.org');
  assert.equal(told.length, 3);
  nowMs = 301_000;
  ask('mx.example.org');
  assert.deepEqual(asked, ['mx.example.org', 'mx.example.org']);
  names.close();
});

test('a slow name holds up one of two ways, and no other name', async () => {
  const { asked, find, answer } = slowResolver();
  const names = new HostNames(find);
  const told: string[] = [];
  for (const name of ['slow', 'a', 'b', 'c']) names.ask(name, () => void told.push(name));
  assert.deepEqual(asked, ['slow', 'a']);
  for (const name of ['a', 'b', 'c']) await answer(name);
  assert.deepEqual(told, ['a', 'b', 'c']);
  names.close();
});

test('what is no name, and what comes when a thousand wait, is answered with nothing at once', () => {
  const { asked, find } = slowResolver();
  const names = new HostNames(find);
  const told: string[] = [];
  for (const name of ['a b', '', 'x'.repeat(300), 'a;b']) names.ask(name, () => void told.push(name));
  assert.equal(told.length, 4);
  for (let index = 0; index < 1200; index += 1) names.ask(`n${index}`, () => void told.push('n'));
  assert.equal(told.length, 204);
  assert.equal(asked.length, 2);
  names.close();
});

test('a name that does not resolve is remembered as well', async () => {
  let asked = 0;
  const names = new HostNames(() => {
    asked += 1;
    return Promise.reject(new Error('ENOTFOUND'));
  });
  for (let round = 0; round < 3; round += 1) {
    const addresses = await new Promise<readonly string[]>((resolve) => names.ask('nobody', resolve));
    assert.deepEqual(addresses, []);
  }
  assert.equal(asked, 1);
});
