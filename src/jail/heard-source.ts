/** What the ears know of a source: a type. */

export interface HeardSource {
  readonly number: number;
  /** Lines heard since the start. */
  lines: number;
  /** How many of them the main thread was told of. */
  toldLines: number;
}
