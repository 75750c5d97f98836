/**
 * What of a jail's options matters to who hears it: where nothing of it changes, its worker need not.
 */
import type { JailOptions } from '../../jail/options.js';

export function hearingOf({ name, watch, filter, otherFilter, countsBans }: JailOptions): unknown {
  return { name, watch, filter, otherFilter, countsBans };
}
