/**
 * What can go wrong at any moment, one function a fault. Takes the scene: host, attack, the daemon that runs now.
 * A fault leaves the scene with a daemon that runs; what it waits for is said by the daemon, never a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon } from '../daemon/daemon-process.js';
import type { Afterwards } from '../daemon/afterwards.js';
import type { PrivateHost } from '../daemon/private-host.js';
import type { Attack } from './attack.js';

export interface Scene {
  readonly t: Afterwards;
  readonly host: PrivateHost;
  readonly attack: Attack;
  readonly random: () => number;
  /** Every daemon so far; the last one runs. */
  readonly daemons: Daemon[];
  /** Addresses that the daemon has acknowledged to have banned by hand. */
  readonly byHand: string[];
  /** Writes the configuration; true = with the jail `late`. */
  readonly configure: (options: { readonly late: boolean; readonly bantime: string }) => void;
  isLate: boolean;
}

export type Fault = (scene: Scene) => Promise<void>;

/** The state lies on a file system of so much, so that it can be filled. */
export const STATE_SIZE = '4m';

export function daemonOf(scene: Scene): Daemon {
  const last = scene.daemons.at(-1);
  if (last === undefined) throw new Error('no daemon was started');
  return last;
}

export function startDaemon(scene: Scene): void {
  scene.daemons.push(new Daemon(scene.t, scene.host, { words: ['--enforce', 'nftables'] }));
}

async function pause(scene: Scene, mostMs: number): Promise<void> {
  await sleep(scene.random() * mostMs);
}

/** Ends it while lines come, logs on, perhaps rotates while nobody reads, starts it again. */
async function end(scene: Scene, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const { attack, random } = scene;
  attack.go(Math.floor(random() * 30));
  await pause(scene, 30);
  await daemonOf(scene).end(signal);
  attack.go(Math.floor(random() * 30));
  const rotation = random();
  if (rotation < 0.25) attack.rotate(Math.floor(random() * 5));
  else if (rotation < 0.35) await attack.journal.rotate();
  startDaemon(scene);
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  kill: (scene) => end(scene, 'SIGKILL'),

  stop: (scene) => end(scene, 'SIGTERM'),

  /** At any moment of the start. */
  'kill at start': async (scene) => {
    await end(scene, 'SIGKILL');
    await pause(scene, 600);
    await daemonOf(scene).end('SIGKILL');
    startDaemon(scene);
  },

  rename: async ({ attack, random }) => {
    attack.rotate(Math.floor(random() * 5));
    if (random() < 0.3) attack.rotate(0);
  },

  /** What is not read by then is lost by the way it is done: the daemon is waited for. */
  truncate: async (scene) => {
    const { attack, random } = scene;
    const count = attack.written.length;
    const address = `198.18.${count >> 8}.${count & 255}`;
    attack.write({ way: 'file', address });
    await daemonOf(scene).says(`[filed] Found ${address}`);
    attack.copyAndTruncate();
    if (random() < 0.5) await end(scene, 'SIGKILL');
  },

  archive: ({ attack }) => attack.journal.rotate(),

  flush: ({ host, random }) => {
    // Where the daemon has just been started the table may not be there.
    const drop = 'add table inet bailiff; delete table inet bailiff';
    host.run('nft', random() < 0.5 ? 'flush ruleset' : drop);
    return Promise.resolve();
  },

  reload: async (scene) => {
    const daemon = await daemonOf(scene).ready();
    const { random, configure } = scene;
    scene.isLate ||= random() < 0.5;
    configure({ late: scene.isLate, bantime: random() < 0.5 ? '1h' : '2h' });
    const storm = random() < 0.2 ? 5 : 1;
    for (let times = 0; times < storm; times += 1) process.kill(daemon.pid, 'SIGHUP');
    await pause(scene, 300);
  },

  /** The hearing worker is killed from within, by an expression that does not end. */
  runaway: ({ attack, random }) => {
    const storm = random() < 0.3 ? 3 : 1;
    for (let times = 0; times < storm; times += 1)
      attack.journal.app(`guess: ${'a'.repeat(60)}c b from 192.0.2.66`);
    return Promise.resolve();
  },

  'disk full': async (scene) => {
    const { host, attack, random } = scene;
    const daemon = await daemonOf(scene).ready();
    const fill = `${host.folder}/state/fill`;
    host.run('sh', '-c', 'dd if=/dev/zero of="$0" bs=1k 2>/dev/null || true', fill);
    attack.go(40 + Math.floor(random() * 60));
    await pause(scene, 200);
    host.run('rm', fill);
    // A kill before that loses what only memory had, as it was told.
    await daemon.until({ verb: 'status' }, ({ counters }) => counters['storeSuspended'] === 0);
  },

  'by hand': async (scene) => {
    const { byHand } = scene;
    const daemon = await daemonOf(scene).ready();
    const address = `203.0.113.${byHand.length + 1}`;
    await daemon.ask({ verb: 'ban', jail: 'sshd', targets: [address] });
    byHand.push(address);
    if (scene.random() < 0.5) await end(scene, 'SIGKILL');
  },
};
