/**
 * What of a jail decides who is banned: where it listens, its expressions, how it counts.
 * Takes its options; gives a digest that is another where lines may be judged otherwise.
 */
import { createHash } from 'node:crypto';
import type { JailOptions } from './options.js';

export function judgementOf({ watch, filter, otherFilter, failure }: JailOptions): string {
  const text = JSON.stringify([watch, filter, otherFilter, failure], spelledOut);
  return createHash('sha256').update(text).digest('base64url');
}

/** JSON leaves out what is in maps and sets. */
function spelledOut(_: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
