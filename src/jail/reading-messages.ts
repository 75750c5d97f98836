/**
 * What the thread that reads a recorded journal is told, and what it says. Structured-clonable; types only.
 */
import type { ThrownWords } from '../lib/thrown-words.js';
import type { SourceNotice } from '../source/lines.js';
import type { PackedLines } from '../source/packed-lines.js';
import type { RouteInterest } from '../source/route-table.js';
import type { JailOptions } from './options.js';

/** What the thread is to read. */
export interface ReadingWords {
  readonly kind: 'export' | 'journal';
  readonly path: string;
  readonly interest: RouteInterest;
  readonly sinceMs: number;
  /** Lines in which none of these jails can find anything are left out and counted; undefined = none is. */
  readonly jails: readonly JailOptions[] | undefined;
}

export type FromReader =
  | { readonly kind: 'lines'; readonly chunks: readonly PackedLines[] }
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: ThrownWords };
