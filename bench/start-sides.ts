/**
 * Bailiff and Fail2Ban started, asked and reloaded on a private host. Takes the host and its configuration; gives
 * milliseconds by the clock, from the moment a process is started. Does not say what they should be.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail2banPrograms } from '../test/action/shell/fail2ban.js';
import type { Afterwards } from '../test/daemon/afterwards.js';
import { Daemon, until } from '../test/daemon/daemon-process.js';
import type { PrivateHost } from '../test/daemon/private-host.js';
import { bundledMain } from './bundled.js';
import { python } from './python.js';

const LOOK_MS = 2;
const PATIENCE_MS = 120_000;
/** As packaging/bailiff.service has it. */
const UNIT_ENVIRONMENT = { NODE_OPTIONS: '--max-semi-space-size=4' };
/** A service manager's socket: tells when somebody is ready, in milliseconds of the system's steady clock. */
const LISTEN = `
import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    if 'READY=1' in s.recv(4096).decode(): print(time.monotonic() * 1000, flush=True)
`;

/** A program that guards: how long its start took, and its commands take. */
export interface Side {
  /** Until it guards. */
  start(): Promise<number>;
  status(): number;
  reload(): number;
  stop(): Promise<void>;
}

/** Milliseconds that a start took. */
export async function startedAndStopped(side: Side): Promise<number> {
  const tookMs = await side.start();
  await side.stop();
  return tookMs;
}

export class BailiffSide implements Side {
  readonly #t: Afterwards;
  readonly #host: PrivateHost;
  readonly #notify: string;
  readonly #readyMs: number[] = [];
  #daemon: Daemon | undefined;

  private constructor(t: Afterwards, host: PrivateHost) {
    this.#t = t;
    this.#host = host;
    this.#notify = join(host.folder, 'notify');
  }

  static async open(t: Afterwards, host: PrivateHost): Promise<BailiffSide> {
    const side = new BailiffSide(t, host);
    bundledMain();
    const listener = spawn('python3', ['-c', LISTEN, side.#notify], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => listener.kill());
    let isBound = false;
    listener.stdout.setEncoding('utf8').on('data', (text: string) => {
      isBound = true;
      side.#readyMs.push(...text.split('\n').map(Number).filter(Boolean));
    });
    await until('the socket', () => isBound);
    return side;
  }

  /** Until it tells the service manager that it is ready: then the firewall is there, and every jail is heard. */
  async start(): Promise<number> {
    rmSync(join(this.#host.folder, 'state'), { recursive: true, force: true });
    this.#readyMs.length = 0;
    const startMs = steadyMs();
    this.#daemon = new Daemon(this.#t, this.#host, {
      main: bundledMain(),
      words: ['--enforce', 'nftables'],
      environment: { ...UNIT_ENVIRONMENT, NOTIFY_SOCKET: this.#notify },
    });
    await until('readiness', () => this.#readyMs.length > 0, PATIENCE_MS);
    return (this.#readyMs[0] ?? Number.NaN) - startMs;
  }

  status(): number {
    return commandMs(this.#command('status'));
  }

  reload(): number {
    return commandMs([...this.#host.prefix, ...this.#command('client', 'reload')]);
  }

  async stop(): Promise<void> {
    await this.#daemon?.end();
    this.#host.run('nft', 'flush', 'ruleset');
  }

  #command(...words: readonly string[]): readonly string[] {
    return [process.execPath, bundledMain(), '--socket', join(this.#host.folder, 'bailiff.sock'), ...words];
  }
}

export class Fail2BanSide implements Side {
  readonly #host: PrivateHost;
  readonly #programs = fail2banPrograms();
  readonly #env: NodeJS.ProcessEnv;
  readonly #jails: number;
  #server: ChildProcess | undefined;

  /** `modules`: where Python's systemd bindings lie; `jails`: how many will start. */
  constructor(t: Afterwards, host: PrivateHost, modules: string, jails: number) {
    this.#host = host;
    this.#jails = jails;
    const { env } = this.#programs;
    this.#env = { ...env, PYTHONPATH: `${env['PYTHONPATH'] ?? ''}:${modules}` };
    const place = (name: string): string => join(host.folder, name);
    host.configure(
      `[Definition]\nloglevel = INFO\nlogtarget = ${place('f2b.log')}\nsocket = ${place('f2b.sock')}\n` +
        `pidfile = ${place('f2b.pid')}\ndbfile = ${this.database}\n`,
      'fail2ban.local',
    );
    t.after(() => this.#server?.kill('SIGKILL'));
  }

  get database(): string {
    return join(this.#host.folder, 'f2b.sqlite3');
  }

  /** Until its log says of every jail that it is started. */
  async start(): Promise<number> {
    rmSync(this.database, { force: true });
    return this.startAgain();
  }

  /** The same with the database as it is. */
  async startAgain(): Promise<number> {
    const log = join(this.#host.folder, 'f2b.log');
    writeFileSync(log, '');
    const startMs = steadyMs();
    const words = [this.#programs.server, ...this.#words(), '-xf', 'start'];
    // It leads its session, as its unit has it.
    this.#server = this.#host.spawn(python(), words, this.#env, true);
    this.#server.stdout?.resume();
    this.#server.stderr?.resume();
    while (startedIn(log) < this.#jails) {
      if (steadyMs() - startMs > PATIENCE_MS || this.#server.exitCode !== null)
        throw new Error(`Fail2Ban did not start all jails:\n${readFileSync(log, 'utf8').slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return steadyMs() - startMs;
  }

  status(): number {
    return commandMs(this.#command('status'), this.#env);
  }

  reload(): number {
    return commandMs([...this.#host.prefix, ...this.#command('reload')], this.#env);
  }

  async stop(): Promise<void> {
    if (this.#server === undefined) return;
    const ended = once(this.#server, 'close');
    commandMs(this.#command('stop'), this.#env);
    await ended;
  }

  #command(...words: readonly string[]): readonly string[] {
    return [python(), this.#programs.client, ...this.#words(), ...words];
  }

  #words(): readonly string[] {
    return ['-c', join(this.#host.folder, 'config')];
  }
}

/** A whole process. Throws an Error where it fails. */
export function commandMs([command = '', ...words]: readonly string[], env?: NodeJS.ProcessEnv): number {
  const startMs = steadyMs();
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8', env: { ...process.env, ...env } });
  const tookMs = steadyMs() - startMs;
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
  return tookMs;
}

function startedIn(log: string): number {
  return existsSync(log) ? readFileSync(log, 'utf8').split(/Jail '[^']+' started/).length - 1 : 0;
}

/** The clock that a process of another kind sees too. */
function steadyMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
