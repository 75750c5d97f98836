/**
 * Who is at the other end of a unix socket: SO_PEERCRED of unix(7), asked of the kernel through koffi.
 * Takes an accepted socket; gives the user id, or undefined where it cannot be had (no koffi, no descriptor).
 * Decides nothing: who is unreadable is refused elsewhere.
 */
import type { Socket } from 'node:net';

export type PeerReader = (socket: Socket) => number | undefined;

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** struct ucred: pid, uid, gid, 32 bits each. */
const UCRED_BYTES = 12;
/** What the kernel says when it does not know. */
const NO_UID = 0xffff_ffff;

/** A reader that works where koffi loads; one that knows nobody where it does not. */
export async function loadPeerReader(): Promise<PeerReader> {
  const getsockopt = await loadGetsockopt();
  if (getsockopt === undefined) return () => undefined;
  return (socket) => {
    const fd = descriptorOf(socket);
    if (fd === undefined) return undefined;
    const ucred = Buffer.alloc(UCRED_BYTES);
    const length = new Uint32Array([UCRED_BYTES]);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, length) !== 0) return undefined;
    if (length[0] !== UCRED_BYTES) return undefined;
    const uid = ucred.readUInt32LE(4);
    return uid === NO_UID ? undefined : uid;
  };
}

type Getsockopt = (fd: number, level: number, option: number, value: Buffer, length: Uint32Array) => number;

async function loadGetsockopt(): Promise<Getsockopt | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    const call = koffi
      .load(null)
      .func('int getsockopt(int fd, int level, int option, void *value, uint32_t *length)');
    return (...values) => Number(call(...values));
  } catch {
    // koffi is optional: without it nobody is privileged.
    return undefined;
  }
}

/** Node has no public way to a socket's descriptor. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return undefined;
  const fd: unknown = Reflect.get(handle, 'fd');
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
