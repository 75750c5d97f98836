/**
 * The ways into the kernel that bench/nft-transport.ts compares; two of them exist only here.
 * Each takes changes of elements and gives back when the kernel has them. Closed after use.
 */
import { spawn } from 'node:child_process';
import { NftNetlink } from '../src/action/nft-netlink.js';
import { NFT_ENVIRONMENT, NftSpawn } from '../src/action/nft-transport.js';
import { changeElements } from '../src/action/nftables-script.js';
import type { ElementChange } from '../src/action/element-change.js';

export interface Way {
  readonly name: string;
  change(changes: readonly ElementChange[]): Promise<void>;
  close(): void;
}

/** A line that nft cannot read: it says so when it has done all that came before. */
const END_MARK = 'end-of-batch';

export function spawned(): Way {
  const transport = new NftSpawn();
  return {
    name: 'spawned `nft -f -`',
    async change(changes) {
      const outcome = await transport.change(changes, performance.now());
      if (outcome.kind !== 'applied') throw new Error(outcome.text);
    },
    close: () => undefined,
  };
}

export function kept(): Way {
  const child = spawn('nft', ['-i'], { stdio: ['pipe', 'pipe', 'pipe'], env: NFT_ENVIRONMENT });
  let heard = '';
  let done: (text: string) => void = () => undefined;
  const hear = (chunk: string): void => {
    heard += chunk;
    if (!heard.includes(`${END_MARK}\n`)) return;
    const text = heard;
    heard = '';
    done(text);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  return {
    name: 'kept `nft -i`',
    async change(changes) {
      const said = new Promise<string>((resolve) => {
        done = resolve;
      });
      child.stdin.write(`${changeElements(changes, performance.now())}${END_MARK}\n`);
      const errors = (await said).match(/Error/g)?.length ?? 0;
      if (errors > 1) throw new Error('nft -i refused a batch');
    },
    close: () => child.kill('SIGKILL'),
  };
}

/** A native function; arguments and results are as declared. */
type Native = (...values: unknown[]) => unknown;

export async function library(): Promise<Way> {
  const { default: koffi } = await import('koffi');
  const libnftables = koffi.load('libnftables.so.1');
  const open: Native = libnftables.func('void *nft_ctx_new(uint32_t flags)');
  const runBuffer: Native = libnftables.func('int nft_run_cmd_from_buffer(void *context, str script)');
  const free: Native = libnftables.func('void nft_ctx_free(void *context)');
  const context = open(0);
  return {
    name: 'libnftables, in the main thread',
    change(changes) {
      const status = runBuffer(context, changeElements(changes, performance.now()));
      return status === 0 ? Promise.resolve() : Promise.reject(new Error('libnftables refused a batch'));
    },
    close: () => void free(context),
  };
}

export async function netlink(): Promise<Way> {
  const transport = await NftNetlink.open(new NftSpawn(), (why) => {
    throw new Error(why);
  });
  return {
    name: 'own netlink batch',
    async change(changes) {
      const outcome = await transport.change(changes, performance.now());
      if (outcome.kind !== 'applied') throw new Error(outcome.text);
    },
    close: () => undefined,
  };
}
