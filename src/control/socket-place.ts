/**
 * The place in the file system where the control socket is made: free of a dead daemon's leftovers, with the mode and
 * group it must have from its first moment. Takes a path and a server; the server listens there afterwards.
 * Does not serve.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { type Server, connect } from 'node:net';
import { dirname } from 'node:path';
import { BailiffError, messageOf } from '../lib/errors.js';

/** sun_path of unix(7), less its closing NUL. */
const MAX_PATH_BYTES = 107;
const GROUP = 'bailiff';
/** A listener whose queue is full may leave a connection hanging; it is alive all the same. */
const CONNECT_MS = 2000;

/**
 * Listens at `path`: mode 0660 for group `bailiff` where it exists, else 0600.
 * @throws BailiffError `control.already-running`, `control.not-a-socket`, `control.path`.
 */
export async function listenAt(
  server: Server,
  path: string,
  onProblem: (text: string) => void,
): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw placeError(path, `is longer than the ${MAX_PATH_BYTES} bytes that a socket's path may have`);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    await removeStale(path);
  } catch (thrown) {
    if (thrown instanceof BailiffError) throw thrown;
    throw placeError(path, messageOf(thrown), thrown);
  }
  const gid = groupId(GROUP);
  await bind(server, path, gid === undefined ? 0o177 : 0o117);
  if (gid === undefined) return;
  // As a service it is the group's from the start, and may not change the owner of anything.
  if (lstatSync(path).gid === gid) return;
  try {
    chownSync(path, process.geteuid?.() ?? 0, gid);
  } catch (thrown) {
    chmodSync(path, 0o600);
    onProblem(`${path} is for root alone: it cannot be given to group ${GROUP}: ${messageOf(thrown)}.`);
  }
}

async function bind(server: Server, path: string, umask: number): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(placeError(path, error.message, error)));
    server.once('listening', () => resolve());
  });
  // Node makes the file inside listen(), so no other file gets this mask.
  const before = process.umask(umask);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  await listening;
}

async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new BailiffError('control.not-a-socket', `${path} is in the way: it is no socket.`, {
      remedy: 'Move it away or name another path with --socket.',
    });
  }
  if (await somebodyListens(path)) {
    throw new BailiffError('control.already-running', `A daemon already answers at ${path}.`, {
      remedy: 'Stop it first, or name another path with --socket.',
    });
  }
  unlinkSync(path);
}

/** @throws what connect() says, other than that nobody is there. */
function somebodyListens(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => done(true), CONNECT_MS);
    const done = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') return done(false);
      if (error.code === 'EAGAIN') return done(true);
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** The number of a group of /etc/group. */
function groupId(name: string): number | undefined {
  let text: string;
  try {
    text = readFileSync('/etc/group', 'utf8');
  } catch {
    // No such file: no groups.
    return undefined;
  }
  for (const line of text.split('\n')) {
    const [group, , gid] = line.split(':');
    if (group === name && gid !== undefined && /^\d+$/.test(gid)) return Number(gid);
  }
  return undefined;
}

function placeError(path: string, what: string, cause?: unknown): BailiffError {
  return new BailiffError('control.path', `The control socket cannot be made at ${path}: ${what}.`, {
    remedy: 'Name another path with --socket, or let this user write there.',
    cause,
  });
}
