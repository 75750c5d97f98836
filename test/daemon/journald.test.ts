import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedPassword } from './attack.js';
import { Daemon, until } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { namedLogger } from './named-logger.js';
import { PrivateHost, mayBeRoot } from './private-host.js';

const CONFIG = '[sshd]\nenabled = true\nbackend = systemd\nmaxretry = 3\nfindtime = 10m\n';

test("a real journald's entries are heard over a kill and its own rotation, each once", async (t) => {
  if (!mayBeRoot(t)) return;
  const host = await PrivateHost.open(t);
  await host.startJournald(t);
  const start = namedLogger(t, host, 'sshd');
  const logger = (...as: readonly string[]): ((address: string, port: number) => void) => {
    const read = start(...as);
    return (address, port) => void read.write(`${failedPassword(address, port)}\n`);
  };
  const say = logger();
  const sayAsNobody = logger('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups');
  host.configure(CONFIG);
  const words = { words: ['--enforce', 'nftables'] } as const;
  const first = await new Daemon(t, host, words).ready();
  say('192.0.2.90', 1);
  await first.says('Found 192.0.2.90');
  say('192.0.2.90', 2);
  await first.end('SIGKILL');
  say('192.0.2.91', 3);
  host.rotateJournal();
  say('192.0.2.91', 4);
  const second = await new Daemon(t, host, words).ready();
  await second.says('Found 192.0.2.91', 2);
  for (const port of [5, 6, 7]) sayAsNobody('192.0.2.92', port);
  const all = (): string => host.run('journalctl', '--quiet', '--no-pager', '--output=cat');
  await until('the lines of the other sshd', () => all().split('192.0.2.92').length === 4);
  say('192.0.2.91', 8);
  await second.says('[sshd] Ban 192.0.2.91');
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.91']);
  const { evidence } = await second.ask({ verb: 'explain', address: '192.0.2.90' });
  assert.equal(evidence.length, 2);
  assert.doesNotMatch(second.log, /192\.0\.2\.92/, 'what an ordinary user calls sshd is not sshd');
});
