/**
 * The whole way without a daemon, for `match` and `replay`. This file is the place that the command line calls; it is
 * not connected yet.
 */
import { BailiffError } from '../lib/errors.js';
import type { MatchEvent, MatchRequest, ReplayEvent, ReplayRequest } from './offline-events.js';

/** What a filter sees, in batches of events; the summary is the last. */
export function matchLines(_request: MatchRequest): AsyncIterable<readonly MatchEvent[]> {
  throw new BailiffError('jail.not-connected', 'Matching is not part of this build.');
}

/** Recorded logs through the whole way, in order of their own time; the summary is the last. */
export function replayRecording(_request: ReplayRequest): AsyncIterable<ReplayEvent> {
  throw new BailiffError('jail.not-connected', 'Replaying is not part of this build.');
}
