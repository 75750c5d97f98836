/**
 * The real daemon as a process of its own on a private host: `bailiff run`, what it logs, and what it answers.
 * Waits for what the daemon says, never for time to pass.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { request } from '../../src/control/client.js';
import type { ControlRequest, Results } from '../../src/control/protocol.js';
import { MAIN, type Ran, run } from '../cli/run-bailiff.js';
import type { Afterwards } from './afterwards.js';
import type { PrivateHost } from './private-host.js';

const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

export interface DaemonWords {
  /** Arguments of `run` besides configuration, state and socket. */
  readonly words?: readonly string[];
  /** Undefined = the host's `config` folder; null = none is named. */
  readonly config?: string | null;
  readonly state?: string;
  readonly main?: string;
  /** All arguments, in the place of those above. */
  readonly arguments?: readonly string[];
  readonly socket?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** It leads its session, as a service does. */
  readonly leads?: boolean;
}

export class Daemon {
  readonly socket: string;
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;
  #out = '';
  #err = '';
  #look: () => void = () => undefined;

  constructor(t: Afterwards, host: PrivateHost, given: DaemonWords = {}) {
    const { words = [], config, state } = given;
    this.socket = given.socket ?? join(host.folder, 'bailiff.sock');
    const directory = config === undefined ? join(host.folder, 'config') : config;
    const named = directory === null ? [] : ['--config', directory];
    const all = ['run', ...named, '--state', state ?? join(host.folder, 'state'), '--socket', this.socket];
    const line = given.arguments ?? [...all, ...words];
    const environment = { TZ: 'UTC', NO_COLOR: '1', ...given.environment };
    this.#child = host.spawn(process.execPath, [given.main ?? MAIN, ...line], environment, given.leads);
    this.ended = once(this.#child, 'close').then(() => {
      this.#look();
      return this.#child.exitCode;
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
      this.#look();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
      this.#look();
    });
    t.after(async () => {
      this.#child.kill('SIGKILL');
      await this.ended;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything it said on standard error: its log. */
  get log(): string {
    return this.#err;
  }

  get out(): string {
    return this.#out;
  }

  /** Resolves once the log (or the standard output) holds `text`, `count` times. */
  async says(text: string | RegExp, count = 1): Promise<void> {
    const heard = (): number => {
      const both = this.#err + this.#out;
      if (typeof text === 'string') return both.split(text).length - 1;
      return [...both.matchAll(new RegExp(text, 'g'))].length;
    };
    await new Promise<void>((resolve, reject) => {
      const tell = (why: string): void =>
        reject(new Error(`${why} before it said ${count} × ${String(text)}:\n${this.#err.slice(-4000)}`));
      const late = outOfPatience(() => tell('Time was up'));
      this.#look = () => {
        const isEnded = this.#child.exitCode !== null || this.#child.signalCode !== null;
        if (heard() < count && !isEnded) return;
        clearInterval(late);
        this.#look = () => undefined;
        if (heard() >= count) resolve();
        else tell('It ended');
      };
      this.#look();
    });
  }

  /** Resolves once the control socket answers. */
  async ready(patienceMs = PATIENCE_MS): Promise<this> {
    const untilMs = Date.now() + patienceMs;
    for (;;) {
      const pong = existsSync(this.socket)
        ? await request(this.socket, { verb: 'ping' }).catch(() => undefined)
        : undefined;
      if (pong !== undefined) return this;
      if (this.#child.exitCode !== null || Date.now() > untilMs)
        throw new Error(`The daemon did not get ready:\n${this.#err}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  ask<Request extends ControlRequest>(message: Request): Promise<Results[Request['verb']]> {
    return request(this.socket, message);
  }

  /** Runs a command of the command line against it. */
  command(...words: readonly string[]): Promise<Ran> {
    return run(process.execPath, [MAIN, '--socket', this.socket, ...words]);
  }

  /** Asks until the answer is as wanted. */
  async until<Request extends ControlRequest>(
    message: Request,
    isWanted: (answer: Results[Request['verb']]) => boolean,
  ): Promise<Results[Request['verb']]> {
    let answer = await this.ask(message);
    await until(`another answer to ${message.verb}`, async () => {
      answer = await this.ask(message);
      return isWanted(answer);
    });
    return answer;
  }

  /** Reads what it prints no more, as when the reader of a pipe ends. */
  hangUp(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Sends a signal and waits for the end; gives the exit status. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Looks again and again until something outside is as it should be. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_MS) {
    if (waitedMs > patienceMs) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Counts seconds in which this process ran, so that one that was stopped for a while has lost none. */
function outOfPatience(isOver: () => void): NodeJS.Timeout {
  let seconds = 0;
  return setInterval(() => {
    seconds += 1;
    if (seconds * 1000 > PATIENCE_MS) isOver();
  }, 1000);
}
