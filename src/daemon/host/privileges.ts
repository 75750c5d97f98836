/**
 * Started as root where the service's user exists, `run` goes on as that user with CAP_NET_ADMIN and no other right:
 * the same program again, through setpriv (util-linux), before anything but the configuration was read.
 * Takes the user and the folders; gives the exit status of that program, or undefined where nothing is to be dropped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BailiffError, messageOf } from '../../lib/errors.js';
import { daemonPaths } from '../../lib/paths.js';
import { handOver } from './service-folders.js';
import { findServiceUser, type ServiceUser } from './service-user.js';

/** Tells the program that it was root before. */
const DROPPED = 'BAILIFF_DROPPED_FROM_ROOT';

const LOG_FOLDER = '/var/log/bailiff';
const NET_ADMIN_BIT = 12n;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const;

/** What is not the system's own was named by hand, and is left alone. */
export interface Places {
  readonly stateDirectory: string;
  readonly socketPath: string;
}

/**
 * Makes the service's own folders and hands them over first. `leaving` is called where the other program takes over.
 * @throws BailiffError `daemon.privileges` where it cannot be done: root does not go on as root.
 */
export async function runAsServiceUser(
  name: string,
  places: Places,
  leaving: () => Promise<void>,
): Promise<number | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = findServiceUser(name);
  if (user === undefined) return undefined;
  const words = setprivWords(user);
  const [script = ''] = process.argv.slice(1);
  const tried = spawnSync('setpriv', [...words, 'test', '-r', script], { encoding: 'utf8' });
  if (tried.error !== undefined) throw refused(name, tried.error.message);
  if (tried.status !== 0) throw refused(name, tried.stderr.trim() || `it cannot read ${script}`);
  const env: NodeJS.ProcessEnv = { ...process.env, [DROPPED]: '1' };
  const system = daemonPaths({}, true);
  try {
    if (places.stateDirectory === system.stateDirectory) {
      handOver(system.stateDirectory, user);
      env['LOGS_DIRECTORY'] ??= LOG_FOLDER;
      handOver(LOG_FOLDER, user);
    }
    if (places.socketPath === system.socketPath) handOver(dirname(system.socketPath), user, 0o755);
  } catch (error) {
    throw refused(name, messageOf(error));
  }
  await leaving();
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return passThrough('setpriv', [...words, ...program], env);
}

/** Which user this is and how it came to be, for the log. */
export function whoRuns(serviceUser: string): string {
  const uid = process.getuid?.() ?? 0;
  const isDropped = process.env[DROPPED] !== undefined;
  if (isDropped)
    return `Runs as ${serviceUser} (${uid}), with CAP_NET_ADMIN at most; it was started as root and gave the rest away.`;
  const who = `Runs as ${uid === 0 ? 'root' : `user ${uid}`}`;
  if (uid !== 0 || serviceUser === 'root') return `${who}.`;
  return `${who}: there is no user ${serviceUser} to go on as.`;
}

function setprivWords({ uid, gid, groups }: ServiceUser): readonly string[] {
  const rights = mayAdministerNetwork() ? '-all,+net_admin' : '-all';
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    `--groups=${groups.join(',')}`,
    `--inh-caps=${rights}`,
    `--ambient-caps=${rights}`,
    `--bounding-set=${rights}`,
    '--no-new-privs',
    '--pdeathsig=TERM',
    '--',
  ];
}

/** Root in a container may not have the right: then it cannot be handed on. */
function mayAdministerNetwork(): boolean {
  const permitted = /^CapPrm:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return ((BigInt(`0x${permitted}`) >> NET_ADMIN_BIT) & 1n) === 1n;
}

/** Runs a program in our place: its output is ours, our signals are its, its exit status is ours. */
function passThrough(command: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, words, { stdio: 'inherit', env });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function refused(name: string, why: string): BailiffError {
  return new BailiffError('daemon.privileges', `Root cannot go on as user ${name}: ${why}.`, {
    remedy: 'Install util-linux (setpriv), or set another `user` in bailiff.conf; `user = root` stays root.',
  });
}
