/**
 * The real daemon on a host of its own, for benchmarks, bundled as a package has it: a log file that is fed, and what the process takes of memory.
 * Gives the daemon, how to feed it, and its RssAnon, now and at its highest. Does not judge.
 */
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Undone } from '../test/daemon/afterwards.js';
import { Daemon } from '../test/daemon/daemon-process.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { bundledMain } from './bundled.js';
import { type Memory, memoryOf } from './memory-of.js';

/** As packaging/bailiff.service has it. */
export const UNIT_ENVIRONMENT = { NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '1' };
const LONGEST_START_MS = 300_000;
const SAMPLE_MS = 50;
/** So much is written before the log begins anew. */
const LONGEST_LOG = 200_000_000;

export class DaemonOnHost {
  readonly t: Undone;
  readonly host: PrivateHost;
  readonly log: string;
  #daemon: Daemon | undefined;
  #written = 0;
  #bytes = 0;
  #highest: Memory = { anonMiB: 0, rssMiB: 0 };
  #sampling: NodeJS.Timeout | undefined;

  private constructor(t: Undone, host: PrivateHost) {
    this.t = t;
    this.host = host;
    this.log = join(host.folder, 'auth.log');
    writeFileSync(this.log, '');
    host.settings('loglevel = notice\nlogtarget = none\n');
  }

  static async open(): Promise<DaemonOnHost> {
    bundledMain(); // It is put together before anything is timed.
    const t = new Undone();
    return new DaemonOnHost(t, await PrivateHost.open(t));
  }

  get daemon(): Daemon {
    if (this.#daemon === undefined) throw new Error('no daemon was started');
    return this.#daemon;
  }

  async start(config?: string): Promise<Daemon> {
    this.#daemon = new Daemon(this.t, this.host, {
      words: ['--enforce', 'nftables'],
      environment: UNIT_ENVIRONMENT,
      main: bundledMain(),
      ...(config !== undefined && { config }),
    });
    this.#written = 0;
    clearInterval(this.#sampling);
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS);
    return this.#daemon.ready(LONGEST_START_MS);
  }

  /** Appends lines; resolves once they are heard. */
  async feed(lines: readonly string[]): Promise<void> {
    const text = lines.join('');
    if (this.#bytes > LONGEST_LOG) {
      truncateSync(this.log);
      this.#bytes = 0;
    }
    appendFileSync(this.log, text);
    this.#bytes += text.length;
    this.#written += lines.length;
    const isHeard = (heard: number): boolean => heard >= this.#written;
    await this.daemon.until({ verb: 'status' }, ({ jails }) =>
      isHeard(jails.find(({ name }) => name === 'flood')?.hears.lines ?? 0),
    );
  }

  /** Whether the kernel has been given so many elements. To list a set of a million takes nft two minutes. */
  async isWritten(elements: number): Promise<boolean> {
    const { jails } = await this.daemon.ask({ verb: 'status' });
    return jails.some(({ enforces }) =>
      enforces.some(({ detail, queued }) => queued === 0 && detail.includes(`holds ${elements} elements`)),
    );
  }

  memory(): Memory {
    return memoryOf(this.daemon.pid);
  }

  /** The highest since the last call. */
  takeHighest(): Memory {
    const highest = this.#highest;
    this.#highest = { anonMiB: 0, rssMiB: 0 };
    return highest;
  }

  async close(): Promise<void> {
    clearInterval(this.#sampling);
    await this.t.undo();
  }

  #sample(): void {
    try {
      const { anonMiB, rssMiB } = this.memory();
      const { anonMiB: most, rssMiB: mostRss } = this.#highest;
      this.#highest = { anonMiB: Math.max(most, anonMiB), rssMiB: Math.max(mostRss, rssMiB) };
    } catch {
      // It has ended just now.
    }
  }
}
