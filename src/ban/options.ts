/**
 * What decides how long and how wide a ban is. `config/` fills it in.
 */
export interface BanOptions {
  /** -1 = for ever. */
  readonly bantimeSeconds: number;
  /** Width at which IPv6 is banned: 1–128. */
  readonly ipv6prefix: number;
  /** Longer bans for those who come back (`bantime.increment`); undefined = no. */
  readonly growth?: GrowthOptions | undefined;
  /** Whom this jail never bans, lest the host be cut off; undefined = nobody. */
  readonly spares?: readonly SparedKind[] | undefined;
  /** So many bans within a minute, soon after its filter changed, are not too many; undefined or 0 = never are. */
  readonly breakerBans?: number | undefined;
}

/** Peers of SSH sessions, gateways, resolvers, the host's own networks. */
export type SparedKind = 'sessions' | 'gateways' | 'resolvers' | 'networks';

export interface GrowthOptions {
  /** Arithmetic. */
  readonly factor: string;
  /** Arithmetic; undefined: the time doubles with each ban. */
  readonly formula: string | undefined;
  /** Override the formula; the last one holds for all further bans. */
  readonly multipliers: readonly number[];
  /** undefined: no bound. */
  readonly maxtimeSeconds: number | undefined;
  readonly rndtimeSeconds: number;
  /** Whether earlier bans by other jails count as well. */
  readonly overallJails: boolean;
}
