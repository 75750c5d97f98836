/**
 * A recorded journal read, and sifted, in a thread of its own, beside the hearing of what it read before.
 * Takes what to read; gives a source like any other. The thread runs a few chunks ahead and no further.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../lib/code-url.js';
import { HandOver } from '../lib/hand-over.js';
import { thrownOf } from '../lib/thrown-words.js';
import { type Received, unpackLines } from '../source/packed-lines.js';
import type { Sink, Source } from '../source/source.js';
import type { FromReader, ReadingWords } from './reading-messages.js';

const WORKER = codeUrl('jail/reading-worker.js');

export function threadedRecording(words: ReadingWords): Source {
  let worker: Worker | undefined;
  let isClosed = false;
  return {
    id: `journal:${words.path}`,
    async run(sink) {
      const said = new HandOver<FromReader>();
      worker = new Worker(WORKER, { workerData: words });
      worker.on('message', (message: FromReader) => void said.push(message));
      worker.on('error', (error) => said.fail(error));
      worker.on('exit', () => said.end());
      const reader = worker;
      // What was read ahead is not heard any more once it is closed.
      await hear(
        said,
        sink,
        () => isClosed,
        () => reader.postMessage('taken'),
      );
      await worker.terminate();
    },
    async close() {
      isClosed = true;
      await worker?.terminate();
    },
  };
}

/** Calls `taken` for every message of lines that it begins with. */
async function hear(
  said: AsyncIterable<FromReader>,
  sink: Sink,
  isClosed: () => boolean,
  taken: () => void,
): Promise<void> {
  const received: Received = { routes: [], looks: [] };
  for await (const message of said) {
    switch (message.kind) {
      case 'lines':
        if (!isClosed()) taken();
        for (const packed of message.chunks) {
          if (isClosed()) return;
          await sink.lines(unpackLines(packed, received));
        }
        break;
      case 'notice':
        sink.notice(message.notice);
        break;
      case 'ended':
        return;
      case 'failed':
        throw thrownOf(message.error);
    }
  }
}
