/**
 * What is wrong with a configuration: told with place and remedy, never thrown past this room.
 * Takes BailiffErrors; gives plain frozen records that the command line and the log print.
 * Does not decide on exit codes.
 */
import { BailiffError, type Where } from '../lib/errors.js';

export interface Problem {
  /** error: the jail (or setting) named does not hold; warning: it holds, but look at it. */
  readonly severity: 'error' | 'warning';
  /** Stable dotted code, e.g. `config.time`. */
  readonly code: string;
  readonly file: string | undefined;
  /** 1-based. */
  readonly line: number | undefined;
  readonly section: string | undefined;
  readonly option: string | undefined;
  readonly message: string;
  readonly remedy: string | undefined;
}

/** A BailiffError as a problem; `place` fills in what the error does not know itself. */
export function problemOf(
  error: BailiffError,
  severity: Problem['severity'] = 'error',
  place: Where = {},
): Problem {
  return Object.freeze({
    severity,
    code: error.code,
    file: error.where.file ?? place.file,
    line: error.where.line ?? (error.where.file === undefined ? place.line : undefined),
    section: error.where.section ?? place.section,
    option: error.where.option ?? place.option,
    message: error.message,
    remedy: error.remedy,
  });
}

/** The same error with the place of a setting, unless it already has one. */
export function placed(error: BailiffError, place: Where): BailiffError {
  if (error.where.file !== undefined) return error;
  return new BailiffError(error.code, error.message, {
    where: { ...place, ...definedOf(error.where) },
    remedy: error.remedy,
    cause: error,
  });
}

/** Runs `read`; a BailiffError that it throws is told at `place`. Other errors pass. */
export function atPlace<T>(place: Where, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BailiffError) throw placed(error, place);
    throw error;
  }
}

function definedOf(where: Where): Where {
  return Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined));
}
