/**
 * A socket to the kernel's netfilter, through koffi's calls of libc: send beside the main thread, and read what has come.
 * Gives errors as errno numbers. It belongs to the network namespace of the thread that opens it. Does not know what it
 * carries. Format and options: netlink(7).
 */
import { constants, endianness } from 'node:os';

/** The room that a batch may take in the kernel. */
const SEND_BYTES = 4 << 20;
const RECEIVE_BYTES = 64 << 10;
/** What may wait to be read of what the kernel tells a group. */
const GROUP_BYTES = 4 << 20;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const NETLINK_NETFILTER = 12;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
/** An error is answered with the head of what it is about, not with all of it. */
const NETLINK_CAP_ACK = 10;
const MSG_DONTWAIT = 0x40;

export interface NetlinkSocket {
  /**
   * 0, or an errno. The kernel has dealt with all of it by then: its answer is there to be received. It may take seconds
   * while another program's transaction is being dealt with, so it happens on a thread of libuv's pool.
   */
  send(bytes: Buffer): Promise<number>;
  /** One datagram, valid until the next call; or an errno: EAGAIN = nothing is there, ENOBUFS = something was lost. */
  receive(): Buffer | number;
  /** Also receives what the kernel tells a multicast group, of the first 32; false where that is not allowed. */
  join(group: number): boolean;
  close(): void;
}

/** A native function; arguments are numbers and buffers as declared. */
type Native = (...values: unknown[]) => unknown;

/** A parse boundary: what koffi gives for a function that is called on another thread. */
type Deferred = (...values: [...unknown[], (error: unknown, result: unknown) => void]) => void;

/** @throws Error where koffi cannot be loaded or the kernel gives no such socket. */
export async function openNetlinkSocket(): Promise<NetlinkSocket> {
  if (endianness() !== 'LE') throw new Error('netlink is not built for a machine of this byte order');
  const { default: koffi } = await import('koffi');
  const c = koffi.load(null);
  const open: Native = c.func('int socket(int domain, int type, int protocol)');
  const set: Native = c.func(
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  const send: Deferred = c.func('intptr_t send(int fd, const void *bytes, size_t length, int flags)').async;
  const receive: Native = c.func('intptr_t recv(int fd, void *bytes, size_t length, int flags)');
  const bind: Native = c.func('int bind(int fd, const void *address, uint32_t length)');
  const shut: Native = c.func('int close(int fd)');

  const fd = Number(open(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (fd < 0) throw new Error(`no netlink socket (errno ${koffi.errno()})`);
  const option = (level: number, name: number, value: number): boolean =>
    Number(set(fd, level, name, new Uint32Array([value]), 4)) === 0;
  // Beyond net.core.wmem_max only with the right in the first user namespace; else as much as is allowed.
  if (!option(SOL_SOCKET, SO_SNDBUFFORCE, SEND_BYTES)) option(SOL_SOCKET, SO_SNDBUF, SEND_BYTES);
  option(SOL_NETLINK, NETLINK_CAP_ACK, 1);

  const incoming = Buffer.alloc(RECEIVE_BYTES);
  let isOpen = true;
  return {
    send(bytes) {
      // The number may be another file's by now.
      if (!isOpen) return Promise.resolve(constants.errno.EBADF);
      return new Promise((resolve) => {
        // koffi's errno is this call's here; and the bytes stay where they are until then.
        const done = (_: unknown, sent: unknown): void =>
          resolve(Number(sent) === bytes.length ? 0 : koffi.errno());
        send(fd, bytes, bytes.length, MSG_DONTWAIT, done);
      });
    },
    receive() {
      if (!isOpen) return constants.errno.EBADF;
      const length = Number(receive(fd, incoming, incoming.length, MSG_DONTWAIT));
      return length < 0 ? koffi.errno() : incoming.subarray(0, length);
    },
    join(group) {
      if (!option(SOL_SOCKET, SO_RCVBUFFORCE, GROUP_BYTES)) option(SOL_SOCKET, SO_RCVBUF, GROUP_BYTES);
      // struct sockaddr_nl: the family, no number of our own, the groups. Who has no number is told nothing.
      const address = new Uint32Array([AF_NETLINK, 0, 1 << (group - 1)]);
      return Number(bind(fd, address, address.byteLength)) === 0;
    },
    close() {
      if (isOpen) shut(fd);
      isOpen = false;
    },
  };
}
