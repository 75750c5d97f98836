/**
 * A network namespace of our own, in which nftables can be tried without touching the machine's firewall.
 * Takes nothing; gives the words that run a command inside, or undefined where the kernel does not allow one.
 * The namespace ends with `close`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PrivateNetwork {
  /** To be put before a command. */
  readonly prefix: readonly string[];
  close(): void;
}

export async function openPrivateNetwork(): Promise<PrivateNetwork | undefined> {
  const isRoot = process.getuid?.() === 0;
  const unshare = isRoot ? ['--net'] : ['--user', '--map-root-user', '--net'];
  const holder = spawn('unshare', [...unshare, 'sh', '-c', 'echo ready; exec cat'], {
    // It ends with its input, so that a daemon that was killed leaves no namespace behind.
    stdio: ['pipe', 'pipe', 'ignore'],
    // In a group of its own: Ctrl-C on a terminal goes to every process of ours, and this one ends last.
    detached: true,
  });
  const ready = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'close').then(() => false),
    once(holder, 'error').then(() => false),
  ]);
  if (!ready || holder.pid === undefined) return undefined;
  const enter = isRoot ? ['--net'] : ['--user', '--preserve-credentials', '--net'];
  const close = (): void => void holder.kill('SIGKILL');
  process.once('exit', close);
  return { prefix: ['nsenter', `--target=${holder.pid}`, ...enter, '--'], close };
}
