/**
 * Runs one script of an action in `/bin/sh`, in a session of its own, for at most a given time.
 * Takes the script and its variables; gives how it ended and the end of what it said; never throws. When the time is up the
 * whole process group gets SIGTERM and, shortly after, SIGKILL. Processes that it left behind in good order live on.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { ShellCommand } from './command.js';

export interface ShellOutcome {
  /** ended: by itself; timeout: killed; refused: it could not be started. */
  readonly kind: 'ended' | 'timeout' | 'refused';
  /** Undefined where a signal ended it or it never ran. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
  /** The end of what it wrote on standard output and error; or why it could not be started. */
  readonly said: string;
}

export interface RunLimits {
  readonly timeoutMs: number;
  /** Aborted = end it now, as if its time were up. */
  readonly signal?: AbortSignal | undefined;
}

/** Between SIGTERM and SIGKILL, as Fail2Ban. */
const GRACE_MS = 200;
/** How long output is awaited after the end: a process in the background may hold the pipe for ever. */
const OUTPUT_MS = 100;
const LONGEST_SAID = 2048;

/** What a child of ours need not know: how we are supervised, and how our own interpreter runs. */
const NOT_HANDED_ON =
  /^(?:NODE_\w+|NOTIFY_SOCKET|WATCHDOG_\w+|LISTEN_\w+|CREDENTIALS_DIRECTORY|BAILIFF_\w+)$/;
/** Where the programs of firewalls lie, which an ordinary user's PATH lacks on Debian. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function runShell({ script, variables }: ShellCommand, limits: RunLimits): Promise<ShellOutcome> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn('/bin/sh', ['-c', script], {
        cwd: '/',
        detached: true,
        env: { ...inheritedEnvironment(), ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      // Node throws where the arguments are too long for the kernel.
      return resolve(notStarted(error));
    }
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-LONGEST_SAID);
      });
    let isTimeUp = false;
    let hard: NodeJS.Timeout | undefined;
    const end = (): void => {
      isTimeUp = true;
      signalGroup(child, 'SIGTERM');
      hard = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const soft = setTimeout(end, limits.timeoutMs);
    limits.signal?.addEventListener('abort', end, { once: true });
    if (limits.signal?.aborted === true) end();
    const finish = (outcome: ShellOutcome): void => {
      clearTimeout(soft);
      limits.signal?.removeEventListener('abort', end);
      resolve(outcome);
    };
    child.once('error', (error) => finish(notStarted(error)));
    child.once('exit', (status, signal) => {
      const late = setTimeout(() => closeOutput(child), OUTPUT_MS);
      child.once('close', () => {
        clearTimeout(late);
        // What is left of the group had its warning with the shell.
        if (isTimeUp) signalGroup(child, 'SIGKILL');
        clearTimeout(hard);
        const kind = isTimeUp ? 'timeout' : 'ended';
        finish({ kind, status: status ?? undefined, signal: signal ?? undefined, said: said.trim() });
      });
    });
  });
}

/** A group outlives its leader, so this reaches what the shell started after the shell is gone. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function closeOutput(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** The outcome of a command that never ran. */
export function notStarted(error: unknown): ShellOutcome {
  const said = error instanceof Error ? error.message : String(error);
  return { kind: 'refused', status: undefined, signal: undefined, said };
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !NOT_HANDED_ON.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: `${process.env['PATH'] ?? ''}:${SYSTEM_PATH}`.replace(/^:/, ''),
  };
}
