/**
 * Bailiff's matching alone: lines of a log, made beforehand, through the ears of some jails, again and again.
 * Takes jails and lines; gives processor time a line, who was found, and which lines were hits. Counts, stores, does nothing.
 */
import type { Batch } from '../src/jail/batch.js';
import { Ears } from '../src/jail/ears.js';
import type { JailOptions } from '../src/jail/options.js';
import { tableOfTexts } from '../src/source/line-table-builder.js';
import type { Lines } from '../src/source/lines.js';
import type { Found } from './fail2ban-rounds.js';

/** Bytes a chunk, as a followed file is read. */
export const CHUNK_BYTES = 64 << 10;
/** A log is repeated to so many lines, so that chunks are whole. */
const LEAST_LINES = 2000;
/** How long is timed in one go, so that the clock's grain and a collection are small in it. */
const LEAST_SECONDS = 0.3;
/**
 * Heard before that: while the other side had its turn, V8 gave back most of the room for young objects, and fills what is
 * left in no time.
 */
const SETTLE_SECONDS = 0.5;
/** Until the compiler has done its work. */
const WARM_SECONDS = 1.5;

export class Hearing {
  readonly #ears: Ears;
  readonly #names: readonly string[];
  readonly #chunks: readonly Lines[];
  readonly #length: number;

  constructor(jails: readonly JailOptions[], texts: readonly string[]) {
    this.#ears = earsFor(jails);
    this.#names = jails.map(({ name }) => name);
    const repeated = Array.from({ length: Math.ceil(LEAST_LINES / texts.length) }, () => texts).flat();
    this.#chunks = chunksOf(repeated);
    this.#length = repeated.length;
  }

  /** Hears until the compiler has done its work. */
  warm(seconds = WARM_SECONDS): this {
    for (let spent = 0; spent < seconds;) spent += this.#pass();
    return this;
  }

  /** Microseconds of processor time a line. */
  perLine(): number {
    this.warm(SETTLE_SECONDS);
    let [seconds, passes] = [0, 0];
    for (; seconds < LEAST_SECONDS; passes += 1) seconds += this.#pass();
    return (seconds / passes / this.#length) * 1e6;
  }

  #pass(): number {
    const before = process.cpuUsage();
    for (const chunk of this.#chunks) this.#ears.hearFile(chunk, this.#names);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }
}

/** Ears that hear a file for the first time, whatever its lines' age. */
export function earsFor(jails: readonly JailOptions[]): Ears {
  const nowMs = Date.now();
  const ears = new Ears({
    jails,
    connections: new Map(),
    heardBefore: new Set(jails.map(({ name }) => name)),
    sinceMs: () => -Infinity,
    now: () => nowMs,
    tellsChanges: false,
  });
  ears.warm();
  return ears;
}

/** Who is found in the lines, each how often; host names are left out. */
export function foundIn(jails: readonly JailOptions[], texts: readonly string[]): Found {
  const ears = earsFor(jails);
  const names = jails.map(({ name }) => name);
  const found: { [id: string]: number } = {};
  for (const { heard } of chunksOf(texts).map((chunk): Batch => ears.hearFile(chunk, names)))
    for (const { match } of heard) {
      if (match.kind !== 'failure' || match.hostName !== undefined) continue;
      const { id } = match;
      found[id] = (found[id] ?? 0) + 1;
    }
  return found;
}

/** The lines that bring a failure when they are heard, and those that do not. */
export function partedByHits(
  jails: readonly JailOptions[],
  texts: readonly string[],
): { readonly hits: readonly string[]; readonly misses: readonly string[] } {
  const ears = earsFor(jails);
  const names = jails.map(({ name }) => name);
  const hits: string[] = [];
  const misses: string[] = [];
  for (const text of texts) {
    const isHit = chunksOf([text])
      .flatMap((chunk) => ears.hearFile(chunk, names).heard)
      .some(({ match }) => match.kind === 'failure');
    (isHit ? hits : misses).push(text);
  }
  return { hits, misses };
}

function chunksOf(texts: readonly string[]): readonly Lines[] {
  const chunks: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    bytes += text.length + 1;
    if (bytes > CHUNK_BYTES) {
      chunks.push([]);
      bytes = text.length + 1;
    }
    chunks.at(-1)?.push(text);
  }
  return chunks.map((each) => ({
    source: 'file:log',
    kind: 'file',
    lines: tableOfTexts(each),
    routes: [],
    place: '',
  }));
}
