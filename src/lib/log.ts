/**
 * The log: one line per event, in the shape that tools which read Fail2Ban's log know (facts: its formatter).
 * Takes a level, the component and a sentence; writes to stderr (with the journal's priority prefix under systemd)
 * and to a file that is opened again on request. Text is made visible here, so nobody else has to.
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

export interface Sink {
  write(level: Level, line: string, bare: string): void;
  /** Opens what it writes to again (after rotation). */
  reopen(): void;
}

export class Log {
  readonly #threshold: number;
  readonly #sinks: readonly Sink[];

  constructor(threshold: Level, sinks: readonly Sink[]) {
    this.#threshold = SEVERITY[threshold];
    this.#sinks = sinks;
  }

  /** Whether a level is written at all, for callers whose text is costly to make. */
  wants(level: Level): boolean {
    return SEVERITY[level] <= this.#threshold;
  }

  write(level: Level, component: string, text: string): void {
    if (!this.wants(level)) return;
    const bare = visible(text);
    const head = `${stamp(new Date())} ${component.padEnd(24)}[${process.pid}]: ${level.toUpperCase().padEnd(7)}`;
    for (const sink of this.#sinks) sink.write(level, `${head} ${bare}`, bare);
  }

  reopen(): void {
    for (const sink of this.#sinks) sink.reopen();
  }
}

/** Writes to standard error: under systemd (`$JOURNAL_STREAM`) with `<N>`, else the whole line. */
export function stderrSink(underSystemd: boolean): Sink {
  return {
    write: (level, line, bare) => {
      process.stderr.write(underSystemd ? `<${SEVERITY[level]}>${bare}\n` : `${line}\n`);
    },
    reopen: () => undefined,
  };
}

/** Appends to a file; a file that cannot be written is told once per opening on standard error. */
export function fileSink(path: string): Sink {
  let descriptor = openLog(path);
  return {
    write: (_level, line) => {
      if (descriptor === undefined) return;
      try {
        writeSync(descriptor, `${line}\n`);
      } catch (error) {
        process.stderr.write(
          `bailiff: ${path}: ${messageOf(error)}; no more is written there until it is opened again\n`,
        );
        closeSync(descriptor);
        descriptor = undefined;
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
