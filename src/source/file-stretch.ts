/**
 * The part of a log file that was read before a jail came: from as far back as matters up to the kept place, once.
 * Takes the path, the kept place and where an earlier try was left; gives chunks of lines, then ends.
 * Only the file that stands at the path now is read, and only if it is the one that the place means.
 */
import { readSync } from 'node:fs';
import { type FileMark, formatFilePlace, isMarked, parseFilePlace } from './file-mark.js';
import { type DateProbe, startOffset } from './file-start.js';
import { decodeOf, decodeUtf8 } from './encodings.js';
import { LineSplitter } from './line-splitter.js';
import type { Lines, Place, SourceId } from './lines.js';
import { OpenLog } from './open-log.js';

const CHUNK_BYTES = 64 << 10;

export interface FileStretch {
  readonly path: string;
  /** The name under which the chunks and their places are kept. */
  readonly source: SourceId;
  /** Up to here, exclusively. */
  readonly until: Place | undefined;
  /** Where an earlier try was left. */
  readonly from: Place | undefined;
  /** Lines older than this need not be given, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** WHATWG encoding label; `auto` = UTF-8. */
  readonly encoding: string;
  readonly probe: DateProbe;
}

/** Nothing where the file is another one by now, or gone. @throws the file system's error. */
export function* readFileStretch(stretch: FileStretch): Generator<Lines> {
  const decode = decodeOf(stretch.encoding) ?? decodeUtf8;
  const log = new OpenLog(stretch.path, decode);
  try {
    const marked = (place: Place | undefined): FileMark | undefined =>
      parseFilePlace(place).find((mark) => isMarked(mark, log.descriptor, log.inode, log.size));
    const end = marked(stretch.until);
    if (end === undefined) return;
    const splitter = new LineSplitter(decode);
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let offset =
      marked(stretch.from)?.offset ?? startOffset(log.descriptor, end.offset, stretch.sinceMs, stretch.probe);
    while (offset < end.offset) {
      const size = Math.min(CHUNK_BYTES, end.offset - offset);
      const bytes = readSync(log.descriptor, buffer, 0, size, offset);
      if (bytes === 0) return;
      offset += bytes;
      const lines = splitter.push(buffer.subarray(0, bytes));
      const place = formatFilePlace([{ ...end, offset: offset - splitter.pendingBytes }]);
      if (lines.length > 0) yield { source: stretch.source, kind: 'file', lines, routes: [{}], place };
    }
  } finally {
    log.close();
  }
}
