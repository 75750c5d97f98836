/**
 * What a trial of a filter hands around: a line with its stamp cut out, and what an expression found in it. Types only.
 * The fields are those of Fail2Ban's failure data, by group name, in the order in which they came.
 */

/** What stands before the stamp, the stamp, and what stands behind it. */
export type StampedLine = readonly [before: string, stamp: string, after: string];

export type FieldValue =
  | string
  | number
  | null
  /** Every user of a connection. */
  | ReadonlySet<string>
  /** The parts of `<F-TUPLE_X>`. */
  | { readonly tuple: readonly FieldValue[] }
  | readonly StampedLine[];

export type Fields = Map<string, FieldValue>;

/** When a line says that it was written. */
export interface TrialTime {
  /** Since the epoch. */
  readonly seconds: number;
  /** Whether Fail2Ban counts it in whole numbers, as it does where the zone is known. */
  readonly whole: boolean;
}

/** One failure as an expression found it. */
export interface Finding {
  /** Index into failregex. */
  readonly expression: number;
  /** Whom it names: canonical where it is an address; undefined = not known yet. */
  readonly id: string | undefined;
  /** A name that stands for an address; `id` is to be looked up. */
  readonly name: string | undefined;
  /** undefined = no stamp. */
  readonly time: TrialTime | undefined;
  readonly fields: Fields;
}

/** The line without its stamp. */
export function strippedText([before, , after]: StampedLine): string {
  return before + after;
}
