/**
 * Tells systemd how the daemon is: ready, reloading, stopping, alive, and in a line what it does (sd_notify(3)).
 * Takes the environment that systemd gave; says nothing where it gave none. Without koffi `systemd-notify` sends.
 * The watchdog is fed only while the main thread runs and the thread that hears answers.
 */
import { spawn } from 'node:child_process';
import { messageOf } from '../../lib/errors.js';
import { openUnixDatagram } from '../../lib/unix-datagram.js';
import type { SignsOfLife } from '../../jail/signs-of-life.js';

/** How often the line is renewed where systemd has no watchdog. */
const STATUS_EVERY_MS = 10_000;

type Send = (state: string) => void;

export interface SystemdOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The thread that hears. */
  readonly life: Pick<SignsOfLife, 'silentMs' | 'ask'>;
  /** What the daemon does, in a line. */
  readonly status: () => string;
  readonly tell: (text: string) => void;
}

export class SystemdNotify {
  readonly #options: SystemdOptions;
  readonly #send: Send;
  #timer: NodeJS.Timeout | undefined;
  #status = '';
  #isSilenceTold = false;

  private constructor(options: SystemdOptions, send: Send) {
    this.#options = options;
    this.#send = send;
  }

  /** The children's environment has no part in it from then on. */
  static async open(options: SystemdOptions): Promise<SystemdNotify> {
    const { environment, tell } = options;
    const address = environment['NOTIFY_SOCKET'];
    delete environment['NOTIFY_SOCKET'];
    return new SystemdNotify(options, address === undefined ? () => undefined : await sender(address, tell));
  }

  /** From now on a ban could happen; and the watchdog is fed. */
  ready(): void {
    this.#say('READY=1');
    if (this.#timer !== undefined) return;
    const limitMs = watchdogMs(this.#options.environment);
    this.#timer = setInterval(
      () => this.#beat(limitMs),
      limitMs === undefined ? STATUS_EVERY_MS : limitMs / 4,
    );
    this.#timer.unref();
    this.#options.life.ask();
  }

  /** `ready` ends it. */
  reloading(): void {
    // The clock of hrtime is CLOCK_MONOTONIC, which systemd compares it with.
    this.#say(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  }

  stopping(): void {
    clearInterval(this.#timer);
    this.#send('STOPPING=1\nSTATUS=Stopping.');
  }

  #beat(limitMs: number | undefined): void {
    const { life, tell } = this.#options;
    if (limitMs !== undefined && life.silentMs > limitMs / 2) {
      if (!this.#isSilenceTold)
        tell('The thread that hears does not answer; systemd starts the daemon anew.');
      this.#isSilenceTold = true;
    } else if (limitMs !== undefined) {
      this.#isSilenceTold = false;
      this.#say('WATCHDOG=1');
    } else this.#say('');
    life.ask();
  }

  /** With the status, where it is another. */
  #say(state: string): void {
    const status = this.#options.status();
    const lines = [state, status === this.#status ? '' : `STATUS=${status}`].filter((line) => line !== '');
    this.#status = status;
    if (lines.length > 0) this.#send(lines.join('\n'));
  }
}

async function sender(address: string, tell: (text: string) => void): Promise<Send> {
  try {
    const send = await openUnixDatagram(address);
    // What a full socket does not take is told again with the next beat.
    return (state) => void send(state);
  } catch (error) {
    tell(`systemd is told through systemd-notify: ${messageOf(error)}`);
    return (state) => {
      const env = { ...process.env, NOTIFY_SOCKET: address };
      spawn('systemd-notify', state.split('\n'), { stdio: 'ignore', env }).on('error', () => undefined);
    };
  }
}

/** `WATCHDOG_USEC`, where it is meant for this process or for whom it was started by (`setpriv` keeps the number). */
function watchdogMs(environment: NodeJS.ProcessEnv): number | undefined {
  const { WATCHDOG_USEC: limit, WATCHDOG_PID: pid } = environment;
  if (limit === undefined || !/^[1-9]\d{0,15}$/.test(limit)) return undefined;
  const isOurs = pid === undefined || [process.pid, process.ppid].includes(Number(pid));
  return isOurs ? Number(limit) / 1000 : undefined;
}
