/**
 * What a process takes of memory, by proc(5). Takes its number; gives MiB of what is its own (RssAnon) and of all that is in
 * memory for it (VmRSS).
 */
import { readFileSync } from 'node:fs';

export interface Memory {
  readonly anonMiB: number;
  readonly rssMiB: number;
}

/** @throws Error where there is no such process. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const miB = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { anonMiB: miB('RssAnon'), rssMiB: miB('VmRSS') };
}
