/**
 * The language of the control socket: one JSON object a line, a request `{id?, verb, …}` for an answer
 * `{id?, ok: true, result}` or `{id?, ok: false, error: {code, message, remedy?}}`, in order.
 * Takes nothing; these are the types, with the result of each verb. Requests are validated by parse-request.ts.
 */
import type {
  BannedReport,
  BanResult,
  Explanation,
  ReleaseResult,
  TopReport,
  UnbanResult,
} from './answers.js';
import { type Fail2banResult, needsPrivilege } from './fail2ban-answer.js';
import type { ReportsAnswer, ReportsFlushed, ReportsForgotten, ReportsPreview } from './outgoing-answers.js';
import type { JailStatus, ReloadReport, StatusReport, VersionReport } from './reports.js';

export type RequestId = string | number;

export type ControlRequest =
  | { readonly verb: 'ping' | 'version' | 'status' | 'unban-all' | 'stop' | 'reload' | 'reports-flush' }
  | { readonly verb: 'jail' | 'release'; readonly jail: string }
  | { readonly verb: 'banned'; readonly jail?: string }
  | {
      readonly verb: 'ban';
      readonly jail: string;
      readonly targets: readonly string[];
      /** Without it the jail's bantime; -1 = for ever. */
      readonly forSeconds?: number;
    }
  | { readonly verb: 'unban'; readonly targets: readonly string[]; readonly jail?: string }
  | { readonly verb: 'explain'; readonly address: string }
  | { readonly verb: 'top' | 'reports' | 'reports-preview'; readonly limit?: number }
  | { readonly verb: 'reports-forget'; readonly address: string }
  /** The words of fail2ban-client. */
  | { readonly verb: 'fail2ban'; readonly words: readonly string[] };

export type Verb = ControlRequest['verb'];

/** What each verb is answered with. */
export interface Results {
  readonly ping: 'pong';
  readonly version: VersionReport;
  readonly status: StatusReport;
  readonly jail: JailStatus;
  readonly banned: BannedReport;
  readonly ban: BanResult;
  readonly unban: UnbanResult;
  readonly 'unban-all': UnbanResult;
  readonly release: ReleaseResult;
  readonly explain: Explanation;
  readonly top: TopReport;
  readonly reports: ReportsAnswer;
  readonly 'reports-preview': ReportsPreview;
  readonly 'reports-flush': ReportsFlushed;
  readonly 'reports-forget': ReportsForgotten;
  readonly stop: { readonly stopping: true };
  readonly reload: ReloadReport;
  readonly fail2ban: Fail2banResult;
}

export interface ErrorReply {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

export type Reply<Result = unknown> =
  | { readonly id?: RequestId; readonly ok: true; readonly result: Result }
  | { readonly id?: RequestId; readonly ok: false; readonly error: ErrorReply };

/** Whether only root and the daemon's own user may ask this; whoever may open the socket may ask the rest. */
export function isPrivileged(request: ControlRequest): boolean {
  if (request.verb === 'fail2ban') return needsPrivilege(request.words);
  return request.verb === 'stop' || request.verb === 'reload';
}

/** Bytes of one request, its newline not counted. */
export const REQUEST_BYTES = 65_536;
