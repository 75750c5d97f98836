/**
 * A chunk of lines as another thread can take it over: columns and bytes move, a text that is none is copied.
 * Takes and gives `Lines`; the routes and looks that the receiver has already are left out.
 */
import type { JournalFields, Lines, LineTable, Look, Sifted } from './lines.js';

/** What the receiver of chunks has of the lists that only grow. */
export interface Received {
  readonly routes: JournalFields[];
  readonly looks: Look[];
}

export interface PackedLines extends Omit<Lines, 'routes' | 'sifted'> {
  /** The source's routes that the receiver has not yet. */
  readonly newRoutes: readonly JournalFields[];
  readonly sifted: (Omit<Sifted, 'looks'> & { readonly newLooks: readonly Look[] }) | undefined;
}

/** `known`: how many routes and looks of this source the receiver has. */
export function packLines(
  { routes, sifted, ...chunk }: Lines,
  known: { readonly routes: number; readonly looks: number },
): PackedLines {
  return {
    ...chunk,
    newRoutes: routes.slice(known.routes),
    sifted: sifted && packSifted(sifted, known.looks),
  };
}

function packSifted({ looks, ...sifted }: Sifted, known: number): PackedLines['sifted'] {
  return { ...sifted, newLooks: looks.slice(known) };
}

/** The buffers that move to the other thread instead of being copied. */
export function transferable({ lines, sifted }: PackedLines): readonly ArrayBuffer[] {
  const columns = [lines.starts, lines.ends, lines.timesMs, lines.routes, ...(sifted ? [sifted.byLine] : [])];
  return [...new Set(columns.map(({ buffer }) => buffer))];
}

/** The chunk again; `received` collects what comes of the lists that only grow. */
export function unpackLines({ newRoutes, sifted, ...chunk }: PackedLines, received: Received): Lines {
  const { routes, looks } = received;
  routes.push(...newRoutes);
  const lines = { ...chunk.lines, text: unpackText(chunk.lines.text) };
  if (sifted === undefined) return { ...chunk, lines, routes };
  const { newLooks, ...rest } = sifted;
  looks.push(...newLooks);
  return { ...chunk, lines, routes, sifted: { ...rest, looks } };
}

/** What another thread sends as a Buffer arrives as an array of bytes. */
function unpackText(text: LineTable['text']): LineTable['text'] {
  return typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.length);
}
