/**
 * When a ban is in the kernel, on a host of its own: from the moment that somebody's last line is written to what kernel-clock.ts
 * says. Takes addresses as they fail; gives the milliseconds that each took, and how many are missing.
 */
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';
import type { Afterwards } from '../test/daemon/afterwards.js';
import type { PrivateHost } from '../test/daemon/private-host.js';

const CLOCK = join(packageRoot, 'dist', 'bench', 'kernel-clock.js');

export class KernelWatch {
  /** Milliseconds since the epoch, as all moments here. */
  readonly #writtenMs = new Map<string, number>();
  #timesMs: number[] = [];
  /** When each address came into a set. */
  readonly arrivedMs = new Map<string, number>();

  constructor(lifetime: Afterwards, host: PrivateHost) {
    // A session of its own has its own share of the processor.
    const clock = host.spawn(process.execPath, [CLOCK], {}, true);
    lifetime.after(() => clock.kill('SIGTERM'));
    let rest = '';
    clock.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [address = '', ms] = line.split(' ');
        const arrivedMs = Number(ms);
        const writtenMs = this.#writtenMs.get(address);
        if (writtenMs !== undefined) this.#timesMs.push(arrivedMs - writtenMs);
        this.#writtenMs.delete(address);
        this.arrivedMs.set(address, arrivedMs);
      }
    });
  }

  /** Addresses whose lines were written and that are in no set yet. */
  get missing(): number {
    return this.#writtenMs.size;
  }

  /** The last line about the address is written now. */
  failed(address: string): void {
    this.#writtenMs.set(address, performance.timeOrigin + performance.now());
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
