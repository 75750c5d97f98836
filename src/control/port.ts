/**
 * What the control server needs of the daemon: one method per verb, sync where it can be.
 * Arguments are validated already (targets canonical where they are addresses). A BailiffError that a method throws
 * is told to the client as it is; anything else is told as `control.internal` and logged.
 */
import { BailiffError } from '../lib/errors.js';
import type {
  BannedReport,
  BanResult,
  Explanation,
  ReleaseResult,
  TopReport,
  UnbanResult,
} from './answers.js';
import type { Fail2banResult } from './fail2ban-answer.js';
import type { ReportsAnswer, ReportsFlushed, ReportsForgotten, ReportsPreview } from './outgoing-answers.js';
import type { JailStatus, ReloadReport, StatusReport, VersionReport } from './reports.js';

export type Answer<Result> = Result | Promise<Result>;

export interface ControlPort {
  version(): Answer<VersionReport>;
  status(): Answer<StatusReport>;
  /** @throws unknownJail */
  jail(name: string): Answer<JailStatus>;
  /** All jails, or one. @throws unknownJail */
  banned(jail: string | undefined): Answer<BannedReport>;
  /** `forSeconds` undefined = the jail's bantime, -1 = for ever. @throws unknownJail */
  ban(jail: string, targets: readonly string[], forSeconds: number | undefined): Answer<BanResult>;
  /** In one jail or in all. @throws unknownJail */
  unban(targets: readonly string[], jail: string | undefined): Answer<UnbanResult>;
  unbanAll(): Answer<UnbanResult>;
  /** The bans of a jail that are held back follow. @throws unknownJail */
  release(jail: string): Answer<ReleaseResult>;
  explain(address: string): Answer<Explanation>;
  /** At most `limit` entries a list. */
  top(limit: number): Answer<TopReport>;
  /** What was reported, and what waits: at most `limit` entries, the newest first. */
  reports(limit: number): Answer<ReportsAnswer>;
  /** What would be sent of what waits, and what not. */
  reportsPreview(limit: number): Answer<ReportsPreview>;
  /** Sends what waits without its delay. */
  reportsFlush(): Answer<ReportsFlushed>;
  /** What waits about an address is not sent. */
  reportsForget(address: string): Answer<ReportsForgotten>;
  /** Lifts the bans and orders the end, answers, and ends afterwards: the answer still has to be written. */
  stop(): Answer<void>;
  /** Reads the configuration again and changes what changed. */
  reload(): Answer<ReloadReport>;
  /** Answers words of fail2ban-client as Fail2Ban's server does. */
  fail2ban(words: readonly string[]): Answer<Fail2banResult>;
}

export function unknownJail(name: string): BailiffError {
  return new BailiffError('control.unknown-jail', `There is no jail \`${name}\`.`, {
    remedy: '`bailiff status` lists the jails.',
  });
}
