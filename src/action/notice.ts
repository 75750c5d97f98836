/**
 * Something that an action tells the admin: never silent, never fatal. These are the types.
 */
export interface EffectNotice {
  readonly effect: string;
  readonly level: 'info' | 'warning' | 'alarm';
  /** Stable word, e.g. `refused`, `failing`, `working`, `gone`, `no-address`. */
  readonly event: string;
  readonly text: string;
}
