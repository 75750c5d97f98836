/**
 * Fail2Ban's matching alone, kept running beside Bailiff's so that both can be timed in turns.
 * Takes the unpacked package and a configuration directory; gives processor time a line, and who was found.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { packageRoot } from '../src/lib/package-root.js';
import type { Fail2BanPackage } from './fail2ban-package.js';
import { python } from './python.js';

/** Address or id → how often. */
export type Found = Readonly<{ [id: string]: number }>;

interface Pass {
  /** Processor time. */
  readonly seconds: number;
  readonly lines: number;
  readonly found: Found;
}

export class Fail2BanMatching {
  readonly version: string;
  readonly python: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  private constructor(
    versions: { readonly version: string; readonly python: string },
    child: ChildProcessByStdio<Writable, Readable, null>,
    answers: AsyncIterator<string>,
  ) {
    this.version = versions.version;
    this.python = versions.python;
    this.#child = child;
    this.#answers = answers;
  }

  /** Reads the configuration's jails. Throws an Error where that fails. */
  static async open(installed: Fail2BanPackage, configuration: string): Promise<Fail2BanMatching> {
    const program = join(packageRoot, 'bench', 'fail2ban-rounds.py');
    const child = spawn(python(), [program, installed.pythonPath, configuration], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TZ: 'UTC', PYTHONDONTWRITEBYTECODE: '1' },
    });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // A parse boundary: the script writes exactly this.
    const versions = JSON.parse(await answerOf(answers)) as { version: string; python: string };
    return new Fail2BanMatching(versions, child, answers);
  }

  /** One pass over a log by the filters of some jails, one after the other. */
  async pass(jails: readonly string[], log: string): Promise<Pass> {
    this.#child.stdin.write(`${jails.join(',')}\t${log}\n`);
    // A parse boundary: the script writes exactly this.
    return JSON.parse(await answerOf(this.#answers)) as Pass;
  }

  /** Microseconds of processor time a line. */
  async perLine(jails: readonly string[], log: string): Promise<number> {
    const { seconds, lines } = await this.pass(jails, log);
    return (seconds / lines) * 1e6;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.stdin.end();
    await ended;
  }
}

async function answerOf(answers: AsyncIterator<string>): Promise<string> {
  const { value, done } = await answers.next();
  if (done === true) throw new Error('Fail2Ban ended before it answered.');
  return value;
}
