/** Which boot of this machine it is: what a jail has heard is remembered for one boot. */
import { readFileSync } from 'node:fs';

export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not Linux: each start is a boot of its own.
    return String(Date.now());
  }
}
