/**
 * The log: one line per event, in the shape that tools which read Fail2Ban's log know (facts: its formatter).
 * Takes a level, the component and a sentence; writes to stderr (with the journal's priority prefix under systemd)
 * and to a file that is opened again on request. Text is made visible here, so nobody else has to. A line is written
 * after the turn that it tells of.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from './errors.js';
import { visible } from './visible-text.js';

export type Level = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical';

/** syslog(3) severities. */
const SEVERITY: Readonly<Record<Level, number>> = {
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

export interface LogLine {
  readonly level: Level;
  /** The whole line, in Fail2Ban's shape. */
  readonly line: string;
  /** The sentence alone, for a log that adds time and source itself. */
  readonly bare: string;
}

export interface Sink {
  write(lines: readonly LogLine[]): void;
  /** Opens what it writes to again (after rotation). */
  reopen(): void;
}

/** Lines that wait for the end of the turn; beyond this they are written at once. */
const MAX_WAITING = 1_000;
/** After so long a log file that could not be written is opened again: a full disk does not stay full. */
const REOPEN_MS = 10_000;

interface Entry {
  readonly level: Level;
  readonly component: string;
  readonly text: string;
  readonly at: Date;
}

/** Lines are written after the turn in which they arose: what they tell of, such as a ban, comes first. */
export class Log {
  #threshold: number;
  #sinks: readonly Sink[];
  #waiting: Entry[] = [];

  constructor(threshold: Level, sinks: readonly Sink[]) {
    this.#threshold = SEVERITY[threshold];
    this.#sinks = sinks;
  }

  /** Writes from now on what is at least as grave as `threshold`. */
  setThreshold(threshold: Level): void {
    this.#threshold = SEVERITY[threshold];
  }

  /** Writes to other sinks from now on. */
  redirect(sinks: readonly Sink[]): void {
    this.flush();
    this.#sinks = sinks;
  }

  /** Whether a level is written at all, for callers whose text is costly to make. */
  wants(level: Level): boolean {
    return SEVERITY[level] <= this.#threshold;
  }

  write(level: Level, component: string, text: string): void {
    if (!this.wants(level)) return;
    this.#waiting.push({ level, component, text, at: new Date() });
    if (this.#waiting.length === 1) setImmediate(() => this.flush());
    else if (this.#waiting.length > MAX_WAITING) this.flush();
  }

  /** Writes what waits; to be called before the process ends. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting.map(formatEntry);
    this.#waiting = [];
    for (const sink of this.#sinks) sink.write(lines);
  }

  reopen(): void {
    this.flush();
    for (const sink of this.#sinks) sink.reopen();
  }
}

function formatEntry({ level, component, text, at }: Entry): LogLine {
  const bare = visible(text);
  const head = `${stamp(at)} ${component.padEnd(24)}[${process.pid}]: ${level.toUpperCase().padEnd(7)}`;
  return { level, line: `${head} ${bare}`, bare };
}

/** Writes to standard error: under systemd (`$JOURNAL_STREAM`) with `<N>`, else the whole line. */
export function stderrSink(underSystemd: boolean): Sink {
  const text = ({ level, line, bare }: LogLine): string =>
    underSystemd ? `<${SEVERITY[level]}>${bare}\n` : `${line}\n`;
  return {
    write: (lines) => void process.stderr.write(lines.map(text).join('')),
    reopen: () => undefined,
  };
}

/** Appends to a file; one that cannot be written is told on standard error and opened again after a while. */
export function fileSink(path: string): Sink {
  let descriptor = openLog(path);
  let failedAtMs = Date.now();
  return {
    write: (lines) => {
      if (descriptor === undefined && Date.now() - failedAtMs > REOPEN_MS) {
        failedAtMs = Date.now();
        descriptor = openLog(path);
      }
      if (descriptor === undefined) return;
      try {
        writeSync(descriptor, lines.map(({ line }) => `${line}\n`).join(''));
      } catch (error) {
        process.stderr.write(
          `bailiff: ${path}: ${messageOf(error)}; what is told until it can be written is lost there\n`,
        );
        closeSync(descriptor);
        descriptor = undefined;
        failedAtMs = Date.now();
      }
    },
    reopen: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = openLog(path);
    },
  };
}

function openLog(path: string): number | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a', 0o640);
  } catch (error) {
    process.stderr.write(`bailiff: ${path} cannot be written: ${messageOf(error)}\n`);
    return undefined;
  }
}

/** `2026-11-22 16:00:00,123` in the host's zone, as Python's logging writes it. */
export function stamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, '0')}`;
}
