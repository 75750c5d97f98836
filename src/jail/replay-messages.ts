/**
 * What the thread of a replay says. Structured-clonable; types only.
 */
import type { Where } from '../lib/errors.js';
import type { ReplayEvent } from './offline-events.js';

export type FromReplay =
  | { readonly kind: 'events'; readonly events: readonly ReplayEvent[] }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: ReplayFailure };

export interface ReplayFailure {
  readonly code: string;
  readonly text: string;
  readonly where: Where;
  readonly remedy: string | undefined;
}
