/**
 * What a jail listens to. `config/` fills it in; `jail/hear.ts` routes by it.
 */
import type { JournalMatch } from '../lib/journal-match.js';

export interface WatchedFiles {
  /** Path or glob, expanded again and again while running. */
  readonly glob: string;
  /** Where to begin in a file never seen before: `head` = look back findtime, `tail` = only what comes. */
  readonly from: 'head' | 'tail';
}

export interface WatchOptions {
  /** What the configuration asks for; the other way is listened to as well while this one is deaf. */
  readonly backend: 'journal' | 'file';
  /** Empty = the jail has none. */
  readonly journalMatch: JournalMatch;
  /** The journal namespace, `undefined` = the default one. */
  readonly journalNamespace: string | undefined;
  readonly files: readonly WatchedFiles[];
  /** WHATWG encoding label; `auto` = UTF-8. */
  readonly logEncoding: string;
}
