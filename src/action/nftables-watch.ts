/**
 * Hears when someone takes our table away: `flush ruleset`, a reload of nftables.service, an admin.
 * Takes what to do then; gives a way to stop. Does not know who did it (our own rewriting is heard too).
 * `nft monitor destroy tables` prints a line per table; a monitor that ends is started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { NFT_ENVIRONMENT } from './nft-transport.js';

export interface WatchTableOptions {
  /** Called each time that the table was destroyed (`seen`), or may have been while nobody listened. */
  readonly destroyed: (seen: boolean) => void;
  /** What stands before `nft monitor`, as for the transport. */
  readonly prefix?: readonly string[];
}

export interface TableWatch {
  close(): void;
}

const RESTART_MS = 5000;
const SETPRIV = '/usr/bin/setpriv';
/** Lets the kernel end the monitor with the daemon, however that ends: it would wait for a change to write of it. */
const WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];

/** Watches until closed. Where nft cannot be run it keeps trying, silently: the transport tells that already. */
export function watchTable({ destroyed, prefix = [] }: WatchTableOptions): TableWatch {
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  let closed = false;
  const start = (): void => {
    const [command, ...words] = [...WITH_PARENT, ...prefix, 'nft', 'monitor', 'destroy', 'tables'];
    const monitor = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'], env: NFT_ENVIRONMENT });
    createInterface(monitor.stdout).on('line', (line) => {
      if (line.trim() === 'delete table inet bailiff') destroyed(true);
    });
    monitor.on('error', () => undefined);
    monitor.on('close', () => {
      if (closed) return;
      again = setTimeout(() => {
        start();
        destroyed(false);
      }, RESTART_MS).unref();
    });
    child = monitor;
  };
  start();
  return {
    close: () => {
      closed = true;
      clearTimeout(again);
      child?.kill('SIGKILL');
    },
  };
}
