/**
 * Cuts a list of targets into requests that the control socket takes: by number and by size.
 * Takes the targets as written; gives them in order.
 */
import { REQUEST_BYTES } from '../control/protocol.js';

const MOST = 1000;
/** What a request has besides its targets. */
const SPARE_BYTES = 4096;

export function batches(targets: readonly string[]): string[][] {
  const all: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const target of targets) {
    const size = Buffer.byteLength(JSON.stringify(target)) + 1;
    if (batch.length === MOST || (batch.length > 0 && bytes + size > REQUEST_BYTES - SPARE_BYTES)) {
      all.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(target);
    bytes += size;
  }
  if (batch.length > 0) all.push(batch);
  return all;
}
