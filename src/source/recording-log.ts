/**
 * A log that is whole: a file (plain or .gz) or a stream such as standard input, read once from start to end.
 * Takes the path or stream; gives its lines; the last one needs no newline. The place is the number of lines so far.
 */
import { createReadStream } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BailiffError, messageOf } from '../lib/errors.js';
import { decodeOf, decodeUtf8 } from './encodings.js';
import { LineSplitter } from './line-splitter.js';
import { tableOfTexts } from './line-table-builder.js';
import type { LineTable, SourceId } from './lines.js';
import { NoticeGate } from './notice-gate.js';
import type { Sink, Source } from './source.js';

/** A chunk and its text stay below what malloc and V8 give fresh pages for, which cost more than the bytes. */
const CHUNK_BYTES = 64 << 10;
/** Asked for at once: each asynchronous read costs as much as parsing a chunk. */
const READ_BYTES = 1 << 20;

/** A log file of any age, decompressed where its name ends in `.gz`. */
export function logRecording(path: string, encoding = 'auto'): Source {
  return streamRecording(`file:${path}`, () => openRecording(path), encoding);
}

/** Standard input. */
export function stdinRecording(encoding = 'auto'): Source {
  return streamRecording('stdin', () => process.stdin, encoding);
}

/** Any stream of bytes; it is opened when the source runs. */
export function streamRecording(id: SourceId, open: () => AsyncIterable<unknown>, encoding = 'auto'): Source {
  let stream: AsyncIterable<unknown> | undefined;
  let isClosed = false;

  async function run(sink: Sink): Promise<void> {
    const gate = new NoticeGate((notice) => sink.notice(notice));
    const decode = decodeOf(encoding);
    if (decode === undefined)
      gate.count(id, 'warning', 'encoding', `The encoding ${encoding} is not known; it is read as UTF-8.`);
    const splitter = new LineSplitter(decode ?? decodeUtf8);
    let count = 0;
    const give = async (lines: LineTable): Promise<void> => {
      if (lines.length === 0 || isClosed) return;
      count += lines.length;
      await sink.lines({ source: id, kind: 'file', lines, routes: [{}], place: String(count) });
    };
    for await (const chunk of chunksOf((stream = open()), id, () => isClosed))
      await give(splitter.push(chunk));
    const last = splitter.end();
    if (last !== undefined) await give(tableOfTexts([last]));
    gate.count(id, 'info', 'cut', 'A line over 64 KiB was cut.', splitter.cut);
  }

  return {
    id,
    run,
    async close() {
      isClosed = true;
      // A file is asked no more after this chunk; a stream may never have another one.
      if (stream instanceof Readable) stream.destroy();
    },
  };
}

/** The bytes of a recording on disk, decompressed where its name ends in `.gz`. A chunk holds until the next one. */
export async function* openRecording(path: string): AsyncGenerator<Buffer> {
  if (path.endsWith('.gz')) {
    yield* unzipped(path);
    return;
  }
  const file = await openFile(path);
  try {
    const bytes = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(bytes, 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      for (let start = 0; start < bytesRead; start += CHUNK_BYTES)
        yield bytes.subarray(start, Math.min(bytesRead, start + CHUNK_BYTES));
    }
  } finally {
    await file.close();
  }
}

async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => unzip.destroy(error));
  unzip.on('close', () => file.destroy());
  for await (const chunk of file.pipe(unzip)) yield Buffer.from(chunk);
}

/**
 * The chunks of a stream; ends early, without an error, once `isClosed` says so.
 * @throws BailiffError `source.recording` where it cannot be opened or decompressed.
 */
export async function* chunksOf(
  stream: AsyncIterable<unknown>,
  id: SourceId,
  isClosed: () => boolean,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      if (isClosed()) return;
      yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    }
  } catch (error) {
    if (isClosed()) return;
    throw new BailiffError('source.recording', `${id} cannot be read: ${messageOf(error)}.`, {
      remedy: 'Check the path, the permissions and, for .gz, that the file is whole.',
      cause: error,
    });
  }
}
