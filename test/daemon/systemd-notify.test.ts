import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { kernelSet } from '../action/kernel-set.js';
import { SystemdNotify } from '../../src/daemon/host/systemd-notify.js';
import { failedPassword } from './attack.js';
import { Daemon, until } from './daemon-process.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const LISTEN = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace('@', '\\0', 1))
print('bound', flush=True)
while True: print(repr(s.recv(4096).decode()), flush=True)
`;

/** A service manager's socket; gives what was sent to it, datagram by datagram. */
async function listen(t: TestContext, address: string): Promise<readonly string[]> {
  const child = spawn('python3', ['-c', LISTEN, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => void child.kill());
  const told: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => told.push(...text.trimEnd().split('\n')));
  await until('the socket', () => told.includes('bound'));
  return told;
}

test('systemd is told when a ban could happen, that it lives, of a reload and of the end', async (t) => {
  const host = await PrivateHost.open(t);
  const address = join(host.folder, 'notify');
  const told = await listen(t, address);
  const has = (text: string | RegExp): boolean =>
    told.some((each) => (typeof text === 'string' ? each.includes(text) : text.test(each)));
  host.configure('[sshd]\nenabled = true\nbackend = systemd\nmaxretry = 3\n');
  host.journal(sshdEntry('nothing', 1));
  const daemon = new Daemon(t, host, {
    words: ['--enforce', 'nftables'],
    environment: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '4000000' },
  });
  await until('readiness', () => has('READY=1'));
  assert.ok(host.run('nft', 'list', 'tables').includes('inet bailiff'), 'the firewall is there by then');
  assert.ok(has('STATUS=enforcing: 1 jails, 0 banned.'));
  for (const pid of [2, 3, 4]) host.journal(sshdEntry(failedPassword('192.0.2.1', pid), pid));
  await until('the ban', () => kernelSet(host, 'sshd-4-32').has('192.0.2.1'));
  await until('the next status', () => has('STATUS=enforcing: 1 jails, 1 banned.'));
  await until('a beat', () => has('WATCHDOG=1'));
  const before = told.length;
  process.kill(daemon.pid, 'SIGHUP');
  await until('the reload', () => has(/RELOADING=1\\nMONOTONIC_USEC=\d+/));
  await until('its end', () => told.slice(before).some((each) => each.includes('READY=1')));
  assert.equal(await daemon.end(), 0);
  await until('the end', () => has('STOPPING=1'));
});

test('a name in the abstract namespace is an address as well, and children know nothing of it', async (t) => {
  const address = `@bailiff-test-${process.pid}`;
  const told = await listen(t, address);
  const environment = { NOTIFY_SOCKET: address };
  const life = { silentMs: 0, ask: () => undefined };
  const systemd = await SystemdNotify.open({ environment, life, status: () => 'well', tell: assert.fail });
  systemd.ready();
  await until('the datagram', () => told.some((each) => each.includes('READY=1\\nSTATUS=well')));
  assert.deepEqual(environment, {});
  systemd.stopping();
});

test('the watchdog is not fed while the thread that hears gives no answer, and that is told once', async (t) => {
  const address = `@bailiff-test-silent-${process.pid}`;
  const told = await listen(t, address);
  const warnings: string[] = [];
  let silentMs = 0;
  const life = {
    get silentMs() {
      return silentMs;
    },
    ask: () => undefined,
  };
  t.mock.timers.enable({ apis: ['setInterval'] });
  const systemd = await SystemdNotify.open({
    environment: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '4000000' },
    life,
    status: () => 'well',
    tell: (text) => warnings.push(text),
  });
  systemd.ready();
  t.mock.timers.tick(1000);
  silentMs = 2500;
  t.mock.timers.tick(3000);
  silentMs = 0;
  t.mock.timers.tick(1000);
  systemd.stopping();
  await until('the end', () => told.some((each) => each.includes('STOPPING=1')));
  assert.equal(told.filter((each) => each.includes('WATCHDOG=1')).length, 2);
  assert.match(
    warnings.join('\n'),
    /^The thread that hears does not answer; systemd starts the daemon anew\.$/,
  );
});

test('without a service manager nothing is said and nothing is missed', async () => {
  const life = { silentMs: 0, ask: () => undefined };
  const systemd = await SystemdNotify.open({ environment: {}, life, status: () => '', tell: assert.fail });
  systemd.ready();
  systemd.reloading();
  systemd.stopping();
});
