/**
 * What a hearing thread begins with, what it tells, and what it may be told to hear instead. Types only.
 */
import type { Worker } from 'node:worker_threads';
import type { Batch } from '../../jail/batch.js';
import type { HearingPlan } from '../../jail/hear-messages.js';
import type { ConnectionsByEar } from '../../jail/kept-connections.js';
import type { JailOptions } from '../../jail/options.js';
import type { Place, SourceId, SourceNotice } from '../../source/lines.js';

/** What a worker begins with. */
export interface ThreadStart {
  readonly plan: Omit<HearingPlan, 'progress' | 'isAhead'>;
  readonly places: ReadonlyMap<SourceId, Place>;
  readonly connections: ConnectionsByEar;
  /** Jails that are to look back at what the others have read. */
  readonly newJails: readonly string[];
  /** A worker that was started before; undefined = it is started when it is needed. */
  readonly worker?: Worker | undefined;
}

/** Lines of a jail that an expression did not end on, and are passed over. */
export interface Strike {
  readonly jail: JailOptions;
  readonly source: SourceId;
  /** Index of the expression, as the filter counts them. */
  readonly expression: number;
  readonly lines: number;
  /** The worker was killed for it, and another one goes on. */
  readonly isKilled: boolean;
}

/** Who is told of what. */
export interface ThreadPort {
  /** The jails that have heard their configured way by now. */
  readonly heard: () => ReadonlySet<string>;
  /** The jails to hear with caution. */
  readonly cautious: () => readonly string[];
  /** Counts, writes, lets the effects follow. Synchronous. */
  readonly take: (batch: Batch) => void;
  readonly notice: (notice: SourceNotice) => void;
  /** An alarm about the worker itself. */
  readonly alarm: (event: string, text: string) => void;
  readonly struck: (strike: Strike) => void;
  readonly lookedBack: (jails: readonly string[]) => void;
  /** A recording was heard to its end. */
  readonly ended: () => void;
  /** The worker is replaced: because it died, or because it has other jails to hear than these. */
  readonly restarted: (why: 'died' | 'changed', jails: readonly JailOptions[]) => void;
  /** Whether a worker is kept ready for the case that the present one is killed. */
  readonly keepsSpare: () => boolean;
  /** How long to wait before a killed worker is replaced, milliseconds. */
  readonly pauseMs: () => number;
  /** Closes a journal handle that a killed worker left open. */
  readonly closeHandle: (handle: bigint) => void;
}

/** What another worker shall hear. */
export interface NextHearing {
  readonly jails: readonly JailOptions[];
  readonly sinceMs: ReadonlyMap<string, number>;
  /** Jails that look back at what the others have read. */
  readonly newJails: readonly string[];
  /** Where they begin in each source; where nothing is said, as far back as `sinceMs`. */
  readonly from: ReadonlyMap<SourceId, Place>;
}
