/**
 * A server as a configuration names it: `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`.
 * Takes the text and the port that holds where none is written; gives both. Asks no name server.
 */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** undefined = it is none. */
export function hostPortOf(text: string, port: number): HostPort | undefined {
  const [, bracketed, plain, written] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  const number = written === undefined ? port : Number(written);
  return host !== undefined && number > 0 && number < 65_536 ? { host, port: number } : undefined;
}
