/**
 * What comes in masses beside an attack: lines of a megabyte, SIGHUPs, connections to the control socket. Everybody is
 * banned meanwhile, every line counts once, and what was left out is told.
 */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { rowsOf } from './kept-rows.js';
import { PrivateHost, sshdEntry } from './private-host.js';

const MAXRETRY = 3;

interface Scene {
  readonly host: PrivateHost;
  readonly log: string;
  readonly daemon: Daemon;
  /** A failure of an address, over the journal or the file. */
  readonly fail: (address: string, way: 'journal' | 'file') => void;
}

async function sceneOf(t: TestContext): Promise<Scene> {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(
    `[DEFAULT]\nmaxretry = ${MAXRETRY}\nfindtime = 1h\nbantime = 1h\n[sshd]\nenabled = true\nbackend = systemd\n` +
      `[filed]\nenabled = true\nfilter = sshd\nport = ssh\nbackend = polling\nlogpath = ${log}\n`,
  );
  host.settings('logtarget = none\n');
  let pid = 0;
  const fail: Scene['fail'] = (address, way) => {
    pid += 1;
    if (way === 'file') appendFileSync(log, syslogLine(failedPassword(address, pid), pid));
    else host.journal(sshdEntry(failedPassword(address, pid), pid));
  };
  return { host, log, fail, daemon: await new Daemon(t, host, { words: ['--enforce', 'nftables'] }).ready() };
}

const addressesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `198.51.100.${number}`);

/** Every line of every attacker counted once, and each was banned once. */
async function allCountedOnce({ host, daemon }: Scene, jail: string, all: readonly string[]): Promise<void> {
  for (const address of all) await daemon.says(`[${jail}] Ban ${address}\n`);
  await kernelHolds(host, `${jail}-4-32`, all);
  await daemon.end();
  const state = join(host.folder, 'state');
  const counts = rowsOf(
    state,
    `SELECT target, count(*) AS n FROM failure WHERE jail = '${jail}' GROUP BY target HAVING n <> ${MAXRETRY}`,
  );
  assert.deepEqual(counts, []);
  const bans = rowsOf(state, `SELECT target FROM ban WHERE jail = '${jail}'`);
  assert.equal(bans.length, all.length);
}

test('two hundred SIGHUPs under attack lose no line, double none, and each reads what is written', async (t) => {
  const scene = await sceneOf(t);
  const attackers = addressesOf(20);
  for (let signal = 0; signal < 200; signal += 1) {
    process.kill(scene.daemon.pid, 'SIGHUP');
    const address = signal < MAXRETRY * attackers.length ? attackers[signal % attackers.length] : undefined;
    if (address !== undefined) for (const way of ['journal', 'file'] as const) scene.fail(address, way);
    await new Promise(setImmediate);
  }
  scene.host.configure('[late]\nenabled = true\nfilter = sshd\nbackend = systemd\n', 'jail.d/late.local');
  process.kill(scene.daemon.pid, 'SIGHUP');
  await scene.daemon.until({ verb: 'status' }, ({ jails }) => jails.some(({ name }) => name === 'late'));
  for (const address of attackers) await scene.daemon.says(`[filed] Ban ${address}\n`);
  await allCountedOnce(scene, 'sshd', attackers);
});

test('a log never seen before is read as far back as its lines count, however long it is', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  const attackers = addressesOf(10);
  const old = syslogLine(failedPassword('192.0.2.9', 1), 1, Date.now() - 2 * 3_600_000).repeat(100_000);
  const young = Array.from({ length: MAXRETRY }, () =>
    attackers.map((address, index) => syslogLine(failedPassword(address, index), index)).join(''),
  );
  const noise = syslogLine('Server listening on 0.0.0.0 port 22.', 1).repeat(300_000);
  writeFileSync(log, old + young.join('') + noise);
  host.configure(
    `[filed]\nenabled = true\nfilter = sshd\nport = ssh\nbackend = polling\nlogpath = ${log}\nmaxretry = ${MAXRETRY}\n`,
  );
  host.settings('logtarget = none\n');
  const daemon = await new Daemon(t, host, { words: ['--enforce', 'nftables'] }).ready();
  for (const address of attackers) await daemon.says(`[filed] Ban ${address}\n`);
  await kernelHolds(host, 'filed-4-32', attackers);
});

test('lines of a megabyte between the attackers cost none of them, and count as what they are', async (t) => {
  const scene = await sceneOf(t);
  const attackers = addressesOf(10);
  const long = '192.0.2.1';
  for (let round = 0; round < MAXRETRY; round += 1)
    for (const address of attackers) {
      const pid = 1_000_000 + round;
      const isFirst = address === attackers[0];
      const message = isFirst ? failedPassword(long, pid, 'x'.repeat(1 << 20)) : 'y'.repeat(1 << 20);
      appendFileSync(scene.log, syslogLine(message, pid));
      scene.fail(address, 'file');
    }
  await allCountedOnce(scene, 'filed', [long, ...attackers]);
});

test('three thousand connections to the control socket hold up no ban, and end in an answer again', async (t) => {
  const scene = await sceneOf(t);
  const attackers = addressesOf(20);
  const sockets = Array.from({ length: 3000 }, (): Socket => {
    const socket = connect(scene.daemon.socket);
    socket.on('error', () => undefined);
    return socket;
  });
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  for (let round = 0; round < MAXRETRY; round += 1)
    for (const address of attackers) scene.fail(address, 'journal');
  for (const address of attackers) await scene.daemon.says(`[sshd] Ban ${address}\n`);
  for (const socket of sockets) socket.destroy();
  await scene.daemon.ready();
  await allCountedOnce(scene, 'sshd', attackers);
});
