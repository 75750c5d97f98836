/**
 * Asks for the processor before the services that are guarded: under attack they all want it, and a late ban lets in
 * more attempts. Takes nothing; without the right to ask, the daemon runs as any other (the unit asks for it itself).
 */
import { getPriority, setPriority } from 'node:os';

/** As packaging/bailiff.service. */
const NICE = -10;

/** Threads and children that are started later inherit it. */
export function askForProcessor(): void {
  if (process.getuid?.() !== 0 || getPriority() <= NICE) return;
  try {
    setPriority(NICE);
  } catch {
    // Root of a container may lack CAP_SYS_NICE: slower under load, nothing else.
  }
}
