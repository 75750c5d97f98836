/**
 * What the thread of a replay says. Structured-clonable; types only.
 */
import type { ThrownWords } from '../lib/thrown-words.js';
import type { ReplayEvent } from './offline-events.js';

export type FromReplay =
  | { readonly kind: 'events'; readonly events: readonly ReplayEvent[] }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: ThrownWords };
