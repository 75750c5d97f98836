/**
 * What every command is given besides its own arguments. Types only; `program.ts` fills them in.
 */
import type { Terminal } from './terminal.js';

export interface PrintOptions {
  readonly terminal: Terminal;
  /** Print JSON instead of text. */
  readonly json: boolean;
}

/** For commands that ask the daemon. */
export interface AskOptions extends PrintOptions {
  readonly socketPath: string;
}

/** For commands that read the configuration. */
export interface ReadOptions extends PrintOptions {
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
}
