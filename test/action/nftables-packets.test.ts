import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { NftSpawn } from '../../src/action/nft-transport.js';
import { NftablesEffect } from '../../src/action/nftables.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { banOf, unbanOf } from './decisions.js';
import { joinedPair } from './network-namespace.js';
import { Peer } from './peer.js';

const HOST4 = '192.0.2.10';
const HOST6 = '2001:db8:b::10';

const JAILS = [
  nftablesJail('sshd', parameters({ port: '2200', protocol: 'tcp' })),
  nftablesJail('dovecot', parameters({ port: '1100,1430,9930:9950' })),
  nftablesJail('recidive', parameters({ type: 'allports' })),
  nftablesJail('rude', parameters({ port: '2200', blocktype: 'reject with tcp reset' })),
];

function parameters(parameters: Record<string, string>) {
  return { name: 'nftables', native: 'nftables', parameters };
}

/** A guarded host that listens on the ports given, and a client that owns the addresses given. */
async function guardedHost(t: TestContext, ports: readonly number[], addresses: readonly string[]) {
  const { host, client } = await joinedPair(t, addresses);
  const firewall = new NftablesEffect({
    transport: new NftSpawn({ prefix: host.prefix }),
    tell: (notice) => assert.fail(notice.text),
  });
  await firewall.start(JAILS, []);
  const server = new Peer(t, host);
  for (const port of ports) assert.equal(await server.listen(port), 'listening');
  return { firewall, host, client, server, caller: new Peer(t, client) };
}

test('a banned IPv4 address is shut out of its jail’s ports and nothing else, until the unban', async (t) => {
  const [banned, other] = ['198.51.100.7', '198.51.100.8'];
  const { firewall, caller, server } = await guardedHost(
    t,
    [1100, 1430, 9940, 2500],
    [`${banned}/24`, `${other}/24`],
  );
  for (const port of [1100, 1430, 9940]) assert.equal(await caller.connect(banned, HOST4, port), 'open');

  firewall.follow([banOf('dovecot', banned)]);
  await firewall.settled();
  for (const port of [1100, 1430, 9940])
    assert.equal(await caller.connect(banned, HOST4, port), 'silent', `${port}`);
  await firewall.refresh();
  const [dropped] = firewall.droppedOf('dovecot').filter(({ packets }) => packets > 0);
  assert.equal(dropped?.set, 'dovecot-4-32');
  assert.ok((dropped?.packets ?? 0) >= 3 && (dropped?.bytes ?? 0) >= 120, JSON.stringify(dropped));
  assert.ok(firewall.droppedOf('sshd').every(({ packets }) => packets === 0));
  assert.equal(await caller.connect(banned, HOST4, 2500), 'open');
  assert.equal(await caller.connect(other, HOST4, 1430), 'open');
  assert.equal(await server.bounce(banned), 'refused', 'ICMP stays');

  firewall.follow([unbanOf('dovecot', banned)]);
  await firewall.settled();
  for (const port of [1100, 1430, 9940]) assert.equal(await caller.connect(banned, HOST4, port), 'open');
});

test('a ban of a /64 shuts out every address of it, and no neighbour', async (t) => {
  const addresses = ['2001:db8:a:1::1', '2001:db8:a:1:ffff::9', '2001:db8:a:2::1'] as const;
  const { firewall, caller, server, client, host } = await guardedHost(
    t,
    [2200],
    addresses.map((address) => `${address}/64`),
  );
  firewall.follow([banOf('sshd', '2001:db8:a:1::/64')]);
  await firewall.settled();
  assert.equal(await caller.connect(addresses[0], HOST6, 2200), 'silent');
  assert.equal(await caller.connect(addresses[1], HOST6, 2200), 'silent');
  assert.equal(await caller.connect(addresses[2], HOST6, 2200), 'open');
  client.run('ip', '-6', 'neigh', 'flush', 'dev', 'c0');
  host.run('ip', '-6', 'neigh', 'flush', 'dev', 'h0');
  assert.equal(await server.bounce(addresses[0]), 'refused', 'neighbour discovery and ICMPv6 stay');
});

test('a width that comes up later gets a set of its own', async (t) => {
  const { firewall, caller, host } = await guardedHost(t, [2200], ['198.51.100.7/24', '198.51.101.7/24']);
  host.run('ip', 'route', 'add', '198.51.101.0/24', 'dev', 'h0');
  firewall.follow([banOf('sshd', '198.51.100.0/24'), banOf('sshd', '2001:db8:a:1::5')]);
  await firewall.settled();
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2200), 'silent');
  assert.equal(await caller.connect('198.51.101.7', HOST4, 2200), 'open');
  assert.match(host.run('nft', 'list', 'set', 'inet', 'bailiff', 'sshd-6-128'), /2001:db8:a:1::5/);
});

test('a connection that stands is cut by the ban, although another chain accepts it', async (t) => {
  const { firewall, caller, host } = await guardedHost(t, [2200], ['198.51.100.7/24']);
  host.run('nft', 'add table inet other; add chain inet other c { type filter hook input priority -5; }');
  host.run('nft', 'add rule inet other c ct state established,related accept; add rule inet other c accept');
  assert.equal(await caller.hold('198.51.100.7', HOST4, 2200), 'open');
  assert.equal(await caller.talk(2200), 'open');
  firewall.follow([banOf('sshd', '198.51.100.7')]);
  await firewall.settled();
  assert.equal(await caller.talk(2200), 'silent');
});

test('allports shuts every TCP port and leaves ICMP', async (t) => {
  const { firewall, caller, server } = await guardedHost(t, [2200, 2500], ['198.51.100.7/24']);
  firewall.follow([banOf('recidive', '198.51.100.7')]);
  await firewall.settled();
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2200), 'silent');
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2500), 'silent');
  assert.equal(await server.bounce('198.51.100.7'), 'refused', 'ICMP stays');
});

test('blocktype reject answers instead of staying silent', async (t) => {
  const { firewall, caller } = await guardedHost(t, [2200], ['198.51.100.7/24']);
  firewall.follow([banOf('rude', '198.51.100.7')]);
  await firewall.settled();
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2200), 'refused');
});

test('what the host says to itself is never cut', async (t) => {
  const { firewall, host } = await guardedHost(t, [2200], []);
  firewall.follow([banOf('recidive', '192.0.2.10'), banOf('recidive', '127.0.0.1')]);
  await firewall.settled();
  const local = new Peer(t, host);
  assert.equal(await local.connect('127.0.0.1', '127.0.0.1', 2200), 'open');
  assert.equal(await local.connect(HOST4, HOST4, 2200), 'open');
});

test('the kernel ends a ban by itself', async (t) => {
  const { firewall, caller } = await guardedHost(t, [2200], ['198.51.100.7/24']);
  firewall.follow([banOf('sshd', '198.51.100.7', { untilMs: Date.now() + 1500 })]);
  await firewall.settled();
  const answers = new Set<string>();
  for (let tries = 0; tries < 20 && !answers.has('open'); tries += 1)
    answers.add(await caller.connect('198.51.100.7', HOST4, 2200));
  assert.deepEqual([...answers], ['silent', 'open']);
});

test('the bans outlive the daemon, and lift takes them away', async (t) => {
  const { firewall, caller, host } = await guardedHost(t, [2200], ['198.51.100.7/24']);
  host.run('nft', 'add table inet other; add chain inet other c');
  firewall.follow([banOf('sshd', '198.51.100.7')]);
  await firewall.close();
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2200), 'silent');
  await firewall.lift();
  assert.equal(await caller.connect('198.51.100.7', HOST4, 2200), 'open');
  assert.match(host.run('nft', 'list', 'tables'), /^table inet other\n$/);
});
