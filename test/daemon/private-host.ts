/**
 * A host of its own for one test: mount and network namespace, /run and /var/log empty, nothing of the machine touched.
 * Gives the words that run a command inside, its journal, and the kernel's sets. Gone after the test.
 * Works as root, and as an ordinary user where user namespaces are allowed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { NetworkNamespace } from '../action/network-namespace.js';
import type { Afterwards } from './afterwards.js';

const REMOTE = '/lib/systemd/systemd-journal-remote';
const SETUP = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal &&
  mount -t tmpfs tmpfs /var/log && mount --bind "$0/run-log" /run/log/journal &&
  mount --bind "$0/journal-socket" /run/systemd/journal && ip link set lo up && echo ready && exec sleep 600`;

const asRoot = process.getuid?.() === 0;

/** Whether a test that needs a real root may run; says so where not. */
export function mayBeRoot(t: TestContext): boolean {
  if (!asRoot) t.diagnostic('not run: needs root, for another user or for journald');
  return asRoot;
}

export class PrivateHost implements NetworkNamespace {
  /** The test's own folder, seen inside and outside. */
  readonly folder: string;
  readonly pid: number;
  readonly prefix: readonly string[];
  /** Asks journald for a new file. */
  rotateJournal: () => void = () => undefined;
  #time = Date.now() * 1000;
  #journal: ChildProcess | undefined;

  private constructor(folder: string, pid: number) {
    this.folder = folder;
    this.pid = pid;
    const user = asRoot ? [] : ['-U', '--preserve-credentials'];
    this.prefix = ['nsenter', '-t', String(pid), ...user, '-m', '-n', '--'];
  }

  static async open(t: Afterwards): Promise<PrivateHost> {
    const folder = mkdtempSync(join(tmpdir(), 'bailiff-host-'));
    for (const name of ['run-log', 'journal-socket', 'config']) mkdirSync(join(folder, name));
    const user = asRoot ? [] : ['--map-root-user'];
    const holder = spawn('unshare', [...user, '--mount', '--net', 'sh', '-c', SETUP, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (holder.pid === undefined) throw new Error('unshare cannot be run');
    const host = new PrivateHost(folder, holder.pid);
    t.after(async () => {
      await host.#endJournal();
      holder.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'close').then(() => failed())]);
    host.settings();
    return host;
  }

  run(...command: readonly string[]): string {
    const [first = '', ...rest] = [...this.prefix, ...command];
    return execFileSync(first, rest, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  }

  /** Starts a program inside; its pid is the program's own. `leads`: its session too, as that of a service. */
  spawn(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, leads = false): ChildProcess {
    const [first = '', ...rest] = [...this.prefix, command, ...args];
    return spawn(first, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      detached: leads,
    });
  }

  /** Writes the configuration's `jail.local`, or another file of it; gives its folder. */
  configure(text: string, name = 'jail.local'): string {
    const directory = join(this.folder, 'config');
    const path = join(directory, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return directory;
  }

  /** Writes `bailiff.local`. The machine may have a user bailiff, who cannot enter the test's folder. */
  settings(more = '', user = 'root'): void {
    this.configure(`[Definition]\nuser = ${user}\n${more}`, 'bailiff.local');
  }

  /** Writes entries into the host's journal, all fields as given; times are now unless they are given. */
  journal(...entries: readonly Readonly<Record<string, string>>[]): void {
    this.#journal ??= this.#openJournal();
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '');
    for (const fields of entries) {
      this.#time = Math.max(this.#time + 1, Date.now() * 1000);
      const all = {
        __REALTIME_TIMESTAMP: String(this.#time),
        __MONOTONIC_TIMESTAMP: String(this.#time),
        _BOOT_ID: bootId,
        _HOSTNAME: 'mx',
        _UID: '0',
        ...fields,
      };
      const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
      this.#journal.stdin?.write(`${lines.join('')}\n`);
    }
  }

  /** Starts a real journald inside; resolves once it listens. The other way to write the journal is not to be used then. */
  async startJournald(t: Afterwards): Promise<void> {
    const inside = [...this.prefix.slice(1), '/lib/systemd/systemd-journald'];
    // It leads its session, as every service does: the kernel shares the processor among sessions first.
    const journald = spawn('nsenter', inside, { stdio: 'ignore', detached: true });
    this.rotateJournal = () => void journald.kill('SIGUSR2');
    t.after(async () => {
      const ended = once(journald, 'close');
      journald.kill('SIGTERM');
      await ended;
    });
    const socket = join(this.folder, 'journal-socket', 'dev-log');
    const endMs = Date.now() + 20_000;
    while (!existsSync(socket)) {
      if (Date.now() > endMs || journald.exitCode !== null) throw new Error('journald did not start');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Puts the journal file aside as journald does when it rotates; what is written next goes into a new one. */
  async archiveJournal(): Promise<void> {
    await this.#endJournal();
    const [folder, file] = this.#journalPlace();
    const outside = join(this.folder, 'run-log', folder);
    if (existsSync(join(outside, file)))
      renameSync(join(outside, file), join(outside, `system@${randomUUID()}.journal`));
  }

  #journalPlace(): readonly [folder: string, file: string] {
    return [readFileSync('/etc/machine-id', 'utf8').trim(), 'system.journal'];
  }

  #openJournal(): ChildProcess {
    const [folder, file] = this.#journalPlace();
    mkdirSync(join(this.folder, 'run-log', folder), { recursive: true });
    const path = `/run/log/journal/${folder}/${file}`;
    const inside = [...this.prefix.slice(1), REMOTE, '--output', path, '--split-mode=none', '-'];
    return spawn('nsenter', inside, { stdio: ['pipe', 'ignore', 'ignore'] });
  }

  async #endJournal(): Promise<void> {
    if (this.#journal === undefined) return;
    const ended = once(this.#journal, 'close');
    this.#journal.stdin?.end();
    await ended;
    this.#journal = undefined;
  }
}

function failed(): never {
  throw new Error('This test needs namespaces of its own: root or user namespaces, util-linux, iproute2.');
}

/** An entry of sshd, as journald would keep it. */
export function sshdEntry(message: string, pid: number): Readonly<Record<string, string>> {
  return {
    _SYSTEMD_UNIT: 'ssh.service',
    _COMM: 'sshd',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: String(pid),
    MESSAGE: message,
  };
}
