/**
 * What the command line tells the daemon. `cli/run.ts` fills it in; `daemon/run.ts` takes it.
 */
import type { StatusReport } from '../control/reports.js';

export interface RunOptions {
  /** undefined = found as design says: /etc/bailiff, /etc/fail2ban, the shipped mail policy. */
  readonly configDirectory: string | undefined;
  /** undefined = what `bailiff.conf` says, else `daemonPaths()` of lib/paths. */
  readonly stateDirectory: string | undefined;
  /** undefined = the same. */
  readonly socketPath: string | undefined;
  /** undefined = what `bailiff.conf` says, else observe. */
  readonly enforce: 'nftables' | 'none' | undefined;
  /** undefined = what `bailiff.conf` says, else off. */
  readonly http: { readonly host: string; readonly port: number } | 'off' | undefined;
  readonly asFail2ban: boolean;
  /** Called once, when every jail is in place: prints the table of jails. */
  readonly announce: (report: StatusReport) => void;
}
