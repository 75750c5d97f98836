/**
 * Plays recordings side by side: each in its own order, and of the next matches of all of them the earliest first.
 * Takes recordings and how each is heard; gives batches as they are read, and matches as they are due. Holds no more
 * than a chunk of each.
 */
import { HandOver } from '../lib/hand-over.js';
import type { Lines, SourceNotice } from '../source/lines.js';
import type { Source } from '../source/source.js';
import type { Batch, Heard } from './batch.js';

export interface Recording {
  readonly source: Source;
  readonly hear: (chunk: Lines) => Batch;
}

export type Played =
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'heard'; readonly heard: readonly Heard[] };

type Read =
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  | { readonly kind: 'lines'; readonly chunk: Lines };

/** What was read of one recording and is not due yet. */
interface Feed {
  readonly reads: AsyncIterator<Read>;
  readonly hear: Recording['hear'];
  heard: readonly Heard[];
  next: number;
  ended: boolean;
}

export async function* playRecordings(recordings: readonly Recording[]): AsyncGenerator<Played> {
  const feeds = recordings.map(({ source, hear }): Feed => ({
    reads: read(source)[Symbol.asyncIterator](),
    hear,
    heard: [],
    next: 0,
    ended: false,
  }));
  for (;;) {
    for (const feed of feeds) yield* fill(feed);
    const heard = takeDue(feeds);
    if (heard.length === 0) return;
    yield { kind: 'heard', heard };
  }
}

/**
 * Reads on until a match is waiting or the recording ends. Lines are heard here and not as they come, so that what a
 * jail has heard so far never depends on which file was quicker to open.
 */
async function* fill(feed: Feed): AsyncGenerator<Played> {
  while (!feed.ended && feed.next >= feed.heard.length) {
    const next = await feed.reads.next();
    if (next.done === true) {
      feed.ended = true;
    } else if (next.value.kind === 'notice') {
      yield next.value;
    } else {
      const batch = feed.hear(next.value.chunk);
      feed.heard = batch.heard;
      feed.next = 0;
      yield { kind: 'batch', batch };
    }
  }
}

/** The matches in order of time, as far as it is known that no earlier one is still to be read. */
function takeDue(feeds: readonly Feed[]): readonly Heard[] {
  const due: Heard[] = [];
  for (;;) {
    let first: Feed | undefined;
    // The earliest time of those asked before the first, and of those asked after it.
    let beforeMs = Number.POSITIVE_INFINITY;
    let afterMs = Number.POSITIVE_INFINITY;
    for (const feed of feeds) {
      if (feed.next >= feed.heard.length && !feed.ended) return due;
      if (timeOf(feed) < timeOf(first)) {
        beforeMs = timeOf(first);
        afterMs = Number.POSITIVE_INFINITY;
        first = feed;
      } else afterMs = Math.min(afterMs, timeOf(feed));
    }
    if (first === undefined) return due;
    for (let heard = first.heard[first.next]; heard !== undefined; heard = first.heard[first.next]) {
      const { timeMs } = heard.match;
      if (timeMs >= beforeMs || timeMs > afterMs) break;
      due.push(heard);
      first.next += 1;
    }
  }
}

function timeOf(feed: Feed | undefined): number {
  return feed?.heard[feed.next]?.match.timeMs ?? Number.POSITIVE_INFINITY;
}

function read(source: Source): AsyncIterable<Read> {
  const reads = new HandOver<Read>();
  source
    .run({
      lines: (chunk) => reads.push({ kind: 'lines', chunk }),
      notice: (notice) => void reads.push({ kind: 'notice', notice }),
    })
    .then(
      () => reads.end(),
      (error: unknown) => reads.fail(error),
    );
  return reads;
}
