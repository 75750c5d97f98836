/**
 * Asks for the processor before the services that are guarded: under attack they all want it, and a late ban lets in
 * more attempts. Takes nothing; without the right to ask, the daemon runs as any other. Where the kernel shares the
 * processor among sessions first (sched(7), "The autogroup feature"), a nice value counts within one only, and every
 * service is one: the session's own has to be set too.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** As packaging/bailiff.service. */
const NICE = -10;
const AUTOGROUP = '/proc/self/autogroup';

/** Threads and children that are started later inherit it. */
export function askForProcessor(): void {
  if (process.getuid?.() === 0 && getPriority() > NICE) attempt(askForThreads);
  // On a terminal the session is the admin's shell and all that runs in it.
  if (leadsSession()) attempt(() => writeFileSync(AUTOGROUP, String(NICE)));
}

/** Whether this process began its session, as the first of a service does (proc(5): stat, field 6). */
function leadsSession(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(session) === process.pid;
  } catch {
    // No /proc: nothing to set either.
    return false;
  }
}

/** Linux keeps a value for each thread: the others' waits for those that collect garbage with them. */
function askForThreads(): void {
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), NICE);
}

function attempt(ask: () => void): void {
  try {
    ask();
  } catch {
    // Root of a container may lack CAP_SYS_NICE, a user the limit (LimitNICE=): slower under load, nothing else.
  }
}
