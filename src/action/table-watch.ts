/**
 * What hears that our table was taken away, whichever way it hears: whom it tells, and how it ends.
 */

/** Told each time that the table was destroyed (`seen`), or may have been while nobody listened. */
export type TableDestroyed = (seen: boolean) => void;

export interface TableWatch {
  close(): void;
}
