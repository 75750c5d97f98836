/**
 * One jail as configured: the options of each stage it is made of. `config/` fills it in.
 */
import type { ActionOptions, ReportOptions } from '../action/options.js';
import type { BanOptions } from '../ban/options.js';
import type { FailureOptions } from '../failure/options.js';
import type { FilterOptions } from '../filter/match.js';
import type { WatchOptions } from '../source/options.js';

export interface JailOptions {
  readonly name: string;
  readonly watch: WatchOptions;
  readonly filter: FilterOptions;
  /** The same filter for the way that is listened to while the configured one is deaf; undefined where there is none. */
  readonly otherFilter: FilterOptions | undefined;
  readonly failure: FailureOptions;
  readonly ban: BanOptions;
  readonly actions: readonly ActionOptions[];
  /** What of its bans deserves to be reported, if an action reports; undefined = nothing. */
  readonly report?: ReportOptions | undefined;
  /** When its messages go as a digest, in minutes after midnight; undefined = each at once. */
  readonly messageDigestMinutes?: number | undefined;
  /** recidive counts the bans of the other jails instead of lines. */
  readonly countsBans: boolean;
}
