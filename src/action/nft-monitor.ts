/**
 * `nft monitor` as the one who hears that our table was destroyed, where we have no socket for it.
 * Takes who is to be told; gives a way to stop. It prints a line per table, and one where it lost some; one that ends is
 * started again. Before it listens it reads all elements of the host, seconds where there are many: so it is looked
 * after the table, less and less often, by those who are told.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { NFT_ENVIRONMENT } from './nft-transport.js';
import type { TableDestroyed, TableWatch } from './table-watch.js';

export interface MonitorOptions {
  readonly destroyed: TableDestroyed;
  /** What stands before `nft monitor`, as for the transport. */
  readonly prefix?: readonly string[];
}

const RESTART_MS = 5000;
/** Where masses of elements come and go, the kernel drops what the monitor has not read in time. */
const LOST = '# ERROR: We lost some netlink events!';
/** It says so again and again; after the last time must have been looked. */
const LOST_MS = 300;
/** After each of these it is looked whether the table is there: perhaps the monitor does not listen yet. */
const DEAF_MS = [1000, 3000, 7000, 15_000, 30_000, 60_000];
const SETPRIV = '/usr/bin/setpriv';
/** Lets the kernel end the monitor with the daemon, however that ends: it would wait for a change to write of it. */
const WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];

/** Watches until closed. Where nft cannot be run it keeps trying, silently: the transport tells that already. */
export function monitorTable({ destroyed, prefix = [] }: MonitorOptions): TableWatch {
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  let lost: NodeJS.Timeout | undefined;
  let looks: readonly NodeJS.Timeout[] = [];
  let closed = false;
  const start = (): void => {
    const [command, ...words] = [...WITH_PARENT, ...prefix, 'nft', 'monitor', 'destroy', 'tables'];
    const monitor = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'], env: NFT_ENVIRONMENT });
    createInterface(monitor.stdout).on('line', (line) => {
      if (line.trim() === 'delete table inet bailiff') destroyed(true);
      if (line.trim() === LOST)
        lost ??= setTimeout(() => {
          lost = undefined;
          destroyed(false);
        }, LOST_MS).unref();
    });
    monitor.on('error', () => undefined);
    monitor.on('close', () => {
      for (const look of looks) clearTimeout(look);
      if (!closed) again = setTimeout(start, RESTART_MS).unref();
    });
    looks = DEAF_MS.map((afterMs) => setTimeout(destroyed, afterMs, false).unref());
    child = monitor;
  };
  start();
  return {
    close: () => {
      closed = true;
      clearTimeout(again);
      clearTimeout(lost);
      for (const look of looks) clearTimeout(look);
      child?.kill('SIGKILL');
    },
  };
}
