/**
 * What the kernel answered to a batch: the first error among the messages that it is about, or that it is acknowledged.
 * Takes datagrams; gives an errno. Does not read the socket. Format: NLMSG_ERROR of linux/netlink.h.
 */
import type { NetlinkRequest } from './nft-batch.js';

const HEADER_BYTES = 16;
const NLMSG_ERROR = 2;

export class NetlinkReply {
  readonly #request: NetlinkRequest;
  /** The first error, as a positive errno; 0 = none so far. */
  errno = 0;
  /** The last message was answered. Also a batch of which another message is refused has that. */
  isAnswered = false;

  constructor(request: NetlinkRequest) {
    this.#request = request;
  }

  /** Takes one datagram; answers to what was asked before are passed over. */
  take(datagram: Buffer): void {
    const { firstSequence, lastSequence } = this.#request;
    for (let at = 0; at + HEADER_BYTES <= datagram.length;) {
      const length = datagram.readUInt32LE(at);
      if (length < HEADER_BYTES || at + length > datagram.length) return;
      const sequence = datagram.readUInt32LE(at + 8);
      if (datagram.readUInt16LE(at + 4) === NLMSG_ERROR && length >= HEADER_BYTES + 4) {
        if (sequence >= firstSequence && sequence <= lastSequence) {
          const errno = -datagram.readInt32LE(at + HEADER_BYTES);
          if (this.errno === 0) this.errno = errno;
          if (sequence === lastSequence) this.isAnswered = true;
        }
      }
      at += (length + 3) & ~3;
    }
  }
}
