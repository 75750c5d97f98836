import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ElementChange, SetName } from '../../src/action/element-change.js';
import { NftSpawn } from '../../src/action/nft-transport.js';
import { foreignRanges } from './foreign-ranges.js';
import { kernelSet } from './kernel-set.js';
import { netlinkInside } from './netlink-inside.js';
import { type NetworkNamespace, networkNamespace } from './network-namespace.js';

const FOUR: SetName = { name: 'sshd-4-32', family: 4 };
const SIX: SetName = { name: 'sshd-6-64', family: 6 };
const WIDE: SetName = { name: 'sshd-4-24', family: 4 };
const SETS = `add table inet bailiff
add set inet bailiff sshd-4-32 { type ipv4_addr; flags timeout; }
add set inet bailiff sshd-4-24 { type ipv4_addr; flags timeout; }
add set inet bailiff sshd-6-64 { type ipv6_addr; flags timeout; }
`;
const HOUR_MS = 3_600_000;
/** Any moment: what counts is how much later an element expires. */
const NOW_MS = 1_000;
const APPLIED = { kind: 'applied' };

function put(set: SetName, element: string, leftMs = HOUR_MS, known = false): ElementChange {
  return { set, element, expiresMs: NOW_MS + leftMs, known };
}

function remove(set: SetName, element: string): ElementChange {
  return { set, element, expiresMs: undefined, known: true };
}

function manyOf(set: SetName, count: number, known = false): ElementChange[] {
  const address = (index: number): string =>
    set.family === 4
      ? `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
      : `2001:db8:0:${index.toString(16)}::`;
  return Array.from({ length: count }, (_, index) => put(set, address(index + 1), HOUR_MS, known));
}

async function inside(t: TestContext, script = SETS) {
  const place = await networkNamespace(t);
  const transport = await netlinkInside(t, place.prefix);
  assert.deepEqual(transport.told, []);
  assert.deepEqual(await transport.run(script), APPLIED);
  return {
    place,
    run: (text: string) => transport.run(text),
    change: (changes: readonly ElementChange[]) => transport.change(changes, NOW_MS),
  };
}

function elements(place: NetworkNamespace, set: SetName): readonly string[] {
  return [...kernelSet(place, set.name).keys()].sort();
}

test('elements of both families and of any width appear with the time they have left', async (t) => {
  const { place, change } = await inside(t);
  const outcome = await change([
    put(FOUR, '192.0.2.1'),
    put(FOUR, '255.255.255.255', 7_000),
    put(FOUR, '192.0.2.3', Infinity),
    put(FOUR, '192.0.2.4', 5e15),
    put(FOUR, '192.0.2.5', 0),
    put(SIX, '2001:db8:a:1::'),
    put(SIX, 'ffff:ffff:ffff:ffff::', Infinity),
    put(WIDE, '198.51.100.0'),
  ]);
  assert.deepEqual(outcome, APPLIED);
  assert.deepEqual(
    kernelSet(place, FOUR.name),
    new Map<string, number | undefined>([
      ['192.0.2.1', 3600],
      ['192.0.2.3', undefined],
      ['192.0.2.4', undefined],
      ['255.255.255.255', 7],
    ]),
    'for ever has no time, and what has none left is not put in',
  );
  assert.deepEqual(
    kernelSet(place, SIX.name),
    new Map<string, number | undefined>([
      ['2001:db8:a:1::', 3600],
      ['ffff:ffff:ffff:ffff::', undefined],
    ]),
  );
  assert.deepEqual([...kernelSet(place, WIDE.name)], [['198.51.100.0', 3600]]);
});

test('a known element takes another time, or goes, in one transaction, whether the kernel still has it or not', async (t) => {
  const { place, change } = await inside(t);
  await change([put(FOUR, '192.0.2.1'), put(FOUR, '192.0.2.2', Infinity), put(FOUR, '192.0.2.3')]);
  const outcome = await change([
    put(FOUR, '192.0.2.1', 2 * HOUR_MS, true),
    put(FOUR, '192.0.2.2', HOUR_MS, true),
    remove(FOUR, '192.0.2.3'),
    remove(FOUR, '192.0.2.4'),
    put(FOUR, '192.0.2.5', Infinity, true),
    put(FOUR, '192.0.2.6', -1, true),
  ]);
  assert.deepEqual(outcome, APPLIED);
  assert.deepEqual(
    kernelSet(place, FOUR.name),
    new Map<string, number | undefined>([
      ['192.0.2.1', 7200],
      ['192.0.2.2', 3600],
      ['192.0.2.5', undefined],
    ]),
  );
});

test('ten thousand elements go in one batch', async (t) => {
  const { place, change } = await inside(t);
  const all = [...manyOf(FOUR, 6_000), ...manyOf(SIX, 4_000)];
  assert.deepEqual(await change(all), APPLIED);
  for (const set of [FOUR, SIX]) {
    const own = all.filter((each) => each.set === set);
    assert.deepEqual(elements(place, set), own.map(({ element }) => element).sort());
    assert.deepEqual(await change(own.map(({ element }) => remove(set, element))), APPLIED);
    assert.deepEqual(elements(place, set), []);
  }
});

test('where one element is bad none of the batch is there, wherever it stands', async (t) => {
  const { place, change } = await inside(t);
  const bad = put({ ...FOUR, family: 6 }, '2001:db8::1');
  for (const at of [0, 500, 4_000]) {
    const batch = manyOf(FOUR, 4_000);
    batch.splice(at, 0, bad);
    const outcome = await change(batch);
    assert.equal(outcome.kind, 'refused');
    assert.deepEqual(elements(place, FOUR), []);
  }
  assert.deepEqual(await change(manyOf(FOUR, 10)), APPLIED, 'and the socket is good for the next');
});

test('what is no address is refused, and nothing else', async (t) => {
  const { place, change } = await inside(t);
  assert.equal((await change([put(FOUR, '192.0.2.1'), put(SIX, 'nobody')])).kind, 'refused');
  assert.deepEqual(await change([put(SIX, '2001:db8::')]), APPLIED);
  assert.deepEqual([elements(place, FOUR), elements(place, SIX)], [[], ['2001:db8::']]);
});

test('what the kernel refuses is told in its words', async (t) => {
  const sets = SETS.replace('flags timeout; }', 'size 2; flags timeout; }');
  const { change } = await inside(t, sets);
  assert.deepEqual(await change(manyOf(FOUR, 3)), {
    kind: 'refused',
    text: 'file table overflow (ENFILE)',
  });
});

test('a table or a set that is not there is gone, as nft says it', async (t) => {
  const { place, change } = await inside(t);
  const gone = { kind: 'gone', text: 'no such file or directory (ENOENT)' };
  assert.deepEqual(await change([put({ name: 'none-4-32', family: 4 }, '192.0.2.1')]), gone);
  place.run('nft', 'flush', 'ruleset');
  assert.deepEqual(await change([put(FOUR, '192.0.2.1')]), gone);
  assert.deepEqual(await change([remove(FOUR, '192.0.2.1')]), gone);
});

test('a batch that the socket does not take is refused, to be halved', async (t) => {
  const { place, change } = await inside(t);
  assert.deepEqual(await change(manyOf(FOUR, 400_000)), {
    kind: 'refused',
    text: 'message too long (EMSGSIZE)',
  });
  assert.deepEqual(elements(place, FOUR), []);
});

test('nothing to change asks the kernel nothing', async (t) => {
  const { change } = await inside(t, '');
  assert.deepEqual(await change([]), APPLIED);
  assert.deepEqual(await change([put(FOUR, '192.0.2.1', 0)]), APPLIED);
});

test('the sets of other tables, fifty thousand ranges of them, are neither read nor touched', async (t) => {
  const { place, run, change } = await inside(t);
  // In pieces: in a user namespace the socket of nft does not take all at once.
  for (let first = 0; first < 50_000; first += 2_500)
    assert.deepEqual(await run(foreignRanges(2_500, first)), APPLIED);
  const before = place.run('nft', 'list', 'table', 'ip', 'geo');
  assert.deepEqual(await change([put(FOUR, '192.0.2.1')]), APPLIED);
  assert.deepEqual(elements(place, FOUR), ['192.0.2.1']);
  assert.equal(place.run('nft', 'list', 'table', 'ip', 'geo'), before);
});

test('without the right to the firewall nft is spawned, told once, and says that it may not', async (t) => {
  const place = await networkNamespace(t);
  const unprivileged = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const transport = await netlinkInside(t, [...place.prefix, ...unprivileged]);
  assert.deepEqual(transport.told, ['operation not permitted (EPERM)']);
  assert.equal(transport.mostElements, new NftSpawn().mostElements);
  const outcome = await transport.change([put(FOUR, '192.0.2.1')], NOW_MS);
  assert.equal(outcome.kind, 'denied');
});

test('where the socket fails later nft is spawned from then on, told once, and nothing is lost', async (t) => {
  const place = await networkNamespace(t);
  const transport = await netlinkInside(t, place.prefix);
  await transport.run(SETS);
  await transport.breakSocket();
  for (const last of [1, 2, 3])
    assert.deepEqual(await transport.change([put(FOUR, `192.0.2.${last}`)], NOW_MS), APPLIED);
  assert.deepEqual(elements(place, FOUR), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  assert.deepEqual(transport.told, ['bad file descriptor (EBADF)']);
});
