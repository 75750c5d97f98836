/**
 * Tells each defect of a journal file once, though our own look at the files, journalctl and every rotation find it again.
 * Takes a sink; gives one that leaves repetitions out. Other notices pass.
 */
import type { Sink } from './source.js';

const MAX_TOLD = 1000;

/** The same sink without repeated notices about one file, or about there being none. */
export function oncePerFile(sink: Sink): Sink {
  const told = new Set<string>();
  return {
    lines: (chunk) => sink.lines(chunk),
    notice(notice) {
      const path = /\/[^ ]*\.journal~?/.exec(notice.text)?.[0];
      if (path !== undefined || notice.event === 'no-journal') {
        const key = path ?? notice.event;
        if (told.has(key)) return;
        if (told.size >= MAX_TOLD) told.clear();
        told.add(key);
      }
      sink.notice(notice);
    },
  };
}
