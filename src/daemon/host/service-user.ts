/**
 * The user that a start as root drops to: its numbers and the groups it may read logs with.
 * Takes a name; asks the system's own databases (id, getent); gives undefined where there is no such user.
 */
import { spawnSync } from 'node:child_process';

/** Groups that may read the journal, log files, and Rspamd's log. */
const READERS = ['systemd-journal', 'adm', '_rspamd'];

export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export function findServiceUser(name: string): ServiceUser | undefined {
  const uid = Number(said('id', ['-u', '--', name]) || Number.NaN);
  if (!Number.isInteger(uid) || uid === 0) return undefined;
  const gid = Number(said('id', ['-g', '--', name]) || Number.NaN);
  if (!Number.isInteger(gid)) return undefined;
  const own = said('id', ['-G', '--', name]).split(/\s+/).map(Number);
  // getent says NAME:x:GID:MEMBERS for those that exist.
  const readers = said('getent', ['group', ...READERS])
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [Number(line.split(':')[2])]));
  const groups = [...new Set([gid, ...own, ...readers])].filter((group) => Number.isInteger(group));
  return { name, uid, gid, groups };
}

function said(command: string, words: readonly string[]): string {
  const { stdout } = spawnSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return typeof stdout === 'string' ? stdout.trim() : '';
}
