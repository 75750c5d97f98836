/**
 * What a program takes: processor time of all its threads and the children that it waited for, and time by the clock,
 * by the shell's own accounting (milliseconds are its grain). What it prints is thrown away, or goes into a file.
 */
import { spawnSync } from 'node:child_process';

export interface Spent {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface SpentOptions {
  /** A file that is its standard input. */
  readonly input?: string;
  /** A file for what it prints: grep looks no further than to the first hit where that is /dev/null. */
  readonly output?: string;
  /** Exit statuses that are no failure. */
  readonly statuses?: readonly number[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** Throws an Error with what it said on standard error where it fails. */
export function spent(command: readonly string[], options: SpentOptions = {}): Spent {
  const { input = '/dev/null', output = '/dev/null', statuses = [0], environment } = options;
  const script = 'TIMEFORMAT="spent %R %U %S"; out="$1"; shift; time "$@" < "$0" > "$out"';
  const { status, stderr } = spawnSync('bash', ['-c', script, input, output, ...command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...environment },
  });
  const found = /spent ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr);
  if (found === null || !statuses.includes(status ?? -1))
    throw new Error(`${command[0] ?? ''} failed: ${stderr}`);
  return { wallSeconds: Number(found[1]), cpuSeconds: Number(found[2]) + Number(found[3]) };
}
