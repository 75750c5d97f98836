import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as fc from 'fast-check';
import type { ElementChange } from '../../src/action/element-change.js';
import { type NftOutcome, type NftTransport, NftSpawn } from '../../src/action/nft-transport.js';
import { NftablesEffect } from '../../src/action/nftables.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { changeElements } from '../../src/action/nftables-script.js';
import type { EffectNotice } from '../../src/action/notice.js';
import { BailiffError } from '../../src/lib/errors.js';
import { banOf, unbanOf } from './decisions.js';
import { kernelSet } from './kernel-set.js';
import { netlinkInside } from './netlink-inside.js';
import { type NetworkNamespace, networkNamespace } from './network-namespace.js';

const JAILS = ['sshd', '3 odd “jails”'].map((jail) =>
  nftablesJail(jail, { name: 'nftables', native: 'nftables', parameters: { port: '22,1000:2000' } }),
);

/** A real way into the kernel that keeps what it was given, in nft's language, and can be made to fail. */
class WatchedTransport implements NftTransport {
  readonly mostElements: number;
  readonly scripts: string[] = [];
  /** The outcome that a script meets instead of the kernel. */
  obstacle: (script: string) => NftOutcome | undefined = () => undefined;
  readonly #inner: NftTransport;

  constructor(inner: NftTransport) {
    this.#inner = inner;
    this.mostElements = inner.mostElements;
  }

  run(script: string): Promise<NftOutcome> {
    return this.#watch(script, () => this.#inner.run(script));
  }

  change(changes: readonly ElementChange[], nowMs: number): Promise<NftOutcome> {
    return this.#watch(changeElements(changes, nowMs), () => this.#inner.change(changes, nowMs));
  }

  #watch(script: string, apply: () => Promise<NftOutcome>): Promise<NftOutcome> {
    this.scripts.push(script);
    const outcome = this.obstacle(script);
    return outcome === undefined ? apply() : Promise.resolve(outcome);
  }
}

type Open = (t: TestContext, place: NetworkNamespace) => NftTransport | Promise<NftTransport>;

const WAYS: Readonly<Record<string, Open>> = {
  spawned: (_, { prefix }) => new NftSpawn({ prefix }),
  netlink: (t, { prefix }) => netlinkInside(t, prefix),
};

async function firewallIn(t: TestContext, open: Open) {
  const place = await networkNamespace(t);
  const transport = new WatchedTransport(await open(t, place));
  const notices: EffectNotice[] = [];
  const heard = new Map<string, () => void>();
  const tell = (notice: EffectNotice): void => {
    notices.push(notice);
    heard.get(notice.event)?.();
  };
  const hears = (event: string): Promise<void> => new Promise((resolve) => heard.set(event, resolve));
  const firewall = new NftablesEffect({ transport, tell });
  t.after(() => firewall.close());
  return { place, transport, notices, hears, firewall };
}

for (const [way, open] of Object.entries(WAYS)) {
  test(`${way}: all decisions of one tick go in one transaction, those of its flight in the next`, async (t) => {
    const { firewall, transport, place } = await firewallIn(t, open);
    await firewall.start(JAILS, []);
    firewall.follow([banOf('sshd', '192.0.2.1'), banOf('sshd', '2001:db8:a:1::/64')]);
    firewall.follow([banOf('3 odd “jails”', '192.0.2.2')]);
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(transport.scripts.length, 2, 'the start, and the first at once');
    for (let last = 3; last < 100; last += 1) firewall.follow([banOf('sshd', `192.0.2.${last}`)]);
    await firewall.settled();
    assert.equal(transport.scripts.length, 3);
    assert.equal(kernelSet(place, 'sshd-4-32').size, 98);
    assert.deepEqual([...kernelSet(place, 'sshd-6-64').keys()], ['2001:db8:a:1::']);
    assert.deepEqual(firewall.state(), {
      state: 'working',
      detail: 'table inet bailiff holds 100 elements',
      queued: 0,
      done: 100,
      failed: 0,
    });
  });

  test(`${way}: a ban anew changes the time that is left, and for ever has none`, async (t) => {
    const { firewall, place } = await firewallIn(t, open);
    await firewall.start(JAILS, [banOf('sshd', '192.0.2.1'), banOf('sshd', '192.0.2.2')]);
    const dayMs = 86_400_000;
    firewall.follow([
      banOf('sshd', '192.0.2.1', { untilMs: Date.now() + dayMs }),
      banOf('sshd', '192.0.2.2', { untilMs: undefined }),
      banOf('sshd', '192.0.2.3', { untilMs: Date.now() + 5e15 }),
      banOf('sshd', '192.0.2.4', { untilMs: Date.now() - 1 }),
    ]);
    await firewall.settled();
    const inKernel = kernelSet(place, 'sshd-4-32');
    assert.ok((inKernel.get('192.0.2.1') ?? 0) >= 86_399);
    assert.equal(inKernel.get('192.0.2.2'), undefined);
    assert.deepEqual([...inKernel.keys()].sort(), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test(`${way}: whatever is decided in whatever order, the kernel holds what holds at the end`, async (t) => {
    const { firewall, place } = await firewallIn(t, open);
    const target = fc.constantFrom(
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
      '2001:db8::/64',
      '2001:db8:0:1::/64',
    );
    const step = fc.record({ target, ban: fc.boolean(), settle: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        await firewall.start(JAILS, []);
        const holds = new Set<string>();
        for (const { target, ban, settle } of steps) {
          firewall.follow([ban ? banOf('sshd', target) : unbanOf('sshd', target)]);
          if (ban) holds.add(target);
          else holds.delete(target);
          if (settle) await firewall.settled();
        }
        await firewall.settled();
        const found = [
          ...kernelSet(place, 'sshd-4-32').keys(),
          ...[...kernelSet(place, 'sshd-6-64').keys()].map((base) => `${base}/64`),
        ];
        assert.deepEqual(found.sort(), [...holds].sort());
      }),
      { numRuns: 20 },
    );
  });

  test(`${way}: a start puts the given bans in place of all that was there`, async (t) => {
    const { firewall, place } = await firewallIn(t, open);
    await firewall.start(JAILS, [banOf('sshd', '192.0.2.1'), banOf('sshd', '198.51.100.0/24')]);
    place.run('nft', 'add table inet other; add chain inet other kept');
    await firewall.start(JAILS.slice(0, 1), [banOf('sshd', '192.0.2.2'), banOf('gone', '192.0.2.9')]);
    assert.deepEqual([...kernelSet(place, 'sshd-4-32').keys()], ['192.0.2.2']);
    const ruleset = place.run('nft', 'list', 'ruleset');
    assert.match(ruleset, /chain kept/);
    assert.doesNotMatch(ruleset, /sshd-4-24|odd/);
  });

  test(`${way}: a hundred and twenty thousand bans are restored`, async (t) => {
    const { firewall, place } = await firewallIn(t, open);
    const bans = Array.from({ length: 120_000 }, (_, index) =>
      banOf('sshd', `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
    );
    await firewall.start(JAILS, bans);
    const listing = place.run('nft', 'list', 'set', 'inet', 'bailiff', 'sshd-4-32');
    assert.equal(listing.match(/timeout \d/g)?.length, 120_000);
  });

  test(`${way}: an element that is refused costs none of the others, and is told`, async (t) => {
    const { firewall, transport, notices, place } = await firewallIn(t, open);
    await firewall.start(JAILS, []);
    transport.obstacle = (script) =>
      /192\.0\.2\.(77|150) /.test(script) ? { kind: 'refused', text: 'bad \u001b[2Jelement' } : undefined;
    firewall.follow(Array.from({ length: 200 }, (_, index) => banOf('sshd', `192.0.2.${index}`)));
    await firewall.settled();
    assert.equal(kernelSet(place, 'sshd-4-32').size, 198);
    assert.deepEqual(
      notices.map(({ event, text }) => ({ event, text })).sort((a, b) => (a.text < b.text ? -1 : 1)),
      [
        { event: 'refused', text: 'nft refused 192.0.2.150 in sshd-4-32: bad \\x1b[2Jelement' },
        { event: 'refused', text: 'nft refused 192.0.2.77 in sshd-4-32: bad \\x1b[2Jelement' },
      ],
    );
    const { state, done, failed, queued } = firewall.state();
    assert.deepEqual({ state, done, failed, queued }, { state: 'working', done: 198, failed: 2, queued: 0 });
    await firewall.start(JAILS, [banOf('sshd', '192.0.2.76'), banOf('sshd', '192.0.2.77')]);
    assert.deepEqual([...kernelSet(place, 'sshd-4-32').keys()], ['192.0.2.76'], 'at the start too');
  });

  test(`${way}: a table that someone wiped is back, with every ban, at the next decision`, async (t) => {
    const { firewall, notices, place } = await firewallIn(t, open);
    await firewall.start(JAILS, [banOf('sshd', '192.0.2.1'), banOf('sshd', '2001:db8:a:1::/64')]);
    place.run('nft', 'flush', 'ruleset');
    firewall.follow([unbanOf('sshd', '192.0.2.1'), banOf('sshd', '192.0.2.2')]);
    await firewall.settled();
    assert.deepEqual([...kernelSet(place, 'sshd-4-32').keys()], ['192.0.2.2']);
    assert.deepEqual([...kernelSet(place, 'sshd-6-64').keys()], ['2001:db8:a:1::']);
    assert.match(
      place.run('nft', 'list', 'chain', 'inet', 'bailiff', 'bans'),
      /iif "lo" return\n.*@sshd-4-32/s,
    );
    assert.deepEqual(
      notices.map(({ event }) => event),
      ['gone'],
    );
  });

  test(`${way}: bans decided while nft fails are written when it works again`, async (t) => {
    const { firewall, transport, hears, place } = await firewallIn(t, open);
    await firewall.start(JAILS, [banOf('sshd', '192.0.2.1')]);
    transport.obstacle = () => ({ kind: 'lost', text: 'nft was ended by SIGKILL' });
    firewall.follow([banOf('sshd', '192.0.2.2')]);
    await firewall.settled();
    assert.equal(firewall.state().state, 'failing');
    assert.match(firewall.state().detail, /SIGKILL/);
    firewall.follow([banOf('sshd', '192.0.2.3'), unbanOf('sshd', '192.0.2.1')]);
    const works = hears('working');
    transport.obstacle = () => undefined;
    await works;
    assert.deepEqual([...kernelSet(place, 'sshd-4-32').keys()].sort(), ['192.0.2.2', '192.0.2.3']);
    assert.equal(firewall.state().state, 'working');
  });

  test(`${way}: a ban that ended in its own time costs no write, one that ended before does`, async (t) => {
    const { firewall, transport, place } = await firewallIn(t, open);
    await firewall.start(JAILS, [
      banOf('sshd', '192.0.2.1', { untilMs: Date.now() + 1000 }),
      banOf('sshd', '192.0.2.2'),
    ]);
    firewall.follow([unbanOf('sshd', '192.0.2.1', 'expired')]);
    await firewall.settled();
    assert.equal(transport.scripts.length, 1);
    firewall.follow([unbanOf('sshd', '192.0.2.2', 'expired')]);
    await firewall.settled();
    assert.equal(
      kernelSet(place, 'sshd-4-32').has('192.0.2.2'),
      false,
      'a clock that was set does not leave it in',
    );
  });

  test(`${way}: what is no address is told and left out; a jail without nftables is none of ours`, async (t) => {
    const { firewall, notices } = await firewallIn(t, open);
    await firewall.start(JAILS, []);
    firewall.follow([
      banOf('sshd', 'session\u001b[2J'),
      banOf('web', '192.0.2.1'),
      unbanOf('sshd', 'session'),
    ]);
    await firewall.settled();
    assert.deepEqual(
      notices.map(({ event }) => event),
      ['no-address'],
    );
    assert.doesNotMatch(notices[0]?.text ?? '', /\u001b/);
    const { done, failed } = firewall.state();
    assert.deepEqual({ done, failed }, { done: 1, failed: 1 });
  });
}

test('a start without nft, or without the right, says so and what to do', async (t) => {
  const place = await networkNamespace(t);
  const unprivileged = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const cases = [
    { code: 'action.nft-missing', prefix: ['/nonexistent/nft'] },
    {
      code: 'action.nft-permission',
      prefix: [...place.prefix, ...unprivileged],
    },
  ];
  for (const { code, prefix } of cases) {
    const firewall = new NftablesEffect({ transport: new NftSpawn({ prefix }), tell: () => undefined });
    await assert.rejects(firewall.start(JAILS, []), (error) => {
      assert.ok(error instanceof BailiffError);
      assert.equal(error.code, code);
      assert.ok(error.remedy);
      return true;
    });
  }
});
