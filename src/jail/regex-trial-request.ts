/**
 * What `fail2ban-regex` asks of a trial, and what a trial tells of each line. Types only.
 */
import type { Fields, Finding, StampedLine } from '../filter/trial/trial-line.js';

export type { Fields, FieldValue, Finding, StampedLine } from '../filter/trial/trial-line.js';

export interface RegexTrialRequest {
  readonly configDirectory: string | undefined;
  /** A file, `-`, `systemd-journal[…]`, or the line itself. */
  readonly log: string;
  /** A jail, a filter, a file, or an expression. */
  readonly regex: string;
  readonly ignoreregex: string | undefined;
  readonly datepattern: string | undefined;
  readonly timezone: string | undefined;
  readonly encoding: string;
  readonly raw: boolean;
  readonly usedns: string | undefined;
  /** 0 = as the filter says. */
  readonly maxlines: number;
  readonly journalmatch: string | undefined;
  /** How often `-v` was given. */
  readonly verbose: number;
  /** Whether every expression is tried on every line. */
  readonly all: boolean;
  /** Whether failures are given as they come, without those that wait for their address. */
  readonly formatted: boolean;
}

/** One line, tried. */
export interface TriedLine {
  /** As it was written; of the journal with its time. */
  readonly text: string;
  /** Without its stamp. */
  readonly stripped: string;
  readonly findings: readonly Finding[];
  /** Which ignoreregex matched, once for each time. */
  readonly ignoredBy: readonly number[];
  /** The groups of prefregex, where it matched. */
  readonly prefix: Fields | undefined;
  /** Earlier lines that a match over several lines used up. */
  readonly usedUp: readonly StampedLine[];
}
