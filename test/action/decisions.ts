/** Decisions for tests of actions. */
import type { Ban, Unban } from '../../src/ban/ban.js';

export function banOf(jail: string, target: string, more: Partial<Ban> = {}): Ban {
  const nowMs = Date.now();
  return {
    kind: 'ban',
    jail,
    target,
    address: target.split('/')[0],
    bannedAtMs: nowMs,
    untilMs: nowMs + 3_600_000,
    failures: 3,
    origin: 'jail',
    evidence: [],
    ...more,
  };
}

export function unbanOf(jail: string, target: string, why: Unban['why'] = 'hand'): Unban {
  return { kind: 'unban', jail, target, atMs: Date.now(), why };
}
