/**
 * Attackers whose bans are timed: each fails often enough in sshd's lines, in the journal and in a file by turns, and is timed
 * from the last line written to the element in the kernel (`nft monitor`). Takes a private host; gives the jails' text and
 * the times. Starts no program.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Afterwards } from '../test/daemon/afterwards.js';
import { failedPassword, syslogLine } from '../test/daemon/attack.js';
import { type PrivateHost, sshdEntry } from '../test/daemon/private-host.js';

const MAXRETRY = 3;
const TICK_MS = 5;
const LOOK_MS = 20;

export class BanScene {
  readonly host: PrivateHost;
  readonly authLog: string;
  /** Milliseconds of each ban. */
  readonly timesMs: number[] = [];
  readonly #writtenMs = new Map<string, number>();
  #attackers = 0;
  #pid = 0;

  constructor(host: PrivateHost) {
    this.host = host;
    this.authLog = join(host.folder, 'auth.log');
    writeFileSync(this.authLog, '');
  }

  /** The jails that ban: sshd in the journal, and in a file. */
  get jails(): string {
    return (
      `[DEFAULT]\nmaxretry = ${MAXRETRY}\nbanaction = nftables\n[sshd]\nenabled = true\nbackend = systemd\n` +
      `[sshd-file]\nfilter = sshd\nport = ssh\nenabled = true\nbackend = polling\nlogpath = ${this.authLog}\n`
    );
  }

  /** Notes when each address comes into a set of the kernel. */
  watchKernel(lifetime: Afterwards): void {
    const monitor = this.host.spawn('nft', ['monitor', 'new', 'elements']);
    lifetime.after(() => monitor.kill('SIGKILL'));
    let rest = '';
    monitor.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const nowMs = performance.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const [, address = ''] of lines.join('\n').matchAll(/\{ (198\.18\.\d+\.\d+)/g)) {
        const writtenMs = this.#writtenMs.get(address);
        if (writtenMs !== undefined) this.timesMs.push(nowMs - writtenMs);
        this.#writtenMs.delete(address);
      }
    });
  }

  /** Addresses whose lines were written and that are in no set yet. */
  get missing(): number {
    return this.#writtenMs.size;
  }

  /** Somebody fails often enough to be banned. */
  attack(): void {
    const number = (this.#attackers += 1);
    const address = `198.18.${number >> 8}.${number & 255}`;
    const messages = Array.from({ length: MAXRETRY }, () => failedPassword(address, (this.#pid += 1)));
    this.#writtenMs.set(address, performance.now());
    if (number % 2 === 0)
      this.host.journal(...messages.map((message, index) => sshdEntry(message, this.#pid + index)));
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
    for (const endMs = Date.now() + patienceMs; this.missing > 0 && Date.now() < endMs;) await sleep(LOOK_MS);
  }

  /** Begins to measure anew; everybody's first ban has made what is needed for it. */
  async warm(patienceMs: number): Promise<void> {
    for (let attack = 0; attack < 4; attack += 1) this.attack();
    await this.settle(patienceMs);
    this.#writtenMs.clear();
    this.timesMs.length = 0;
  }
}
