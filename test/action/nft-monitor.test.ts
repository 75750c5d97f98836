import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { NftSpawn } from '../../src/action/nft-transport.js';
import { NftablesEffect } from '../../src/action/nftables.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { monitorTable } from '../../src/action/nft-monitor.js';
import { banOf } from './decisions.js';
import { kernelSet } from './kernel-set.js';
import { networkNamespace } from './network-namespace.js';

const JAILS = [nftablesJail('sshd', { name: 'nftables', native: 'nftables', parameters: {} })];
const BANS = [banOf('sshd', '192.0.2.1'), banOf('sshd', '192.0.2.2')];

test('a table that someone wipes is back with every ban; our own rewriting is no wipe', async (t) => {
  const place = await networkNamespace(t);
  const heard = new EventEmitter();
  const notices: string[] = [];
  const firewall = new NftablesEffect({
    transport: new NftSpawn({ prefix: place.prefix }),
    tell: ({ event }) => {
      notices.push(event);
      heard.emit(event);
    },
  });
  await firewall.start(JAILS, BANS);
  const watch = monitorTable({
    prefix: place.prefix,
    destroyed: (seen) => void firewall.suspect(seen).then(() => heard.emit('judged')),
  });
  t.after(() => watch.close());

  const judged = new Set<string>();
  heard.once('judged', () => judged.add('once'));
  // The monitor takes a moment to start: the table is written anew until it has heard of that.
  while (judged.size === 0) await firewall.start(JAILS, BANS);
  assert.deepEqual(notices, []);

  const gone = once(heard, 'gone');
  place.run('nft', 'flush', 'ruleset');
  await gone;
  await firewall.settled();
  assert.deepEqual([...kernelSet(place, 'sshd-4-32').keys()].sort(), ['192.0.2.1', '192.0.2.2']);
  await firewall.close();
});

test('a doubt about the table is settled by looking', async (t) => {
  const place = await networkNamespace(t);
  const notices: string[] = [];
  const firewall = new NftablesEffect({
    transport: new NftSpawn({ prefix: place.prefix }),
    tell: ({ event }) => notices.push(event),
  });
  await firewall.start(JAILS, BANS);
  await firewall.suspect(false);
  assert.deepEqual(notices, []);
  place.run('nft', 'delete', 'table', 'inet', 'bailiff');
  await firewall.suspect(false);
  await firewall.settled();
  assert.deepEqual(notices, ['gone']);
  assert.equal(kernelSet(place, 'sshd-4-32').size, 2);
  await firewall.close();
});

test('where the monitor lost something, it is looked after the last loss', async (t) => {
  const said = [
    '# new generation 2 by process 1 (nft)',
    ...Array.from({ length: 5 }, () => '# ERROR: We lost some netlink events!'),
  ];
  const heard: boolean[] = [];
  const looked = new EventEmitter();
  const watch = monitorTable({
    prefix: ['sh', '-c', `printf '%s\\n' ${said.map((line) => `'${line}'`).join(' ')}; exec sleep 60`],
    destroyed: (seen) => {
      heard.push(seen);
      looked.emit('once');
    },
  });
  t.after(() => watch.close());
  await once(looked, 'once', { signal: AbortSignal.timeout(4000) });
  assert.deepEqual(heard, [false]);
});

test('the monitor ends with the daemon, also with one that is killed', { timeout: 20_000 }, async (t) => {
  const module = new URL('../../src/action/nft-monitor.js', import.meta.url).href;
  const script = `import { monitorTable } from '${module}'; monitorTable({ destroyed: () => {} }); console.log('watching');`;
  const daemon = spawn(process.execPath, ['--input-type=module', '-e', script]);
  t.after(() => daemon.kill('SIGKILL'));
  await once(daemon.stdout, 'data');
  const children = `/proc/${daemon.pid}/task/${daemon.pid}/children`;
  const monitor = readFileSync(children, 'utf8').trim();
  const isMonitor = (): boolean =>
    readFileSync(`/proc/${monitor}/cmdline`, 'utf8').startsWith('nft\0monitor');
  while (!isMonitor()) await sleep(10);
  daemon.kill('SIGKILL');
  while (existsSync(`/proc/${monitor}`)) await sleep(10);
});
