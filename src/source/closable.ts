/**
 * Makes a source of a run that ends when its signal says so.
 * Takes the run and what aborts it; gives the source, whose `close` resolves when the run is over.
 */
import type { SourceId } from './lines.js';
import type { Sink, Source } from './source.js';

export function closable(id: SourceId, run: (sink: Sink) => Promise<void>, closing: AbortController): Source {
  let running: Promise<void> | undefined;
  return {
    id,
    run(sink) {
      running = run(sink);
      return running;
    },
    async close() {
      closing.abort();
      // What made it fail was told to whoever runs it.
      await running?.catch(() => undefined);
    },
  };
}
