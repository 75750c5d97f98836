/**
 * The half of the daemon that hears, and what changes it while it runs: places → look back → threads → live jails → reload.
 * Takes what decides and what start.ts has begun; gives the parts, not started yet. Batches go to the guard.
 */
import type { Configuration } from '../config/configuration.js';
import type { ConfigurationReport } from '../control/reports.js';
import { filtersOf } from '../jail/filters-of.js';
import { systemClock } from '../lib/clock.js';
import { BailiffError } from '../lib/errors.js';
import { discrepancy } from './answering/status-report.js';
import type { Deciding } from './deciding/deciding.js';
import type { Mode } from './enforcing/mode.js';
import { Speech } from './fail2ban/speech.js';
import { ApartPlaces } from './hearing/apart-places.js';
import type { EarlyHearing } from './hearing/early-hearing.js';
import { ForeignExpressions } from './hearing/foreign-expressions.js';
import { DaemonHearing, type HearingOptions } from './hearing/hearing.js';
import { type FirstHeard, HearingState } from './hearing/hearing-state.js';
import { planLookBack } from './hearing/look-back.js';
import { Quiet } from './hearing/quiet.js';
import { readBootId } from './host/boot-id.js';
import type { RunOptions } from './options.js';
import { readConfigurationInThread } from './reloading/configuration-thread.js';
import { LiveJails } from './reloading/live-jails.js';
import { Reloading } from './reloading/reload.js';
import type { NoticeBoard } from './telling/notice-board.js';

export interface GuardingStart {
  readonly options: RunOptions;
  readonly configuration: Configuration;
  /** What was told of it. */
  readonly configurationReport: ConfigurationReport;
  readonly mode: Mode;
  readonly deciding: Deciding;
  readonly notices: NoticeBoard;
  readonly startedAtMs: number;
  readonly early: EarlyHearing;
  readonly closeHandle: HearingOptions['closeHandle'];
}

export interface Guarding {
  readonly hearing: DaemonHearing;
  readonly hearingState: HearingState;
  readonly reloading: Reloading;
  readonly speech: Speech;
  readonly quiet: Quiet;
}

export function guardedBy(start: GuardingStart): Guarding {
  const {
    options,
    configuration,
    configurationReport,
    mode,
    deciding,
    notices,
    startedAtMs,
    early,
    closeHandle,
  } = start;
  const { configDirectory, asFail2ban } = options;
  const { store, surroundings, jails, enforcement, ledger, guard } = deciding;
  const bootId = readBootId();
  const hearingState = new HearingState(store.places.heardIn(bootId));
  const quiet = new Quiet(mode.rehearsal === undefined);
  const tellHearing = ({ own, other }: FirstHeard): void => {
    for (const jail of own) ledger.note(() => store.places.noteHeard(jail, bootId));
    for (const { name, options: jail } of jails)
      if (other.includes(name)) notices.post('warning', name, 'deaf', `It hears ${discrepancy(jail)}.`);
  };
  const places = store.places.places();
  const past = planLookBack(mode.jails, store, places, startedAtMs);
  const foreign = new ForeignExpressions(configuration.written);
  const hearing = new DaemonHearing({
    start: {
      jails: mode.jails,
      sinceMs:
        mode.rehearsal === undefined ? past.sinceMs : new Map(mode.jails.map((jail) => [jail.name, 0])),
      recording: mode.rehearsal?.recording,
      shiftMs: mode.rehearsal?.shiftMs ?? 0,
    },
    places,
    newJails: past.newJails,
    kept: new ApartPlaces(ledger, store),
    connections: store.places.connections(),
    heard: () => hearingState.heard,
    notices,
    take: (batch) => {
      guard.take(batch);
      tellHearing(hearingState.take(batch, live.options()));
      if (batch.heard.length > 0) quiet.stir();
    },
    ended: () => quiet.reach(),
    passedOver: (lines) => hearingState.passedOver(lines),
    restarted: (why, jailsOf) => hearingState.restarted(why, jailsOf),
    closeHandle,
    worker: early.take(),
    keepsSpare: () => mode.rehearsal === undefined && foreign.any,
  });
  const live = new LiveJails({
    jails,
    guard,
    enforcement,
    hearing,
    store,
    surroundings,
    isRehearsal: mode.rehearsal !== undefined,
  });
  const reloading = new Reloading(
    {
      read: async () => {
        if (mode.rehearsal !== undefined) throw rehearsing();
        const sound = filtersOf(live.options());
        return readConfigurationInThread({ configDirectory, asFail2ban, sound });
      },
      adapt: mode.adapt,
      live,
      notices,
      taken: (read) => {
        speech.take(read);
        foreign.take(read);
      },
    },
    configurationReport,
  );
  const speech = new Speech(
    { jails, guard, live, reloading, notices, clock: systemClock },
    configuration.written,
  );

  return { hearing, hearingState, reloading, speech, quiet };
}

function rehearsing(): BailiffError {
  return new BailiffError('daemon.rehearsing', 'A rehearsal does not read its configuration again.', {
    remedy: 'Start it anew, or run it where there is something to guard.',
  });
}
