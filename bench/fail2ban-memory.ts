/**
 * What Fail2Ban takes of memory: its server from Debian's unpacked package, idle with the guide's six jails, and with many bans
 * of one jail, its actions replaced by one that does nothing. Gives RssAnon and VmRSS; judges nothing.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/lib/package-root.js';
import { fetchFail2Ban } from './fail2ban-package.js';
import { type Memory, memoryOf } from './memory-of.js';

/** As many words as one call of its client takes. */
const IN_CALL = 1000;
const START_MS = 60_000;
/** Gives up on the bans that have not been made by then. */
const BANS_MS = 900_000;
const LOOK_MS = 500;

export interface Fail2BanMemory {
  readonly idle: Memory;
  readonly before: Memory;
  readonly after: Memory;
  /** How many were made. */
  readonly bans: number;
}

export async function fail2banMemory(targets: readonly string[], restMs: number): Promise<Fail2BanMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-fail2ban-'));
  try {
    const idle = await Server.running(folder, guide(folder), async (server) => {
      await sleep(restMs);
      return server.memory();
    });
    return await Server.running(folder, oneJail(folder), async (server) => {
      await sleep(restMs);
      const before = server.memory();
      const bans = await server.ban(targets);
      await sleep(restMs);
      return { idle, before, after: server.memory(), bans };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The guide's jails, none of which mails, reports or touches the firewall. */
function guide(folder: string): string {
  const jails = ['sshd', 'apache-auth', 'postfix', 'postfix-sasl', 'dovecot', 'recidive'];
  const log = join(folder, 'empty.log');
  writeFileSync(log, '');
  const more: Readonly<Record<string, string>> = {
    sshd: 'backend = systemd\n',
    recidive: `logpath = ${log}\n`,
  };
  return jails
    .map((name) => `[${name}]\nenabled = true\naction = dummy[target=${folder}/dummy]\n${more[name] ?? ''}`)
    .join('');
}

function oneJail(folder: string): string {
  const log = join(folder, 'empty.log');
  return `[DEFAULT]\nbantime = 1d\n[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\naction = nothing\n`;
}

class Server {
  readonly #words: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #programs: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(folder: string, jails: string) {
    const { pythonPath, configuration } = fetchFail2Ban(join(folder, 'package'));
    this.#programs = join(pythonPath, '..', '..', '..', 'bin');
    this.#env = { ...process.env, PYTHONPATH: `${pythonPath}:${fetchPythonSystemd(folder)}` };
    const own = mkdtempSync(join(folder, 'run-'));
    cpSync(configuration, join(own, 'etc'), { recursive: true });
    cpSync(join(packageRoot, 'config', 'policy', 'jail.local'), join(own, 'etc', 'jail.local'));
    if (!jails.includes('[recidive]')) rmSync(join(own, 'etc', 'jail.local'));
    rmSync(join(own, 'etc', 'jail.d'), { recursive: true, force: true });
    mkdirSync(join(own, 'etc', 'jail.d'));
    writeFileSync(join(own, 'etc', 'jail.d', 'zz.local'), jails);
    writeFileSync(join(own, 'etc', 'action.d', 'nothing.conf'), '[Definition]\nactionban =\nactionunban =\n');
    writeFileSync(
      join(own, 'etc', 'fail2ban.local'),
      `[Definition]\nloglevel = NOTICE\nlogtarget = ${join(own, 'log')}\nsocket = ${join(own, 'sock')}\npidfile = ${join(own, 'pid')}\ndbfile = ${join(own, 'db')}\n`,
    );
    this.#words = ['-c', join(own, 'etc')];
    this.#child = spawn(
      'python3',
      [join(this.#programs, 'fail2ban-server'), ...this.#words, '-xf', 'start'],
      {
        env: this.#env,
        stdio: 'ignore',
      },
    );
    this.#ended = once(this.#child, 'close');
  }

  static async running<T>(folder: string, jails: string, use: (server: Server) => Promise<T>): Promise<T> {
    const server = new Server(folder, jails);
    try {
      await server.#until(START_MS, () => server.#ask('ping').includes('pong'));
      return await use(server);
    } finally {
      server.#child.kill('SIGKILL');
      await server.#ended;
    }
  }

  memory(): Memory {
    return memoryOf(this.#child.pid ?? 0);
  }

  /** Bans by hand; gives how many are banned when it has no more patience, or all are. */
  async ban(targets: readonly string[]): Promise<number> {
    const untilMs = Date.now() + BANS_MS;
    for (let from = 0; from < targets.length && Date.now() < untilMs; from += IN_CALL)
      this.#ask('set', 'sshd', 'banip', ...targets.slice(from, from + IN_CALL));
    await this.#until(Math.max(0, untilMs - Date.now()), () => this.#banned() >= targets.length);
    return this.#banned();
  }

  #banned(): number {
    return Number(/Currently banned:\s+(\d+)/.exec(this.#ask('status', 'sshd'))?.[1] ?? 0);
  }

  #ask(...words: readonly string[]): string {
    const all = [join(this.#programs, 'fail2ban-client'), ...this.#words, ...words];
    const options = { env: this.#env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    return spawnSync('python3', all, options).stdout;
  }

  async #until(patienceMs: number, isSo: () => boolean): Promise<void> {
    const untilMs = Date.now() + patienceMs;
    while (!isSo() && Date.now() < untilMs) {
      if (this.#child.exitCode !== null) throw new Error('Fail2Ban did not start, or ended');
      await sleep(LOOK_MS);
    }
  }
}

/** The binding of this host's Python to the journal. */
function fetchPythonSystemd(folder: string): string {
  const place = join(folder, 'systemd');
  if (!existsSync(place)) {
    mkdirSync(place);
    execFileSync('apt-get', ['-qq', 'download', 'python3-systemd'], { cwd: place, stdio: 'ignore' });
    const file = readdirSync(place).find((name) => name.endsWith('.deb'));
    if (file === undefined) throw new Error('No Debian package of python3-systemd could be fetched.');
    execFileSync('dpkg-deb', ['-x', join(place, file), place]);
  }
  return join(place, 'usr', 'lib', 'python3', 'dist-packages');
}
