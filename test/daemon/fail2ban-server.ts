/**
 * A real Fail2Ban beside the daemon: its server over the same configuration, with everything of its own in one folder;
 * in the lab the installed service.
 * Waits for what it answers, never for time to pass. Ended after the test.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { type Fail2BanPrograms, fail2banPrograms } from '../action/shell/fail2ban.js';
import { LAB, LabService } from '../lab/installed.js';
import { until } from './daemon-process.js';

export class Fail2BanServer {
  readonly #program: Fail2BanPrograms = fail2banPrograms();
  readonly #configuration: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #server: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** `folder`: where its socket, database and log lie; `env`: what its commands inherit besides. */
  constructor(t: TestContext, configuration: string, folder: string, env: NodeJS.ProcessEnv) {
    this.#configuration = configuration;
    this.#folder = folder;
    this.#env = { ...this.#program.env, ...env };
    this.#server = spawn('python3', [this.#program.server, ...this.#words(), '-xf', 'start'], {
      env: this.#env,
      stdio: 'ignore',
    });
    this.#ended = once(this.#server, 'close');
    t.after(() => this.kill());
  }

  /** What stands in `fail2ban.conf`. */
  static settings(folder: string, runs = { socket: 'f2b.sock', pidFile: 'f2b.pid' }): string {
    const place = (name: string): string => resolve(folder, name);
    return `[Definition]\nloglevel = INFO\nlogtarget = ${place('f2b.log')}\nsyslogsocket = auto\nsocket = ${place(runs.socket)}
pidfile = ${place(runs.pidFile)}\ndbfile = ${place('f2b.sqlite3')}\ndbpurgeage = 1d\ndbmaxmatches = 10\n`;
  }

  async ready(): Promise<this> {
    await until('Fail2Ban to be ready', () => {
      if (this.#server.exitCode !== null) throw new Error(`Fail2Ban did not start:\n${this.log}`);
      return this.#ask('ping').status === 0;
    });
    return this;
  }

  get log(): string {
    return readFileSync(join(this.#folder, 'f2b.log'), 'utf8');
  }

  /** Runs fail2ban-client; throws where it fails. */
  client(...words: readonly string[]): string {
    const { status, stdout, stderr } = this.#ask(...words);
    if (status !== 0) throw new Error(`fail2ban-client ${words.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Resolves once its database has written down so many bans; it takes its time. */
  kept(bans: number): Promise<void> {
    return hasKept(this.#folder, bans);
  }

  async stop(): Promise<void> {
    this.client('stop');
    await this.#ended;
  }

  async kill(): Promise<void> {
    this.#server.kill('SIGKILL');
    await this.#ended;
    for (const name of ['f2b.sock', 'f2b.pid']) rmSync(join(this.#folder, name), { force: true });
  }

  #ask(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const all = [this.#program.client, ...this.#words(), ...words];
    return spawnSync('python3', all, { env: this.#env, encoding: 'utf8' });
  }

  #words(): readonly string[] {
    return ['-c', this.#configuration];
  }
}

export class InstalledFail2Ban {
  readonly #folder: string;
  readonly #service: LabService;

  /** `folder`: where its database lies; `record`: where its commands write. */
  constructor(t: TestContext, folder: string, record: string) {
    this.#folder = folder;
    this.#service = new LabService(t, 'fail2ban', [`Environment=RECORD=${record}`]);
  }

  static settings(folder: string): string {
    return Fail2BanServer.settings(folder, { socket: LAB.theirSocket, pidFile: LAB.pidFile });
  }

  async ready(): Promise<this> {
    await this.#service.ready();
    return this;
  }

  client(...words: readonly string[]): string {
    return execFileSync('fail2ban-client', words, { encoding: 'utf8' });
  }

  kept(bans: number): Promise<void> {
    return hasKept(this.#folder, bans);
  }

  async stop(): Promise<void> {
    this.client('stop');
    await this.#service.ended();
  }

  kill(): Promise<void> {
    return this.#service.end('SIGKILL');
  }
}

async function hasKept(folder: string, bans: number): Promise<void> {
  const query = 'select count(*) from bips';
  const program = `import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone())`;
  const words = ['-c', program, join(folder, 'f2b.sqlite3'), query];
  await until('Fail2Ban to write its bans down', () => {
    const { stdout } = spawnSync('python3', words, { encoding: 'utf8' });
    return stdout.trim() === String(bans);
  });
}
