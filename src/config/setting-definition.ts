/**
 * What a row of the table of settings says of one option: its name, type, default, range and help.
 */
export interface SettingDefinition {
  readonly name: string;
  readonly type:
    | 'boolean'
    | 'integer'
    | 'time'
    | 'text'
    | 'lines'
    | 'words'
    | 'choice'
    | 'server'
    | 'registry';
  /** As one would write it; undefined = unset. */
  readonly default: string | undefined;
  /** What holds with `--as-fail2ban` where that differs. */
  readonly neutral?: string | undefined;
  /** For `integer` and `time` (seconds). */
  readonly range?: readonly [number, number] | undefined;
  readonly choices?: readonly string[] | undefined;
  /** Shown as its last four characters only. */
  readonly secret?: true | undefined;
  /** Read and understood, without effect in this version. */
  readonly idle?: true | undefined;
  readonly help: string;
}
