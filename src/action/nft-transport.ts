/**
 * The seam between what is to be in the kernel and how it gets there: scripts in nft's language, and changes of elements.
 * Takes one of them at a time; gives what became of it and never throws. Here: `nft -f -`, spawned for each
 * (argv array, no shell). Does not retry.
 */
import { execFile, spawn } from 'node:child_process';
import type { ElementChange } from './element-change.js';
import { changeElements, listChainWords } from './nftables-script.js';

export type NftOutcome =
  | { readonly kind: 'applied' }
  | {
      /** missing: no nft; denied: no right; gone: table or set is not there; refused: nft or the kernel said no; lost: nobody knows. */
      readonly kind: 'missing' | 'denied' | 'gone' | 'refused' | 'lost';
      readonly text: string;
    };

export interface NftTransport {
  /** How many elements may be changed in one transaction. */
  readonly mostElements: number;
  /** Applies all of the script or nothing of it. */
  run(script: string): Promise<NftOutcome>;
  /** Changes elements of sets that the kernel has, all or none. `nowMs`: `performance.now()`. */
  change(changes: readonly ElementChange[], nowMs: number): Promise<NftOutcome>;
  /** What `nft -j list chain` prints of our chain; undefined where it cannot be had soon. */
  listChain?(): Promise<string | undefined>;
}

export interface SpawnOptions {
  /** What stands before `nft -f -`: `['ip', 'netns', 'exec', NAME]` to work in another network namespace. */
  readonly prefix?: readonly string[];
  /** After so long nft is killed and the outcome is `lost`. */
  readonly timeLimitMs?: number;
}

/** nft lies in /usr/sbin, which an ordinary user's PATH lacks on Debian. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
/** English messages, and nothing of ours that a child need not know. */
export const NFT_ENVIRONMENT: NodeJS.ProcessEnv = { PATH, LC_ALL: 'C' };
const LONGEST_TEXT = 4096;
const LIST_LIMIT_MS = 2000;
const LONGEST_LIST = 16 << 20;

export class NftSpawn implements NftTransport {
  /** A spawn costs as much as some hundred elements; a batch beyond this may outgrow nft's socket. */
  readonly mostElements = 50_000;
  readonly #command: readonly [string, ...string[]];
  readonly #timeLimitMs: number;

  constructor({ prefix = [], timeLimitMs = 60_000 }: SpawnOptions = {}) {
    const [first, ...rest] = prefix;
    const nft = ['nft', '-f', '-'] as const;
    this.#command = first === undefined ? nft : [first, ...rest, ...nft];
    this.#timeLimitMs = timeLimitMs;
  }

  run(script: string): Promise<NftOutcome> {
    const [command, ...words] = this.#command;
    return new Promise((resolve) => {
      const child = spawn(command, words, {
        stdio: ['pipe', 'ignore', 'pipe'],
        env: NFT_ENVIRONMENT,
      });
      // Not spawn's own limit: that goes on, and keeps the process, where there is no nft to be killed.
      const limit = setTimeout(() => child.kill('SIGKILL'), this.#timeLimitMs);
      const settle = (outcome: NftOutcome): void => {
        clearTimeout(limit);
        resolve(outcome);
      };
      let text = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length < LONGEST_TEXT) text += chunk;
      });
      child.on('error', (error) => settle({ kind: 'missing', text: error.message }));
      child.on('close', (code, signal) => settle(outcomeOf(code, signal, text.trim())));
      // nft that ends before it has read everything breaks the pipe; its exit status tells what happened.
      child.stdin.on('error', () => undefined);
      child.stdin.end(script);
    });
  }

  change(changes: readonly ElementChange[], nowMs: number): Promise<NftOutcome> {
    return this.run(changeElements(changes, nowMs));
  }

  listChain(): Promise<string | undefined> {
    const [command, ...words] = [...this.#command.slice(0, -2), '-j', ...listChainWords] as const;
    return new Promise((resolve) => {
      execFile(
        command ?? 'nft',
        words,
        { env: NFT_ENVIRONMENT, timeout: LIST_LIMIT_MS, maxBuffer: LONGEST_LIST },
        (error, text) => resolve(error === null ? text : undefined),
      );
    });
  }
}

/** nft prints the kernel's errno as strerror(3) has it; `LC_ALL=C` keeps it English. */
function outcomeOf(code: number | null, signal: NodeJS.Signals | null, text: string): NftOutcome {
  if (code === 0) return { kind: 'applied' };
  if (signal !== null || code === null)
    return { kind: 'lost', text: `nft was ended by ${signal ?? 'nobody'}` };
  if (/Operation not permitted|Permission denied|must be root/i.test(text)) return { kind: 'denied', text };
  if (/No such file or directory/i.test(text)) return { kind: 'gone', text };
  return { kind: 'refused', text: text === '' ? `nft ended with ${code}` : text };
}
