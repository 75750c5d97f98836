/**
 * Runs `bailiff` as a process of its own, as a user does, and gives what it printed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/lib/package-root.js';

export const MAIN = join(packageRoot, 'dist', 'src', 'cli', 'main.js');

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export async function run(command: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(command, args, { env: { ...process.env, TZ: 'UTC', NO_COLOR: '' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await once(child, 'close');
  return { status: child.exitCode, out, err };
}

export function bailiff(...args: readonly string[]): Promise<Ran> {
  return run(process.execPath, [MAIN, ...args]);
}

/** The same with a terminal as its standard output; lines end in CR LF. */
export function bailiffOnTerminal(...args: readonly string[]): Promise<Ran> {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return run('script', ['-qec', words.join(' '), '/dev/null']);
}
