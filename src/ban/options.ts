/**
 * What decides how long and how wide a ban is. `config/` fills it in.
 */
export interface BanOptions {
  /** -1 = for ever. */
  readonly bantimeSeconds: number;
  /** Width at which IPv6 is banned: 1–128. */
  readonly ipv6prefix: number;
}
