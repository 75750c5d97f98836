/**
 * Netlink messages and their attributes, one after another in one buffer that grows.
 * Takes types and values; gives the bytes. Knows nothing of nftables. Format: linux/netlink.h; headers are in the
 * machine's byte order (little-endian here), payloads of nfnetlink in the network's.
 */
const FIRST_BYTES = 4096;
const HEADER_BYTES = 16;
const NFGENMSG_BYTES = 4;
const ATTRIBUTE_BYTES = 4;
const NLA_F_NESTED = 0x8000;

export interface MessageHead {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** struct nfgenmsg: the family, and a number whose meaning is the type's. */
  readonly family: number;
  readonly resource: number;
}

export class NetlinkWriter {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #end = 0;

  /** What was written; valid until more is. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Begins a message; gives the mark that ends it. */
  beginMessage({ type, flags, sequence, family, resource }: MessageHead): number {
    const mark = this.#take(HEADER_BYTES + NFGENMSG_BYTES);
    this.#bytes.writeUInt16LE(type, mark + 4);
    this.#bytes.writeUInt16LE(flags, mark + 6);
    this.#bytes.writeUInt32LE(sequence, mark + 8);
    this.#bytes.writeUInt8(family, mark + HEADER_BYTES);
    this.#bytes.writeUInt16BE(resource, mark + HEADER_BYTES + 2);
    return mark;
  }

  endMessage(mark: number): void {
    this.#bytes.writeUInt32LE(this.#end - mark, mark);
  }

  /** Begins an attribute that holds others; gives the mark that ends it. It has room for 65,531 bytes. */
  beginNest(type: number): number {
    const mark = this.#take(ATTRIBUTE_BYTES);
    this.#bytes.writeUInt16LE(type | NLA_F_NESTED, mark + 2);
    return mark;
  }

  endNest(mark: number): void {
    this.#bytes.writeUInt16LE(this.#end - mark, mark);
  }

  /** A text of one-byte characters, ended by a zero. */
  text(type: number, value: string): void {
    const at = this.#attribute(type, value.length + 1);
    this.#bytes.write(value, at, 'latin1');
  }

  /** 32 bits in the network's order. */
  word(type: number, value: number): void {
    const at = this.#attribute(type, 4);
    this.#bytes.writeUInt32BE(value, at);
  }

  /** 64 bits each, in the network's order. */
  longs(type: number, ...values: readonly bigint[]): void {
    let at = this.#attribute(type, 8 * values.length);
    for (const value of values) at = this.#bytes.writeBigUInt64BE(value, at);
  }

  #attribute(type: number, payloadBytes: number): number {
    const mark = this.#take(ATTRIBUTE_BYTES + payloadBytes);
    this.#bytes.writeUInt16LE(ATTRIBUTE_BYTES + payloadBytes, mark);
    this.#bytes.writeUInt16LE(type, mark + 2);
    return mark + ATTRIBUTE_BYTES;
  }

  /** Room of zeroes, rounded up to the four bytes at which everything begins. */
  #take(bytes: number): number {
    const mark = this.#end;
    const end = mark + ((bytes + 3) & ~3);
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, mark);
      this.#bytes = larger;
    }
    this.#end = end;
    return mark;
  }
}
