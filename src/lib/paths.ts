/**
 * Where the socket and the state lie unless the command line says otherwise: the system's places for root and the
 * service's user, the XDG base directories for anyone else. Takes the environment; touches nothing but to look.
 */
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface Paths {
  readonly socketPath: string;
  readonly stateDirectory: string;
}

const SERVICE_USER = 'bailiff';
const SYSTEM: Paths = { socketPath: '/run/bailiff/bailiff.sock', stateDirectory: '/var/lib/bailiff' };

/** Where a daemon of this user keeps its things; `system` = this is root or the service's user. */
export function daemonPaths(env: NodeJS.ProcessEnv = process.env, system = isSystem()): Paths {
  if (system) return SYSTEM;
  const stateHome = absolute(env['XDG_STATE_HOME']) ?? join(homedir(), '.local', 'state');
  const stateDirectory = join(stateHome, 'bailiff');
  // Without a runtime directory the state's is the only one that is surely this user's alone.
  const runtime = absolute(env['XDG_RUNTIME_DIR']);
  const socketDirectory = runtime === undefined ? stateDirectory : join(runtime, 'bailiff');
  return { socketPath: join(socketDirectory, 'bailiff.sock'), stateDirectory };
}

/** Where a command looks for a daemon: this user's own, else the system's. */
export function clientSocketPath(env: NodeJS.ProcessEnv = process.env, system = isSystem()): string {
  const own = daemonPaths(env, system).socketPath;
  return !existsSync(own) && existsSync(SYSTEM.socketPath) ? SYSTEM.socketPath : own;
}

/** The XDG specification says to ignore a relative path. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function isSystem(): boolean {
  if (process.geteuid?.() === 0) return true;
  try {
    return userInfo().username === SERVICE_USER;
  } catch {
    // A user id without a name, as in containers.
    return false;
  }
}
