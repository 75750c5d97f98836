/**
 * Where the client's words go: answers to standard output, log lines in Fail2Ban's shape to standard error.
 * Takes text that may hold what an attacker chose; hidden characters are made visible, but for the TABs of the shapes.
 */
import { visible } from '../lib/visible-text.js';
import { timeText } from './time-text.js';

export interface Stream {
  write(text: string): unknown;
}

export type LogLevel = 'ERROR' | 'WARNING' | 'INFO';

const GRAVITY: Readonly<Record<LogLevel, number>> = { INFO: 2, WARNING: 1, ERROR: 0 };

export class ClientOutput {
  readonly #out: Stream;
  readonly #err: Stream;
  /** 0 or less: errors alone; 1: warnings too; more: what it does as well. */
  verbosity = 1;

  constructor(out: Stream, err: Stream) {
    this.#out = out;
    this.#err = err;
  }

  print(text: string): void {
    this.#out.write(`${shown(text)}\n`);
  }

  /** Without a new line, for a prompt. */
  prompt(text: string): void {
    this.#out.write(text);
  }

  /** `2026-11-22 12:00:00,123 fail2ban                [4711]: ERROR   …` */
  log(level: LogLevel, text: string, component = 'fail2ban'): void {
    if (GRAVITY[level] > Math.max(this.verbosity, 0)) return;
    const nowMs = Date.now();
    const millis = String(nowMs % 1000).padStart(3, '0');
    const head = `${timeText(nowMs)},${millis} ${component.padEnd(24)}[${process.pid}]: ${level.padEnd(7)}`;
    this.#err.write(`${head} ${shown(text)}\n`);
  }

  /** A line for standard error before there is a log. */
  bare(text: string): void {
    this.#err.write(`${shown(text)}\n`);
  }
}

function shown(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t').map(visible).join('\t'));
  return lines.join('\n');
}
