import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/lib/package-root.js';
import { Daemon, until } from './daemon-process.js';
import { failedPassword, syslogLine } from './attack.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost, mayBeRoot } from './private-host.js';

const UID = 64_123;
/** The package under a path that every user may enter. */
const MAIN = '/mnt/dist/src/cli/main.js';

/** Makes the user on the host: /etc is the machine's, so two files of it are covered. */
function addUser(host: PrivateHost): void {
  const lines = {
    passwd: `bailiff:x:${UID}:${UID}:Bailiff:/var/lib/bailiff:/usr/sbin/nologin\n`,
    group: `bailiff:x:${UID}:\n`,
  };
  for (const [name, line] of Object.entries(lines)) {
    const path = join(host.folder, name);
    writeFileSync(path, readFileSync(`/etc/${name}`, 'utf8') + line);
    host.run('mount', '--bind', path, `/etc/${name}`);
  }
}

/** Whether a process holds a netlink socket to netfilter (protocol 12), in its own network namespace. */
function holdsNetfilterSocket(pid: number): boolean {
  const held = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)));
  const rows = readFileSync(`/proc/${pid}/net/netlink`, 'latin1').trim().split('\n').slice(1);
  return rows.some((row) => {
    const columns = row.trim().split(/\s+/);
    return columns[1] === '12' && held.has(`socket:[${columns.at(-1)}]`);
  });
}

function statusOf(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/status`, 'latin1').split('\n');
  return Object.fromEntries(lines.map((line) => line.split(':\t') as [string, string]));
}

test('started as root it goes on as its own user, with the right to the firewall and no other, and bans', async (t) => {
  if (!mayBeRoot(t)) return;
  const host = await PrivateHost.open(t);
  addUser(host);
  host.settings('', 'bailiff');
  host.run('mount', '-t', 'tmpfs', 'tmpfs', '/var/lib');
  host.run('mount', '--bind', packageRoot, '/mnt');
  host.run('chmod', '755', host.folder);
  const log = '/var/log/auth.log';
  host.run('sh', '-c', `: > ${log} && chgrp adm ${log} && chmod 640 ${log}`);
  host.configure(`[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 3\n`);
  const words = ['run', '--config', join(host.folder, 'config'), '--enforce', 'nftables'];
  const daemon = new Daemon(t, host, { main: MAIN, arguments: words, socket: '/run/bailiff/bailiff.sock' });
  await daemon.says(/Runs as bailiff \(64123\).*started as root/);
  await daemon.says('sshd');
  const line = [1, 2, 3].map((pid) => syslogLine(failedPassword('192.0.2.70', pid), pid)).join('');
  host.run('sh', '-c', 'printf %s "$0" >> "$1"', line, log);
  await daemon.says('[sshd] Ban 192.0.2.70');
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.70']);
  const answer = host.run(process.execPath, MAIN, 'status', '--json');
  const { pid } = JSON.parse(answer) as { readonly pid: number };
  const status = statusOf(pid);
  assert.match(status['Uid'] ?? '', new RegExp(`^(${UID}\\t?){4}$`));
  for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb'])
    assert.equal(status[set], '0000000000001000', set);
  assert.equal(status['NoNewPrivs'], '1');
  assert.ok(holdsNetfilterSocket(pid), 'it has a socket of its own to the firewall');
  assert.doesNotMatch(daemon.log, /nft is spawned/);
  assert.match(
    host.run('stat', '-c', '%U %a', '/var/lib/bailiff', '/var/log/bailiff'),
    /^(bailiff 750\n){2}$/,
  );
  assert.match(host.run('cat', '/var/log/bailiff/bailiff.log'), /Ban 192\.0\.2\.70/);
  assert.equal(await daemon.end(), 0);
  assert.throws(() => statusOf(pid), 'no process is left');
});

test('the commands of actions run as that user, once the admin opted in', async (t) => {
  if (!mayBeRoot(t)) return;
  const host = await PrivateHost.open(t);
  addUser(host);
  host.run('mount', '-t', 'tmpfs', 'tmpfs', '/var/lib');
  host.run('mount', '--bind', packageRoot, '/mnt');
  host.run('chmod', '755', host.folder);
  host.configure(
    '[Definition]\nactionban = grep -E "^(Uid|CapEff)" /proc/self/status > /var/log/bailiff/ran\n',
    'action.d/x.conf',
  );
  host.configure('[sshd]\nenabled = true\nbackend = polling\nlogpath = /var/log/auth.log\naction = x\n');
  const words = ['run', '--config', join(host.folder, 'config'), '--enforce', 'nftables'];
  const start = (): Daemon =>
    new Daemon(t, host, { main: MAIN, arguments: words, socket: '/run/bailiff/bailiff.sock' });
  const isReady = (): boolean => {
    const { status } = spawnSync(host.prefix[0] ?? '', [
      ...host.prefix.slice(1),
      process.execPath,
      MAIN,
      'status',
    ]);
    return status === 0;
  };

  host.settings('', 'bailiff');
  const careful = start();
  await careful.says(/sshd: `x` not run: this is not root.*Set `shellactions = yes`/);
  await careful.says('Runs as bailiff');
  await until('the daemon to answer', isReady);
  host.run(process.execPath, MAIN, 'ban', 'sshd', '192.0.2.1');
  await careful.says('[sshd] Ban 192.0.2.1');
  assert.equal(await careful.end(), 0);
  assert.throws(() => host.run('sh', '-c', 'cat /var/log/bailiff/ran 2>&-'));

  host.settings('shellactions = yes\n', 'bailiff');
  const told = start();
  await told.says('[sshd] Restore Ban 192.0.2.1');
  const ran = (): string => host.run('sh', '-c', 'cat /var/log/bailiff/ran 2>&- || true');
  await until('the command', () => ran().includes('CapEff'));
  assert.match(ran(), new RegExp(`^Uid:\\t${UID}\\t.*\\nCapEff:\\t0000000000001000\\n$`));
  await until('the daemon to answer', isReady);
  assert.equal(await told.end(), 0);
});

test('where it cannot give its rights away it does not go on as root', async (t) => {
  if (!mayBeRoot(t)) return;
  const host = await PrivateHost.open(t);
  addUser(host);
  host.settings('', 'bailiff');
  host.configure('[sshd]\nenabled = true\n');
  const without = join(host.folder, 'setpriv');
  writeFileSync(without, '#!/bin/sh\necho "setpriv: not here" >&2\nexit 1\n', { mode: 0o755 });
  host.run('mount', '--bind', without, '/usr/bin/setpriv');
  const daemon = new Daemon(t, host);
  assert.equal(await daemon.ended, 4);
  assert.match(daemon.log, /setpriv: not here.*daemon\.privileges/);
});
