import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ApartPlaces, apartName, splitPlaces } from '../../src/daemon/hearing/apart-places.js';
import { Store } from '../../src/store/store.js';

function apartPlaces(t: TestContext): { readonly store: Store; readonly kept: ApartPlaces } {
  const store = new Store(':memory:');
  t.after(() => store.close());
  return { store, kept: new ApartPlaces({ note: (write) => store.transaction(write) }, store) };
}

test('what is kept of a jail apart is known again, whatever the jail is called', () => {
  for (const jail of ['dovecot', 'a] journal', '[b', 'ü %', ''])
    assert.deepEqual(
      splitPlaces(
        new Map([
          [apartName(jail, 'file:/a b'), '7'],
          ['journal', '8'],
        ]),
      ),
      {
        together: new Map([['journal', '8']]),
        apart: new Map([[jail, new Map([['file:/a b', '7']])]]),
      },
    );
});

test('a jail goes apart with the places of the others, and what it had before is forgotten', (t) => {
  const { store, kept } = apartPlaces(t);
  kept.separate(
    'a',
    new Map([
      ['journal', '1'],
      ['file:/x', '2'],
    ]),
  );
  kept.separate('b', new Map([['journal', '3']]));
  kept.separate('a', new Map([['journal', '4']]));
  assert.deepEqual(
    splitPlaces(store.places.places()).apart,
    new Map([
      ['a', new Map([['journal', '4']])],
      ['b', new Map([['journal', '3']])],
    ]),
  );
});

test('a jail that comes back has to look back from where it stood, and takes along what only it read', (t) => {
  const { store, kept } = apartPlaces(t);
  store.places.meet('a', 1);
  store.places.keep('journal', '9', 1);
  kept.separate(
    'a',
    new Map([
      ['journal', '1'],
      ['file:/x', '2'],
    ]),
  );
  kept.join(
    'a',
    new Map([
      ['journal', '5'],
      ['file:/x', '6'],
    ]),
    new Map([['file:/x', '6']]),
  );
  assert.ok(!store.places.hasMet('a'));
  const { together, apart } = splitPlaces(store.places.places());
  assert.equal(apart.size, 0);
  assert.equal(together.get('journal'), '9');
  assert.equal(together.get('file:/x'), '6');
  assert.equal(
    [...together.values()].filter((place) => place === '5').length,
    2,
    'one for each way to look back',
  );
  kept.lookedBack(['a'], undefined, 2);
  assert.ok(store.places.hasMet('a'));
  assert.deepEqual(new Set(store.places.places().keys()), new Set(['journal', 'file:/x']));
});

test('who looks back apart leaves what the others have still to look back at', (t) => {
  const { store, kept } = apartPlaces(t);
  const behind = 'journal (new: own)';
  store.places.keep(behind, '1', 1);
  store.places.keep(apartName('a', behind), '2', 1);
  kept.lookedBack(['a'], 'a', 2);
  assert.deepEqual(store.places.places(), new Map([[behind, '1']]));
  kept.lookedBack(['b'], undefined, 2);
  assert.equal(store.places.places().size, 0);
});
