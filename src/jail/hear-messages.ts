/**
 * What the hearing worker and the main thread say to each other. Structured-clonable; types only.
 */
import type { FilterOptions } from '../filter/match.js';
import type { Place, SourceId, SourceNotice } from '../source/lines.js';
import type { Batch } from './batch.js';
import type { ConnectionsByEar } from './kept-connections.js';
import type { GivenUp } from './caution.js';
import type { JailOptions } from './options.js';

/** What the worker is told when it shall hear: how far the one before it came. */
export type HearingGo = Pick<
  HearingStart,
  'places' | 'connections' | 'heardBefore' | 'newJails' | 'culprits' | 'cautious'
>;

/** What it is given before it may be told to go. */
export interface HearingPlan extends Omit<HearingStart, keyof HearingGo> {
  /** It gets ready while another worker hears the same sources. */
  readonly isAhead: boolean;
}

export interface HearingStart {
  readonly jails: readonly JailOptions[];
  readonly places: ReadonlyMap<SourceId, Place>;
  readonly connections: ConnectionsByEar;
  readonly heardBefore: ReadonlySet<string>;
  /** How far each jail looks back, milliseconds since the epoch. */
  readonly sinceMs: ReadonlyMap<string, number>;
  /** Jails that the store did not know: they look back at what the others have read. */
  readonly newJails: readonly string[];
  /** Recordings to hear instead of this machine's logs. */
  readonly recording: readonly RecordedSource[] | undefined;
  /** Added to the time of every match: a rehearsal plays its recording as if it ended now. */
  readonly shiftMs: number;
  /** Where the worker notes which line and expression it stands at (progress.ts). */
  readonly progress: SharedArrayBuffer;
  /** Lines that a worker was killed at, to be passed over. */
  readonly culprits: readonly Culprit[];
  /** Jails whose expressions have run away lately. */
  readonly cautious: readonly string[];
  /** It hears them apart from the others, with a share of the time. */
  readonly isApart: boolean;
}

/** A recording, and the jails that it stands for; `jails` undefined = a journal, routed by journalmatch. */
export interface RecordedSource {
  readonly path: string;
  readonly jails: readonly string[] | undefined;
}

/** The Nth line that a source gives after its last committed place, in one jail. */
export interface Culprit {
  readonly source: SourceId;
  readonly line: number;
  readonly jail: string;
}

export type FromWorker =
  /** Whether every filter that it was given to check can be compiled. */
  | { readonly kind: 'checked'; readonly isSound: boolean }
  /** It was started ahead, and may be told to go. */
  | { readonly kind: 'ready' }
  /** It is about to hear lines, after a while or still (STIR_EVERY_MS). */
  | { readonly kind: 'stir' }
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** Lines were passed over in time; they are among those of the next batch. */
  | { readonly kind: 'given-up'; readonly source: SourceId; readonly givenUp: GivenUp }
  /** The thread's folder in /proc, if there is one. */
  | { readonly kind: 'thread'; readonly path: string | undefined }
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  /** A source is heard for the first time; the order gives it its number. */
  | { readonly kind: 'source'; readonly source: SourceId }
  /** A journal's handle to close if the worker is killed; undefined = closed. */
  | { readonly kind: 'handle'; readonly source: SourceId; readonly handle: bigint | undefined }
  /** The new jails have looked back. */
  | { readonly kind: 'looked-back' }
  /** A recording was heard to its end. */
  | { readonly kind: 'ended' }
  /** It has closed its sources and says nothing more. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly text: string };

export type ToWorker =
  /** To be compiled ahead of the plan, which will name them. */
  | { readonly kind: 'check'; readonly filters: readonly FilterOptions[] }
  | { readonly kind: 'plan'; readonly plan: HearingPlan }
  | { readonly kind: 'go'; readonly go: HearingGo }
  /** A batch was taken, and sources wait for that. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'close' };
