/**
 * Composes what `status` shows: each jail's watching, hearing and enforcing, the sources, notices and counters.
 * Takes the daemon's parts; gives the report of the control protocol. Does not print.
 */
import type {
  BanReport,
  EnforcementReport,
  HearingReport,
  JailOverview,
  StatusReport,
} from '../../control/reports.js';
import type { Ban } from '../../ban/ban.js';
import type { Jail } from '../../jail/jail.js';
import type { Jails } from '../../jail/jails.js';
import type { Way } from '../../jail/batch.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { formatJournalMatch } from '../../lib/journal-match.js';
import type { Enforcement, JailEffect } from '../enforcing/enforcement.js';
import type { HearingState } from '../hearing/hearing-state.js';
import type { Ledger } from '../deciding/ledger.js';
import type { Reloading } from '../reloading/reload.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { Spared } from '../host/spared-hosts.js';

export interface ReportParts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly mode: StatusReport['mode'];
  readonly reloading: Pick<Reloading, 'report' | 'outdated'>;
  readonly jails: Jails;
  readonly enforcement: Enforcement;
  readonly hearing: HearingState;
  /** Why a jail is heard with less than all it needs; undefined = it is not. */
  readonly trouble: (jail: string) => string | undefined;
  readonly ledger: Ledger;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  /** Whom the host must not be cut off from. */
  readonly spared: () => readonly Spared[];
}

export function statusReport(parts: ReportParts): StatusReport {
  const { suspended, waiting, lost } = parts.ledger.state();
  const forgotten = [...parts.jails].reduce((sum, jail) => sum + jail.failures.forgotten, 0);
  return {
    version: parts.version,
    pid: process.pid,
    startedAtMs: parts.startedAtMs,
    mode: parts.mode,
    configuration: parts.reloading.report,
    jails: [...parts.jails].map((jail) => jailOverview(jail, parts)),
    sources: parts.hearing.sources(parts.notices),
    notices: parts.notices.all(),
    neverBanned: neverBanned(parts),
    counters: {
      ...parts.hearing.counters(),
      forgottenIds: forgotten,
      storeSuspended: suspended === undefined ? 0 : 1,
      storeWaiting: waiting,
      storeLost: lost,
    },
  };
}

/** Of those whom the host must not be cut off from, the kinds that any jail spares. */
function neverBanned({ jails, spared }: ReportParts): StatusReport['neverBanned'] {
  const kinds = new Set([...jails].flatMap(({ options }) => options.ban.spares ?? []));
  return spared()
    .filter(({ kind }) => kinds.has(kind))
    .map(({ target, because }) => ({ target, because }));
}

/** What the daemon does, in a line. */
export function statusLine(mode: StatusReport['mode'], jails: Jails, ledger: Ledger): string {
  const all = [...jails];
  const banned = all.reduce((sum, jail) => sum + jail.bans.size, 0);
  const trouble = ledger.state().suspended === undefined ? '' : ' The store cannot be written!';
  return `${mode}: ${all.length} jails, ${banned} banned.${trouble}`;
}

export function jailOverview(jail: Jail, parts: ReportParts): JailOverview {
  const { options } = jail;
  return {
    name: jail.name,
    filter: options.filter.name,
    watches: {
      backend: options.watch.backend,
      journalMatch: formatJournalMatch(options.watch.journalMatch),
      files: options.watch.files.map(({ glob }) => glob),
    },
    hears: hearingOf(jail, parts),
    enforces: parts.enforcement.of(jail.name).map(enforcementOf),
    settings: {
      maxretry: options.failure.maxretry,
      findtimeSeconds: options.failure.findtimeSeconds,
      bantimeSeconds: options.ban.bantimeSeconds,
      ipv6prefix: options.ban.ipv6prefix,
    },
    outdated: parts.reloading.outdated(jail.name) ?? null,
    currentlyFailed: jail.failures.currentlyFailed(parts.clock.now()),
    totalFailed: jail.failures.totalFailed,
    currentlyBanned: jail.bans.size,
    totalBanned: jail.bans.total,
    heldBack: jail.breaker.held,
    dropped: parts.enforcement.droppedOf(jail.name),
  };
}

/** A ban as the control protocol tells it. */
export function banReport({ target, bannedAtMs, untilMs, failures, origin }: Ban): BanReport {
  return { target, sinceMs: bannedAtMs, untilMs: untilMs ?? null, failures, origin };
}

/** Current bans in order of their end; those for ever last. */
export function banReports(jail: Jail): readonly BanReport[] {
  return [...jail.bans.current]
    .map(banReport)
    .sort((left, right) => (left.untilMs ?? Infinity) - (right.untilMs ?? Infinity));
}

function hearingOf(jail: Jail, { hearing, trouble }: ReportParts): HearingReport {
  const { backend } = jail.options.watch;
  const own = hearing.ear(jail.name, backend);
  const other = hearing.ear(jail.name, backend === 'journal' ? 'file' : 'journal');
  const lines = (own?.lines ?? 0) + (other?.lines ?? 0);
  const recognised = (own?.recognised ?? 0) + (other?.recognised ?? 0);
  const lastHeardAtMs = Math.max(own?.lastHeardMs ?? 0, other?.lastHeardMs ?? 0);
  const said = { lines, recognised, lastHeardAtMs: lastHeardAtMs === 0 ? null : lastHeardAtMs };
  if (jail.options.countsBans)
    return { state: 'hearing', text: 'counts the bans of the other jails', ...said };
  const text = trouble(jail.name);
  if (text !== undefined) return { state: 'failing', text, ...said };
  if (hearing.heard.has(jail.name)) return { state: 'hearing', text: nameOf(backend), ...said };
  if ((other?.recognised ?? 0) > 0) return { state: 'deaf', text: discrepancy(jail.options), ...said };
  const listens =
    other === undefined ? '' : `; listens to ${nameOf(backend === 'journal' ? 'file' : 'journal')} as well`;
  return { state: 'waiting', text: `nothing recognised yet${listens}`, ...said };
}

/** What a deaf jail was told to hear, and what it hears. */
export function discrepancy({ watch }: JailOptions): string {
  const files = watch.files.map(({ glob }) => glob).join(' ');
  return watch.backend === 'journal'
    ? `nothing in the journal by ${formatJournalMatch(watch.journalMatch)}; the service logs to ${files}, which is followed instead`
    : `nothing in ${files}; the service logs to the journal, which is followed instead`;
}

function nameOf(way: Way): string {
  return way === 'journal' ? 'the journal' : 'its files';
}

function enforcementOf({ action, effect }: JailEffect): EnforcementReport {
  const { port, protocol, type } = action.parameters;
  const ports = type === 'allports' ? 'all' : port === undefined ? null : `${protocol ?? 'tcp'} ${port}`;
  return { action: action.name, ports, ...effect.state() };
}
