/**
 * What is kept of a field whose end is not in sight: the beginning of a message, of others nothing.
 * Takes the bytes so far; gives a short field in its stead, and how many bytes are still to be dropped.
 */
const NEWLINE = 10;
const EQUALS = 61;
const EMPTY = Buffer.alloc(0);
/** A longer message is cut. */
export const MAX_MESSAGE_BYTES = 64 << 10;

/** An over-long field as a short one, and how many of its bytes are still to come (Infinity = up to a newline). */
export function cutField(bytes: Buffer, start: number): { head: Buffer; missing: number } {
  let at = start;
  while (bytes[at] !== EQUALS && bytes[at] !== NEWLINE) at += 1;
  const isBinary = bytes[at] === NEWLINE;
  const valueStart = isBinary ? at + 9 : at + 1;
  const missing = isBinary
    ? valueStart + declaredLength(bytes, at + 1) + 1 - bytes.length
    : Number.POSITIVE_INFINITY;
  if (bytes.toString('latin1', start, at) !== 'MESSAGE') return { head: EMPTY, missing };
  // One byte more than a message may have, so that it is cut and counted as any other.
  const size = Buffer.alloc(8);
  size.writeUInt32LE(MAX_MESSAGE_BYTES + 1);
  const value = bytes.subarray(valueStart, valueStart + MAX_MESSAGE_BYTES + 1);
  return { head: Buffer.concat([Buffer.from('MESSAGE\n'), size, value, Buffer.from('\n')]), missing };
}

/** The length that stands before a value, little-endian. */
function declaredLength(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}
