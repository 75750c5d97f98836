/**
 * A log that is whole: a file (plain or .gz) or a stream such as standard input, read once from start to end.
 * Takes the path or stream; gives its lines; the last one needs no newline. The place is the number of lines so far.
 */
import { type ReadStream, createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BailiffError, messageOf } from '../lib/errors.js';
import { LineSplitter, decodeOf, decodeUtf8 } from './line-splitter.js';
import type { SourceId } from './lines.js';
import { NoticeGate } from './notice-gate.js';
import type { Sink, Source } from './source.js';

const CHUNK_BYTES = 256 << 10;

/** A log file of any age, decompressed where its name ends in `.gz`. */
export function logRecording(path: string, encoding = 'auto'): Source {
  return streamRecording(`file:${path}`, () => openRecording(path), encoding);
}

/** Standard input. */
export function stdinRecording(encoding = 'auto'): Source {
  return streamRecording('stdin', () => process.stdin, encoding);
}

/** Any stream of bytes; it is opened when the source runs. */
export function streamRecording(id: SourceId, open: () => Readable, encoding = 'auto'): Source {
  let stream: Readable | undefined;
  let isClosed = false;

  async function run(sink: Sink): Promise<void> {
    const gate = new NoticeGate((notice) => sink.notice(notice));
    const decode = decodeOf(encoding);
    if (decode === undefined)
      gate.count(id, 'warning', 'encoding', `The encoding ${encoding} is not known; it is read as UTF-8.`);
    const splitter = new LineSplitter(decode ?? decodeUtf8);
    let count = 0;
    const give = async (texts: readonly string[]): Promise<void> => {
      if (texts.length === 0 || isClosed) return;
      count += texts.length;
      const lines = texts.map((text) => ({ text, timeMs: Number.NaN, route: 0 }));
      await sink.lines({ source: id, kind: 'file', lines, routes: [{}], place: String(count) });
    };
    for await (const chunk of chunksOf((stream = open()), id, () => isClosed))
      await give(splitter.push(chunk));
    const last = splitter.end();
    if (last !== undefined) await give([last]);
    gate.count(id, 'info', 'cut', 'A line over 64 KiB was cut.', splitter.cut);
  }

  return {
    id,
    run,
    async close() {
      isClosed = true;
      stream?.destroy();
    },
  };
}

/** The bytes of a recording on disk. */
export function openRecording(path: string): Readable {
  const file: ReadStream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!path.endsWith('.gz')) return file;
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => unzip.destroy(error));
  unzip.on('close', () => file.destroy());
  return file.pipe(unzip);
}

/**
 * The chunks of a stream; ends early, without an error, once `isClosed` says so.
 * @throws BailiffError `source.recording` where it cannot be opened or decompressed.
 */
export async function* chunksOf(
  stream: Readable,
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
