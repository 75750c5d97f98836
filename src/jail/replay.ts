/**
 * `replay`: recorded logs through the whole way, with their own time as the clock.
 * Takes the recordings; gives bans and unbans in the order of their time, the summary last. Several recordings are
 * put in order by the times of their matches. No effects, no store.
 */
import { loadConfiguration } from '../config/configuration.js';
import type { Decision } from '../ban/ban.js';
import { RememberedBans } from '../ban/remembered-bans.js';
import { logRecording } from '../source/recording-log.js';
import { interestOf } from '../source/route-table.js';
import type { Lines } from '../source/lines.js';
import type { Source } from '../source/source.js';
import type { Heard } from './batch.js';
import { checkFilter } from './check-filter.js';
import { Ears } from './ears.js';
import { Jails } from './jails.js';
import type { Outcome } from './jail.js';
import type { JailOptions } from './options.js';
import type { ReplayEvent, ReplayRequest } from './offline-events.js';
import { playRecordings, type Recording } from './play-recordings.js';
import { threadedRecording } from './reading-thread.js';
import { ReplayTally } from './replay-tally.js';

/** `watch` is told of everything that comes of the lines, in order. */
export async function* replay(
  request: ReplayRequest,
  watch: (outcome: Outcome) => void = () => undefined,
): AsyncGenerator<ReplayEvent> {
  const startMs = performance.now();
  const { jails: options } = loadConfiguration({ ...request, checkFilter });
  const ears = new Ears({
    jails: options,
    connections: new Map(),
    heardBefore: new Set(),
    sinceMs: () => request.sinceMs ?? Number.NEGATIVE_INFINITY,
    now: () => Date.now(),
    tellsChanges: false,
  });
  const jails = new Jails(options, { ...NOBODY, history: new RememberedBans() });
  const tally = new ReplayTally(options);
  const clock = new ReplayClock(jails, tally, watch);
  const untilMs = request.untilMs ?? Number.POSITIVE_INFINITY;
  for await (const played of playRecordings(recordingsOf(request, ears, options))) {
    if (played.kind === 'notice') {
      yield { kind: 'notice', level: played.notice.level, text: played.notice.text };
    } else if (played.kind === 'batch') {
      tally.takeBatch(played.batch);
      yield { kind: 'progress', done: tally.lines, total: undefined, unit: 'lines' };
    } else {
      const events = clock.take(played.heard, untilMs);
      if (events.length > 0) yield* events;
    }
  }
  yield tally.summary(performance.now() - startMs);
}

/** A replay has no host: nobody is protected, no name is resolved. */
const NOBODY = {
  ownAddresses: () => new Set<string>(),
  namedAddresses: () => new Set<string>(),
  protectedIn: () => undefined,
};

/** Moves on with the matches: bans whose time is up end before the next match is counted. */
class ReplayClock {
  readonly #jails: Jails;
  readonly #tally: ReplayTally;
  readonly #watch: (outcome: Outcome) => void;
  #nextEndMs = Number.POSITIVE_INFINITY;

  constructor(jails: Jails, tally: ReplayTally, watch: (outcome: Outcome) => void) {
    this.#jails = jails;
    this.#watch = watch;
    this.#tally = tally;
  }

  /** What came of the matches up to `untilMs`. */
  take(heard: readonly Heard[], untilMs: number): readonly ReplayEvent[] {
    const events: ReplayEvent[] = [];
    for (const each of heard) {
      const nowMs = each.match.timeMs;
      if (nowMs > untilMs) continue;
      if (this.#nextEndMs <= nowMs) this.#tell(this.#jails.expire(nowMs), events);
      for (const outcome of this.#jails.hear(each, nowMs)) {
        this.#tally.take(outcome, nowMs);
        this.#watch(outcome);
        if (outcome.kind === 'decided') this.#tell([outcome.decision], events);
      }
    }
    return events;
  }

  #tell(decisions: readonly Decision[], events: ReplayEvent[]): void {
    for (const decision of decisions) events.push(this.#tally.decide(decision));
    if (decisions.length > 0) this.#nextEndMs = this.#jails.nextEndMs() ?? Number.POSITIVE_INFINITY;
  }
}

function recordingsOf(
  request: ReplayRequest,
  ears: Ears,
  jails: readonly JailOptions[],
): readonly Recording[] {
  const interest = interestOf(ears.journalMatches());
  const journals: Source[] = [];
  const sinceMs = request.sinceMs ?? 0;
  if (request.journalPath !== undefined)
    journals.push(
      threadedRecording({ kind: 'journal', path: request.journalPath, interest, sinceMs, jails }),
    );
  if (request.journalExport !== undefined)
    journals.push(
      threadedRecording({ kind: 'export', path: request.journalExport, interest, sinceMs, jails }),
    );
  return [
    ...journals.map((source) => ({ source, hear: (chunk: Lines) => ears.hearJournal(chunk, undefined) })),
    ...request.logs.map(({ jail, path }) => ({
      source: logRecording(path),
      hear: (chunk: Lines) => ears.hearFile(chunk, [jail]),
    })),
  ];
}
