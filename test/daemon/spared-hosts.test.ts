import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isOwn, readResolvers } from '../../src/daemon/host/host-network.js';
import { sessionPeers } from '../../src/daemon/host/session-peers.js';
import { SparedHosts } from '../../src/daemon/host/spared-hosts.js';
import { Jails } from '../../src/jail/jails.js';
import { parseNetwork } from '../../src/lib/address.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

function folder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'bailiff-spared-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function network(text: string) {
  const parsed = parseNetwork(text);
  assert.ok(parsed);
  return parsed;
}

const SESSION = {
  UID: '1000',
  USER: 'ann',
  ACTIVE: '1',
  STATE: 'active',
  REMOTE: '1',
  TYPE: 'tty',
  CLASS: 'user',
  SERVICE: 'sshd',
  REMOTE_HOST: '198.51.100.7',
  LEADER: '1',
};

test("systemd's sessions tell who is signed in by SSH, and from where", (t) => {
  const root = folder(t);
  const sessions = join(root, 'run/systemd/sessions');
  mkdirSync(sessions, { recursive: true });
  const write = (id: string, fields: Partial<typeof SESSION>): void =>
    writeFileSync(
      join(sessions, id),
      `# This is private data. Do not parse.\n${Object.entries({ ...SESSION, ...fields })
        .map(([key, value]) => `${key}=${value}\n`)
        .join('')}`,
    );
  write('1', {});
  write('2', { REMOTE_HOST: '2001:DB8::7', USER: 'root' });
  write('3', { REMOTE_HOST: '::ffff:198.51.100.8' });
  write('4', { REMOTE_HOST: '198.51.100.9', STATE: 'closing' });
  write('5', { REMOTE_HOST: '198.51.100.10', REMOTE: '0' });
  write('6', { REMOTE_HOST: '198.51.100.11', SERVICE: 'vsftpd' });
  write('7', { REMOTE_HOST: 'some.name.example' });
  write('8', { REMOTE_HOST: '198.51.100.12', CLASS: 'greeter' });
  mkdirSync(join(sessions, '9'));
  assert.deepEqual(
    [...sessionPeers(root)].sort(([one], [other]) => one.localeCompare(other)),
    [
      ['198.51.100.7', 'ann'],
      ['198.51.100.8', 'ann'],
      ['2001:db8::7', 'root'],
    ],
  );
  assert.equal(sessionPeers(join(root, 'nowhere')).size, 0);
});

test('where utmp is kept, its live sign-ins count as well', (t) => {
  const root = folder(t);
  mkdirSync(join(root, 'run'));
  mkdirSync(join(root, 'proc', '4711'), { recursive: true });
  mkdirSync(join(root, 'proc', '1'));
  const entry = (type: number, pid: number, host: string, address: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(384);
    bytes.writeInt16LE(type, 0);
    bytes.writeInt32LE(pid, 4);
    bytes.write('bob', 44);
    bytes.write(host, 76);
    Buffer.from(address).copy(bytes, 348);
    return bytes;
  };
  const six = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
  writeFileSync(
    join(root, 'run', 'utmp'),
    Buffer.concat([
      entry(7, 4711, 'cut.off.example', [203, 0, 113, 5]),
      entry(7, 4711, '', six),
      entry(7, 4711, '203.0.113.6', []),
      entry(7, 4712, '', [203, 0, 113, 8]),
      entry(8, 4711, '', [203, 0, 113, 9]),
      entry(7, 4711, ':0', []),
      Buffer.alloc(100),
    ]),
  );
  assert.deepEqual([...sessionPeers(root).keys()].sort(), ['2001:db8::9', '203.0.113.5', '203.0.113.6']);
});

test('a network is the site’s own if it is private or small', () => {
  const own = ['10.0.0.0/8', '192.168.1.0/24', '203.0.113.0/24', 'fd00::/48', '2001:db8::/64'];
  const strange = ['203.0.112.0/20', '203.0.113.7', '0.0.0.0/0', '2001:db8::/32', '2001:db8::1'];
  for (const text of own) assert.ok(isOwn(network(text)), text);
  for (const text of strange) assert.ok(!isOwn(network(text)), text);
});

test('resolvers are those of resolv.conf', (t) => {
  const path = join(folder(t), 'resolv.conf');
  writeFileSync(
    path,
    '# nameserver 192.0.2.1\nnameserver 192.0.2.53\n nameserver fe80::1%eth0\nnameserver x\n',
  );
  assert.deepEqual([...readResolvers([path, '/nonexistent'])], ['192.0.2.53', 'fe80::1']);
});

function spared(sessions: () => ReadonlyMap<string, string> = () => new Map()): SparedHosts {
  return new SparedHosts({
    sessions,
    gateways: () => new Set(['192.0.2.254']),
    resolvers: () => new Set(['192.0.2.53']),
    networks: () => new Set(['10.0.0.0/8']),
  });
}

test('each kind is spared only where the jail says so', () => {
  const hosts = spared(() => new Map([['198.51.100.7', 'ann']]));
  assert.equal(hosts.reasonFor('198.51.100.7', ['sessions']), 'ann is signed in from there by SSH');
  assert.equal(hosts.reasonFor('198.51.100.7', ['gateways', 'networks']), undefined);
  assert.equal(hosts.reasonFor('10.1.2.3', ['networks']), 'it is in a network of this host');
  assert.equal(hosts.reasonFor('192.0.2.254', []), undefined);
  assert.equal(hosts.within(network('192.0.2.0/24'), '192.0.2.53', ['gateways', 'resolvers']), '192.0.2.254');
  assert.equal(hosts.within(network('10.0.0.0/16'), '10.0.0.1', ['networks']), '10.0.0.0/8');
  assert.equal(hosts.within(network('198.51.100.0/24'), '198.51.100.7', ['sessions']), undefined);
});

test('a jail tells whom it would have banned, and bans nobody that the host must not lose', () => {
  const hosts = spared(() => new Map([['198.51.100.7', 'ann']]));
  const options = jailOptions(
    'sshd',
    { maxretry: 1 },
    { ban: { bantimeSeconds: 600, ipv6prefix: 64, spares: ['sessions', 'gateways'] } },
  );
  const jails = new Jails([options], {
    ...surroundings,
    sparedBecause: (address, kinds) => hosts.reasonFor(address, kinds),
  });
  const take = (address: string) =>
    jails
      .hear(
        {
          jail: 'sshd',
          way: 'file',
          match: {
            kind: 'failure',
            id: address,
            address,
            user: undefined,
            timeMs: 1,
            text: '',
            attempts: 1,
            spanSeconds: 0,
            expression: 0,
            connection: undefined,
            data: {},
          },
        },
        1,
      )
      .map((outcome) => (outcome.kind === 'spared' ? outcome.because : outcome.kind));
  assert.deepEqual(take('198.51.100.7'), ['counted', 'ann is signed in from there by SSH']);
  assert.deepEqual(take('192.0.2.254'), ['counted', 'it is a gateway']);
  assert.deepEqual(take('198.51.100.8'), ['counted', 'decided']);
  assert.equal(jails.get('sshd')?.bans.size, 1);
});
