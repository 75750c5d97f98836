/**
 * A chunk of lines as another thread can take it over: the columns move, the text is copied as one piece.
 * Takes and gives `Lines`; the routes that the receiver has already are left out.
 */
import type { JournalFields, Lines } from './lines.js';

export interface PackedLines extends Omit<Lines, 'routes'> {
  /** The source's routes from `knownRoutes` on. */
  readonly newRoutes: readonly JournalFields[];
}

/** `knownRoutes`: how many of the source's routes the receiver has. */
export function packLines({ routes, ...chunk }: Lines, knownRoutes: number): PackedLines {
  return { ...chunk, newRoutes: routes.slice(knownRoutes) };
}

/** The buffers that move to the other thread instead of being copied. */
export function transferable({ lines }: PackedLines): readonly ArrayBuffer[] {
  return [lines.starts.buffer, lines.ends.buffer, lines.timesMs.buffer, lines.routes.buffer];
}

/** The chunk again; `routes` collects the source's routes. */
export function unpackLines({ newRoutes, ...chunk }: PackedLines, routes: JournalFields[]): Lines {
  routes.push(...newRoutes);
  return { ...chunk, routes };
}
