/**
 * What the daemon tells over its socket about itself and its jails: the results of `version`, `status`, `jail`.
 * Plain data that survives JSON: `null` means none. `--json` prints it as it is, so names are stable (docs/json.md).
 * Times are milliseconds since the epoch. Texts may hold what an attacker wrote.
 */

export interface VersionReport {
  readonly version: string;
}

export interface NoticeReport {
  readonly level: 'info' | 'warning' | 'alarm';
  /** The jail, source or action that it is about. */
  readonly about: string;
  readonly text: string;
  readonly atMs: number;
}

export interface SourceReport {
  /** `journal`, `file:/var/log/mail.log`, … */
  readonly id: string;
  readonly state: 'following' | 'catching-up' | 'waiting' | 'failing';
  /** The time of the last line taken over; how far behind it is can be seen from it. */
  readonly placeTimeMs: number | null;
  readonly linesRead: number;
  readonly notices: readonly NoticeReport[];
}

export interface ConfigurationReport {
  /** Where the jails came from; null = the shipped mail policy. */
  readonly directory: string | null;
  /** A directory that holds jails too and is not read. */
  readonly ignoredDirectory: string | null;
  readonly asFail2ban: boolean;
  /** Problems of the configuration, one ready sentence each. */
  readonly problems: readonly string[];
}

export interface WatchesReport {
  readonly backend: 'journal' | 'file';
  /** As journalctl takes it: `A=1 B=2 + C=3`; empty = none. */
  readonly journalMatch: string;
  /** Files followed now. */
  readonly files: readonly string[];
}

export interface HearingReport {
  /** deaf: its filter has recognised nothing of the configured way this boot. */
  readonly state: 'hearing' | 'deaf' | 'waiting' | 'failing';
  /** One sentence: what it hears, or what is wrong and what it follows instead. */
  readonly text: string;
  readonly lines: number;
  readonly recognised: number;
  readonly lastHeardAtMs: number | null;
}

export interface EnforcementReport {
  /** The action's name: `nftables`. */
  readonly action: string;
  readonly state: 'working' | 'failing' | 'off';
  readonly detail: string;
  /** `tcp 25,465,587`, `all`; null where the action has none. */
  readonly ports: string | null;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
}

export interface JailSettings {
  readonly maxretry: number;
  readonly findtimeSeconds: number;
  /** -1 = for ever. */
  readonly bantimeSeconds: number;
  readonly ipv6prefix: number;
}

export interface JailOverview {
  readonly name: string;
  /** `sshd[mode=aggressive]` */
  readonly filter: string;
  readonly watches: WatchesReport;
  readonly hears: HearingReport;
  readonly enforces: readonly EnforcementReport[];
  readonly settings: JailSettings;
  /** Why it runs on its last valid configuration and not on what is written now; null = it runs on what is written. */
  readonly outdated: string | null;
  readonly currentlyFailed: number;
  readonly totalFailed: number;
  readonly currentlyBanned: number;
  readonly totalBanned: number;
  /** Addresses whose bans are held back, because too many followed a change of the jail. */
  readonly heldBack: number;
  /** Packets that the firewall has shut out for it, by set, since its table was written last. */
  readonly dropped: readonly { readonly set: string; readonly packets: number; readonly bytes: number }[];
}

export interface BanReport {
  /** Address, network or the text of an `<F-ID>`. */
  readonly target: string;
  readonly sinceMs: number;
  /** null = for ever. */
  readonly untilMs: number | null;
  readonly failures: number;
  readonly origin: 'jail' | 'hand' | 'restored' | 'imported';
}

export interface JailStatus extends JailOverview {
  /** In order of their end. */
  readonly banned: readonly BanReport[];
}

/** What a reload did. */
export interface ReloadReport {
  readonly added: readonly string[];
  /** Those that run on with something else than before. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Those whose new configuration is wrong: they run on with their last valid one. */
  readonly outdated: readonly { readonly jail: string; readonly because: string }[];
  /** Those that are wrong and did not run before either. */
  readonly skipped: readonly { readonly jail: string; readonly because: string }[];
  /** What is wrong with the files as a whole; then nothing was changed. */
  readonly unreadable: readonly string[];
}

export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly mode: 'enforcing' | 'observing' | 'rehearsing';
  readonly configuration: ConfigurationReport;
  /** In the order of the configuration. */
  readonly jails: readonly JailOverview[];
  readonly sources: readonly SourceReport[];
  readonly notices: readonly NoticeReport[];
  /** Whom no jail bans, lest the host be cut off: addresses and networks. */
  readonly neverBanned: readonly { readonly target: string; readonly because: string }[];
  /** What was dropped, skipped, cut; by name. */
  readonly counters: Readonly<Record<string, number>>;
}
