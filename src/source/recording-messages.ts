/**
 * What the thread that reads a recorded journal is told, and what it says. Structured-clonable; types only.
 */
import type { SourceNotice } from './lines.js';
import type { PackedLines } from './packed-lines.js';
import type { RouteInterest } from './route-table.js';

/** What the thread is to read. */
export interface RecordingWords {
  readonly kind: 'export' | 'journal';
  readonly path: string;
  readonly interest: RouteInterest;
  readonly sinceMs: number;
}

export type FromReader =
  | { readonly kind: 'lines'; readonly packed: PackedLines }
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  | { readonly kind: 'ended' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly text: string;
      readonly remedy: string | undefined;
    };
