/** What holds for every action, run against each variant. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Effect } from '../../src/action/effect.js';
import { type NftTransport, NftSpawn } from '../../src/action/nft-transport.js';
import { NftablesEffect } from '../../src/action/nftables.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { ObserveEffect } from '../../src/action/observe.js';
import { banOf, unbanOf } from './decisions.js';
import { netlinkInside } from './netlink-inside.js';
import { networkNamespace } from './network-namespace.js';

const VARIANTS: Readonly<Record<string, (t: TestContext) => Promise<Effect>>> = {
  observe: () => Promise.resolve(new ObserveEffect()),
  'nftables, spawned': async (t) => firewall(new NftSpawn({ prefix: (await networkNamespace(t)).prefix })),
  'nftables, netlink': async (t) => firewall(await netlinkInside(t, (await networkNamespace(t)).prefix)),
};

async function firewall(transport: NftTransport): Promise<Effect> {
  const effect = new NftablesEffect({ transport, tell: () => undefined });
  const action = { name: 'nftables', native: 'nftables', parameters: {} };
  await effect.start([nftablesJail('sshd', action)], []);
  return effect;
}

for (const [name, make] of Object.entries(VARIANTS)) {
  test(`${name}: what was taken is done when it has settled`, async (t) => {
    const effect = await make(t);
    assert.equal(effect.name, name.split(',', 1)[0]);
    await effect.settled();
    for (let last = 1; last <= 50; last += 1) effect.follow([banOf('sshd', `192.0.2.${last}`)]);
    effect.follow([unbanOf('sshd', '192.0.2.1'), unbanOf('sshd', '192.0.2.99')]);
    await effect.settled();
    const { done, failed, queued } = effect.state();
    assert.deepEqual({ done, failed, queued }, { done: 52, failed: 0, queued: 0 });
    await effect.close();
  });

  test(`${name}: closing twice, and following nothing, harms nobody`, async (t) => {
    const effect = await make(t);
    effect.follow([]);
    await effect.close();
    await effect.close();
    assert.notEqual(effect.state().state, 'failing');
    assert.notEqual(effect.state().detail, '');
  });

  test(`${name}: closing waits for what was taken`, async (t) => {
    const effect = await make(t);
    effect.follow([banOf('sshd', '192.0.2.1')]);
    await effect.close();
    assert.equal(effect.state().queued, 0);
    assert.equal(effect.state().done, 1);
  });
}
