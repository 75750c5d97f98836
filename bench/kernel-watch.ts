/**
 * When a ban is in the kernel: `nft monitor` on a host of its own, from the moment that somebody's last line is written.
 * Takes addresses as they fail; gives the milliseconds that each took, and how many are missing.
 */
import type { Afterwards } from '../test/daemon/afterwards.js';
import type { PrivateHost } from '../test/daemon/private-host.js';

export class KernelWatch {
  readonly #writtenMs = new Map<string, number>();
  #timesMs: number[] = [];
  /** When each address came into a set, milliseconds since the epoch. */
  readonly arrivedMs = new Map<string, number>();

  constructor(lifetime: Afterwards, host: PrivateHost) {
    const monitor = host.spawn('nft', ['monitor', 'new', 'elements']);
    lifetime.after(() => monitor.kill('SIGKILL'));
    let rest = '';
    monitor.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const nowMs = performance.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const [, address = ''] of lines.join('\n').matchAll(/\{ (\d+\.\d+\.\d+\.\d+)/g)) {
        const writtenMs = this.#writtenMs.get(address);
        if (writtenMs !== undefined) this.#timesMs.push(nowMs - writtenMs);
        this.#writtenMs.delete(address);
        this.arrivedMs.set(address, performance.timeOrigin + nowMs);
      }
    });
  }

  /** Addresses whose lines were written and that are in no set yet. */
  get missing(): number {
    return this.#writtenMs.size;
  }

  /** The last line about the address is written now. */
  failed(address: string): void {
    this.#writtenMs.set(address, performance.now());
  }

  /** Those that are missing are not waited for any more: they may have been banned before the monitor listened. */
  forgetMissing(): void {
    this.#writtenMs.clear();
  }

  /** What was measured since the last call. */
  takeTimesMs(): readonly number[] {
    const taken = this.#timesMs;
    this.#timesMs = [];
    return taken;
  }
}
