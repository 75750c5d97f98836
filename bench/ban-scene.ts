/**
 * Attackers whose bans are timed: each fails often enough in sshd's lines, in the journal and in a file by turns, and is timed
 * from the last line written to the element in the kernel. Takes a private host; gives the jails' text and the watch that
 * has the times. Starts no program.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Afterwards } from '../test/daemon/afterwards.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { type PrivateHost, sshdEntry } from '../test/daemon/private-host.js';
import { KernelWatch } from './kernel-watch.js';

const MAXRETRY = 3;
const TICK_MS = 5;
const LOOK_MS = 20;
const FIRST_ATTACKS = 4;
const WARMED_AT_ONCE = 100;

/** Writes sshd's messages into the host's journal; `pid` of the first one. */
export type SayInJournal = (messages: readonly string[], pid: number) => void;

export class BanScene {
  readonly host: PrivateHost;
  readonly authLog: string;
  readonly #network: string;
  readonly #journal: SayInJournal;
  #watch: KernelWatch | undefined;
  #attackers = 0;
  #pid = 0;

  /** `network`: the first half of the attackers' addresses; those for benchmarks unless they have to be of the world. */
  constructor(host: PrivateHost, network = '198.18', journal?: SayInJournal) {
    this.host = host;
    this.#network = network;
    this.#journal =
      journal ??
      ((messages, pid) => host.journal(...messages.map((message, index) => sshdEntry(message, pid + index))));
    this.authLog = join(host.folder, 'auth.log');
    writeFileSync(this.authLog, '');
  }

  /** How many there were. */
  get attackers(): number {
    return this.#attackers;
  }

  /** Which attacker has an address, the first one 1. */
  readonly numberOf = (address: string): number => {
    const [, , high, low] = address.split('.');
    return Number(high) * 256 + Number(low);
  };

  /** The jails that ban: sshd in the journal, and in a file. */
  get jails(): string {
    return (
      `[DEFAULT]\nmaxretry = ${MAXRETRY}\nbanaction = nftables\n[sshd]\nenabled = true\nbackend = systemd\n` +
      `[sshd-file]\nfilter = sshd\nport = ssh\nenabled = true\nbackend = polling\nlogpath = ${this.authLog}\n`
    );
  }

  /** Begins to note when each address comes into a set of the kernel. */
  watchKernel(lifetime: Afterwards): KernelWatch {
    this.#watch = new KernelWatch(lifetime, this.host);
    return this.#watch;
  }

  /** Somebody fails often enough to be banned. */
  attack(): void {
    const number = (this.#attackers += 1);
    const address = `${this.#network}.${number >> 8}.${number & 255}`;
    const messages = Array.from({ length: MAXRETRY }, () => failedPassword(address, (this.#pid += 1)));
    this.#watch?.failed(address);
    if (number % 2 === 0) this.#journal(messages, this.#pid);
    else
      appendFileSync(
        this.authLog,
        messages.map((message, index) => syslogLine(message, this.#pid + index)).join(''),
      );
  }

  /**
   * Attacks so often a second, and calls `beside` with the milliseconds since the beginning between the attacks.
   * What a late tick missed is made up by the next.
   */
  async attackFor(forMs: number, aSecond: number, beside: (tookMs: number) => void): Promise<void> {
    const startMs = performance.now();
    let attacks = 0;
    for (let tookMs = 0; tookMs < forMs; tookMs = performance.now() - startMs) {
      beside(tookMs);
      for (; attacks < (tookMs * aSecond) / 1000; attacks += 1) this.attack();
      await sleep(TICK_MS);
    }
  }

  /** Resolves once everybody is banned, or `patienceMs` later. */
  async settle(patienceMs: number): Promise<void> {
    for (const endMs = Date.now() + patienceMs; this.#isAwaited && Date.now() < endMs;) await sleep(LOOK_MS);
  }

  /**
   * Everybody's first ban makes what is needed for it: what is measured begins after it. With `more` there are so many bans
   * besides, a hundred at a time.
   */
  async warm(patienceMs: number, more = 0): Promise<void> {
    await this.#attackAtOnce(FIRST_ATTACKS, patienceMs);
    this.#watch?.forgetMissing();
    for (let left = more; left > 0; left -= WARMED_AT_ONCE)
      await this.#attackAtOnce(Math.min(left, WARMED_AT_ONCE), patienceMs);
    this.#watch?.takeTimesMs();
  }

  async #attackAtOnce(attacks: number, patienceMs: number): Promise<void> {
    for (let attack = 0; attack < attacks; attack += 1) this.attack();
    await this.settle(patienceMs);
  }

  get #isAwaited(): boolean {
    return (this.#watch?.missing ?? 0) > 0;
  }
}
