/**
 * Sends datagrams to a unix socket, which Node has no way to: koffi's calls of libc. Takes the socket's address, a path or
 * `@name` in the abstract namespace; gives a function that sends and says whether it was taken. Never waits.
 * Format of the address: unix(7).
 */
import { endianness } from 'node:os';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0x80000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const LONGEST_PATH = 107;

export type SendDatagram = (text: string) => boolean;

/** @throws Error where koffi cannot be loaded, the kernel gives no socket, or the address is none. */
export async function openUnixDatagram(address: string): Promise<SendDatagram> {
  const name = socketAddress(address);
  const { default: koffi } = await import('koffi');
  const c = koffi.load(null);
  const open = c.func('int socket(int domain, int type, int protocol)');
  const send = c.func(
    'intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t size)',
  );
  const fd = Number(open(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (fd < 0) throw new Error(`no unix socket (errno ${koffi.errno()})`);
  return (text) => {
    const bytes = Buffer.from(text);
    const sent: unknown = send(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, name, name.length);
    return Number(sent) === bytes.length;
  };
}

function socketAddress(address: string): Buffer {
  const isAbstract = address.startsWith('@');
  if (!isAbstract && !address.startsWith('/')) throw new Error(`${address} is no address of a unix socket`);
  const path = Buffer.from(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  if (path.length > LONGEST_PATH + 1) throw new Error(`${address} is too long for a unix socket`);
  const family = Buffer.alloc(2);
  if (endianness() === 'LE') family.writeUInt16LE(AF_UNIX);
  else family.writeUInt16BE(AF_UNIX);
  return Buffer.concat([family, path]);
}
