/**
 * What is kept as known good: the files of the configuration, and facts. Types, and the one place that says what a fact is.
 * Secrets are hidden in all of it.
 */

/** Group → name → value, a text of one or more lines. Groups: `host`, `settings`, `jail sshd`, `daemon`, … */
export type Facts = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface KeptFile {
  /** Absolute. */
  readonly path: string;
  /** `0640 root:root` in numbers: `0640 0:0`. */
  readonly access: string;
  /** undefined = no configuration is read from it; what it holds is not kept. */
  readonly text?: string;
}

export interface KnownGood {
  readonly version: 1;
  readonly savedAtMs: number;
  /** Where the jails are read. */
  readonly directory: string;
  readonly facts: Facts;
  /** In order of their paths. */
  readonly files: readonly KeptFile[];
}
