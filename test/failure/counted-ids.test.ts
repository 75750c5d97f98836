/**
 * Who has to go is found without walking over those who went: the same as by a plain list, whatever comes between.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { CountedIds, type Weighed } from '../../src/failure/counted-ids.js';

const MOST_SPARED = 8;
const networkOf = (id: string): string => id.slice(0, id.lastIndexOf('.') + 1);

/** What CountedIds promises, in the fewest words. */
class PlainList {
  ids: { readonly id: string; readonly kept: Weighed }[] = [];

  put(id: string, kept: Weighed, most: number): void {
    this.delete(id);
    this.ids.push({ id, kept });
    while (this.ids.length > most) this.#makeRoom(id);
  }

  delete(id: string): void {
    this.ids = this.ids.filter((each) => each.id !== id);
  }

  #makeRoom(newest: string): void {
    const networks = this.ids.map(({ id }) => networkOf(id));
    const share = networks.length / new Set(networks).size;
    const count = (id: string): number => networks.filter((network) => network === networkOf(id)).length;
    const until = this.ids.findIndex(({ id }) => id === newest);
    const looked = this.ids.slice(0, Math.min(until, MOST_SPARED + 1));
    const gone =
      looked.find(({ id }) => count(id) > share) ?? looked.find(({ kept }) => kept.size <= 1) ?? looked[0];
    const place = this.ids.findIndex(({ id }) => id === (gone?.id ?? newest));
    this.ids = [...this.ids.slice(place + 1), ...this.ids.slice(0, place)];
  }
}

test('who is forgotten, and the order of the others, is as in a plain list', () => {
  const id = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 })).map(([net, host]) => `10.0.${net}.${host}`);
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ put: id, size: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ forget: id }) },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(2, 7, undefined),
      fc.array(step, { maxLength: 120 }),
      (most, walkKept, steps) => {
        const counted = new CountedIds(walkKept);
        const plain = new PlainList();
        for (const each of steps) {
          if ('put' in each) {
            const kept = { size: each.size };
            counted.put(each.put, kept, most);
            plain.put(each.put, kept, most);
          } else {
            counted.delete(each.forget);
            plain.delete(each.forget);
          }
          assert.deepEqual(
            [...counted].map(([one]) => one),
            plain.ids.map((one) => one.id),
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('who comes and goes while there is room leaves nothing behind', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const counted = new CountedIds<Weighed>();
  const comeAndGo = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const id = `192.0.${(index >> 8) & 255}.${index & 255}`;
      counted.put(id, { size: 1 }, 100);
      counted.delete(id);
    }
  };
  const usedMb = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  // Once somebody had to go: the way through the others is known.
  for (let index = 0; index < 200; index += 1) counted.put(`198.51.100.${index}`, { size: 1 }, 100);
  for (let index = 0; index < 200; index += 1) counted.delete(`198.51.100.${index}`);
  comeAndGo(10_000);
  const beforeMb = usedMb();
  comeAndGo(200_000);
  const grownMb = usedMb() - beforeMb;
  assert.ok(grownMb < 5, `${grownMb.toFixed(1)} MB more`);
});
