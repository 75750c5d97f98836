/**
 * A recorded journal read in a thread of its own, so that reading the next lines goes on beside hearing the last ones.
 * Takes what to read; gives a source like any other. The thread runs a few chunks ahead and no further.
 */
import { Worker } from 'node:worker_threads';
import { BailiffError } from '../lib/errors.js';
import { HandOver } from '../lib/hand-over.js';
import type { JournalFields } from './lines.js';
import { unpackLines } from './packed-lines.js';
import type { FromReader, RecordingWords } from './recording-messages.js';
import type { Sink, Source } from './source.js';

const WORKER = new URL('./recording-worker.js', import.meta.url);

export function threadedRecording(words: RecordingWords): Source {
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
      await hear(said, sink, () => {
        if (!isClosed) reader.postMessage('taken');
        return !isClosed;
      });
      await worker.terminate();
    },
    async close() {
      isClosed = true;
      await worker?.terminate();
    },
  };
}

/** `take` says whether the next chunk is still wanted. */
async function hear(said: AsyncIterable<FromReader>, sink: Sink, take: () => boolean): Promise<void> {
  const routes: JournalFields[] = [];
  for await (const message of said) {
    switch (message.kind) {
      case 'lines':
        if (!take()) return;
        await sink.lines(unpackLines(message.packed, routes));
        break;
      case 'notice':
        sink.notice(message.notice);
        break;
      case 'ended':
        return;
      case 'failed':
        throw new BailiffError(message.code, message.text, { remedy: message.remedy });
    }
  }
}
