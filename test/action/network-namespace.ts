/**
 * Network namespaces for tests: a host and a client joined by a veth pair, gone when their holder processes end.
 * Works as root, and as an ordinary user where user namespaces are allowed.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { Afterwards } from '../daemon/afterwards.js';

export interface NetworkNamespace {
  readonly pid: number;
  /** What stands before a command to run it inside. */
  readonly prefix: readonly string[];
  run(...command: readonly string[]): string;
}

const asRoot = process.getuid?.() === 0;

/** A namespace with `lo` up, removed after the test. */
export async function networkNamespace(t: Afterwards, within?: NetworkNamespace): Promise<NetworkNamespace> {
  const share = asRoot || within !== undefined ? ['unshare', '-n'] : ['unshare', '-r', '-n'];
  const nest = asRoot || within === undefined ? [] : nsenter(within.pid, ['-U', '--preserve-credentials']);
  const [command, ...words] = [...nest, ...share, 'sh', '-c', 'echo $$; exec sleep 300'];
  const holder = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => end(holder));
  const [chunk] = (await once(holder.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  const prefix = nsenter(pid, asRoot ? ['-n'] : ['-U', '--preserve-credentials', '-n']);
  const run = (...inside: readonly string[]): string => {
    const [first = '', ...rest] = [...prefix, ...inside];
    return execFileSync(first, rest, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  };
  run('ip', 'link', 'set', 'lo', 'up');
  return { pid, prefix, run };
}

/** host has 192.0.2.10 and 2001:db8:b::10; the client every address given. */
export async function joinedPair(
  t: TestContext,
  clientAddresses: readonly string[],
): Promise<{ readonly host: NetworkNamespace; readonly client: NetworkNamespace }> {
  const host = await networkNamespace(t);
  const client = await networkNamespace(t, host);
  host.run('ip', 'link', 'add', 'h0', 'type', 'veth', 'peer', 'name', 'c0', 'netns', String(client.pid));
  for (const address of ['192.0.2.10/24', '2001:db8:b::10/64'])
    host.run('ip', 'addr', 'add', address, 'dev', 'h0', ...(address.includes(':') ? ['nodad'] : []));
  for (const address of clientAddresses)
    client.run('ip', 'addr', 'add', address, 'dev', 'c0', ...(address.includes(':') ? ['nodad'] : []));
  host.run('ip', 'link', 'set', 'h0', 'up');
  client.run('ip', 'link', 'set', 'c0', 'up');
  host.run('ip', 'route', 'add', '198.51.100.0/24', 'dev', 'h0');
  host.run('ip', '-6', 'route', 'add', '2001:db8:a::/48', 'dev', 'h0');
  client.run('ip', 'route', 'replace', '192.0.2.0/24', 'dev', 'c0');
  client.run('ip', '-6', 'route', 'replace', '2001:db8:b::/64', 'dev', 'c0');
  return { host, client };
}

function nsenter(pid: number, which: readonly string[]): readonly string[] {
  return ['nsenter', '-t', String(pid), ...which];
}

function end(holder: ChildProcess): void {
  holder.kill('SIGKILL');
}
