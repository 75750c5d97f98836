/**
 * A chunk of lines as few large pieces, so that handing it to another thread costs a copy of its text and little more.
 * Takes and gives `Lines`; the routes that the receiver has already are left out. A line object a line costs more than
 * reading it did.
 */
import type { JournalFields, Line, Lines, Place, SourceId } from './lines.js';

export interface PackedLines {
  readonly source: SourceId;
  readonly kind: Lines['kind'];
  /** The lines one after the other, without anything between. */
  readonly text: string;
  /** Where each line ends in the text. */
  readonly ends: Int32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly routes: Int32Array<ArrayBuffer>;
  /** The source's routes from `knownRoutes` on. */
  readonly newRoutes: readonly JournalFields[];
  readonly place: Place;
}

/** `knownRoutes`: how many of the source's routes the receiver has. */
export function packLines(chunk: Lines, knownRoutes: number): PackedLines {
  const { lines } = chunk;
  const ends = new Int32Array(lines.length);
  const times = new Float64Array(lines.length);
  const routes = new Int32Array(lines.length);
  const texts: string[] = [];
  let end = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) continue;
    texts.push(line.text);
    end += line.text.length;
    ends[index] = end;
    times[index] = line.timeMs;
    routes[index] = line.route;
  }
  const { source, kind, place } = chunk;
  return {
    source,
    kind,
    text: texts.join(''),
    ends,
    times,
    routes,
    newRoutes: chunk.routes.slice(knownRoutes),
    place,
  };
}

/** The buffers that move to the other thread instead of being copied. */
export function transferable({ ends, times, routes }: PackedLines): readonly ArrayBuffer[] {
  return [ends.buffer, times.buffer, routes.buffer];
}

/** The chunk again; `routes` collects the source's routes. */
export function unpackLines(packed: PackedLines, routes: JournalFields[]): Lines {
  routes.push(...packed.newRoutes);
  const lines: Line[] = [];
  let start = 0;
  for (let index = 0; index < packed.ends.length; index += 1) {
    const end = packed.ends[index] ?? start;
    const text = packed.text.slice(start, end);
    lines.push({ text, timeMs: packed.times[index] ?? Number.NaN, route: packed.routes[index] ?? 0 });
    start = end;
  }
  return { source: packed.source, kind: packed.kind, lines, routes, place: packed.place };
}
