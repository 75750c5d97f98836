import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NftablesList } from '../../src/action/nftables-list.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { covers, parseNetwork } from '../../src/lib/address.js';
import { systemClock } from '../../src/lib/clock.js';
import { banOf, unbanOf } from './decisions.js';

const ACTION = { name: 'nftables', native: 'nftables', parameters: { port: '22' } };
const HOUR_MS = 3_600_000;

/** A kernel that does what it is told, in memory: set → element. */
class Kernel {
  readonly list = new NftablesList([nftablesJail('j', ACTION)], systemClock);
  readonly elements = new Map<string, Set<string>>();
  writes = 0;

  settle(): void {
    for (const { set, element, expiresMs } of this.list.takeChanges(100_000)) {
      this.writes += 1;
      const elements = this.elements.get(set.name) ?? new Set();
      this.elements.set(set.name, elements);
      if (expiresMs === undefined) elements.delete(element);
      else elements.add(element);
    }
  }

  held(): readonly string[] {
    this.settle();
    return [...this.elements]
      .flatMap(([name, all]) => [...all].map((element) => `${name} ${element}`))
      .sort();
  }
}

test('a ban covered by a wider one that lasts as long costs nothing in the kernel', () => {
  const kernel = new Kernel();
  kernel.list.apply(banOf('j', '192.0.2.7'));
  kernel.list.apply(banOf('j', '198.51.100.7'));
  assert.deepEqual(kernel.held(), ['j-4-32 192.0.2.7', 'j-4-32 198.51.100.7']);
  kernel.list.apply(banOf('j', '192.0.2.0/24', { untilMs: Date.now() + 2 * HOUR_MS }));
  kernel.list.apply(banOf('j', '192.0.2.8'));
  kernel.list.apply(unbanOf('j', '192.0.2.8'));
  kernel.list.apply(banOf('j', '192.0.2.9'));
  assert.deepEqual(kernel.held(), ['j-4-24 192.0.2.0', 'j-4-32 198.51.100.7']);
  assert.equal(kernel.list.size, 2);
});

test('it comes back to the kernel if the wider one is lifted', () => {
  const kernel = new Kernel();
  kernel.list.apply(banOf('j', '192.0.2.0/24', { untilMs: undefined }));
  kernel.list.apply(banOf('j', '192.0.0.0/16', { untilMs: undefined }));
  kernel.list.apply(banOf('j', '192.0.2.7'));
  assert.deepEqual(kernel.held(), ['j-4-16 192.0.0.0']);
  kernel.list.apply(unbanOf('j', '192.0.0.0/16'));
  assert.deepEqual(kernel.held(), ['j-4-24 192.0.2.0']);
  kernel.list.apply(unbanOf('j', '192.0.2.0/24'));
  assert.deepEqual(kernel.held(), ['j-4-32 192.0.2.7']);
});

test('one that lasts longer than the wider one stays in the kernel, for nobody may be there when that ends', () => {
  const kernel = new Kernel();
  kernel.list.apply(banOf('j', '2001:db8:a:1::/64', { untilMs: Date.now() + 3 * HOUR_MS }));
  kernel.list.apply(banOf('j', '2001:db8::/32'));
  assert.deepEqual(kernel.held(), ['j-6-32 2001:db8::', 'j-6-64 2001:db8:a:1::']);
});

test('a wider ban that the kernel refuses covers nothing', () => {
  const kernel = new Kernel();
  kernel.list.apply(banOf('j', '192.0.2.0/24', { untilMs: undefined }));
  kernel.list.apply(banOf('j', '192.0.2.7'));
  const [change] = kernel.list.takeChanges(10);
  assert.ok(change);
  kernel.list.giveUp(change);
  assert.deepEqual(kernel.held(), ['j-4-32 192.0.2.7']);
});

test('whoever is banned is kept out, whatever comes and goes, and nobody else', () => {
  const part = fc.record({
    prefix: fc.constantFrom(16, 24, 30, 31, 32),
    low: fc.nat(511),
    hours: fc.constantFrom(1, 2, 3, undefined),
    isBan: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60, size: 'max' }), (steps) => {
      const kernel = new Kernel();
      const banned = new Set<string>();
      for (const { prefix, low, hours, isBan } of steps) {
        const network = parseNetwork(`192.0.${low >> 8}.${low & 255}/${prefix}`);
        assert.ok(network);
        const base = [24n, 16n, 8n, 0n].map((shift) => (network.base >> shift) & 255n).join('.');
        const target = prefix === 32 ? base : `${base}/${prefix}`;
        if (isBan) banned.add(target);
        else banned.delete(target);
        const untilMs = hours === undefined ? undefined : Date.now() + hours * HOUR_MS;
        kernel.list.apply(isBan ? banOf('j', target, { untilMs }) : unbanOf('j', target));
        if (low % 3 === 0) kernel.settle();
      }
      const held = kernel.held().flatMap((text) => {
        const [, width = '', element = ''] = /-(\d+) (.*)$/.exec(text) ?? [];
        return parseNetwork(`${element}/${width}`) ?? [];
      });
      for (let low = 0; low < 512; low += 1) {
        const address = parseNetwork(`192.0.${low >> 8}.${low & 255}`);
        assert.ok(address);
        const isBanned = [...banned].some((target) => {
          const network = parseNetwork(target);
          return network !== undefined && covers(network, address);
        });
        const isHeld = held.some((network) => covers(network, address));
        assert.equal(isHeld, isBanned, `192.0.${low >> 8}.${low & 255}`);
      }
    }),
    { numRuns: 50 },
  );
});
