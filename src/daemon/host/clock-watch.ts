/**
 * Notices that somebody has set the host's clock: by it bans are said to end, and the kernel's timeouts run by another
 * that never jumps.
 * Takes both clocks; calls back with how far it jumped. Slow corrections add up, and count as a jump like any other.
 */
import type { Clock } from '../../lib/clock.js';

const LOOK_EVERY_MS = 1000;
/** What a busy host, or a kernel that counts in jiffies, may be off. */
const LEAST_JUMP_MS = 2000;

export interface WatchedClocks {
  readonly clock: Clock;
  /** Milliseconds of a clock that does not jump. */
  readonly steadyMs: () => number;
  /** Positive: forward. */
  readonly jumped: (byMs: number) => void;
}

/** Begins; the function that it gives ends it. */
export function watchClock({ clock, steadyMs, jumped }: WatchedClocks): () => void {
  let apartMs = clock.now() - steadyMs();
  const timer = setInterval(() => {
    const nowApartMs = clock.now() - steadyMs();
    const byMs = nowApartMs - apartMs;
    if (Math.abs(byMs) < LEAST_JUMP_MS) return;
    apartMs = nowApartMs;
    jumped(byMs);
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
