/**
 * The daemon's log as Fail2Ban's words know it: a level by name or number, and one target.
 * Takes words; changes the log while the daemon runs. Standard error has the log always.
 */
import { closeSync, openSync } from 'node:fs';
import { fileSink, type Level, type Log, type Sink } from '../../lib/log.js';
import { isLogFile } from './log-target-words.js';

const LEVELS: Readonly<Record<string, { readonly number: number; readonly level: Level }>> = {
  CRITICAL: { number: 50, level: 'critical' },
  ERROR: { number: 40, level: 'error' },
  WARNING: { number: 30, level: 'warning' },
  NOTICE: { number: 25, level: 'notice' },
  INFO: { number: 20, level: 'info' },
  DEBUG: { number: 10, level: 'debug' },
  TRACEDEBUG: { number: 7, level: 'debug' },
  HEAVYDEBUG: { number: 5, level: 'debug' },
};

export class LogControl {
  readonly #log: Log;
  readonly #always: Sink;
  #level: string;
  #target: string;

  constructor(log: Log, always: Sink, settings: { readonly level: Level; readonly target: string }) {
    this.#log = log;
    this.#always = always;
    this.#level = settings.level.toUpperCase();
    this.#target = settings.target;
  }

  get level(): string {
    return this.#level;
  }

  get target(): string {
    return this.#target;
  }

  /** Gives whether there is such a level. */
  setLevel(word: string): boolean {
    const name = word.toUpperCase();
    const level = levelOf(name);
    if (level === undefined) return false;
    this.#log.setThreshold(level);
    this.#level = name;
    return true;
  }

  /** Gives whether the log goes there now. */
  setTarget(target: string): boolean {
    if (target === this.#target) return true;
    const isFile = isLogFile(target);
    if (isFile && !isWritable(target)) return false;
    this.#log.redirect(isFile ? [this.#always, fileSink(target)] : [this.#always]);
    this.#target = target;
    return true;
  }

  /** Opens the file again, after somebody moved it. */
  flush(): 'rolled over' | 'flushed' {
    this.#log.reopen();
    return isLogFile(this.#target) ? 'rolled over' : 'flushed';
  }
}

/** The level that is at least as talkative as a number says. */
function levelOf(name: string): Level | undefined {
  if (!/^\d{1,3}$/.test(name)) return LEVELS[name]?.level;
  const number = Number(name);
  const found = Object.values(LEVELS).find((level) => number >= level.number);
  return found?.level ?? 'debug';
}

function isWritable(path: string): boolean {
  try {
    closeSync(openSync(path, 'a', 0o640));
    return true;
  } catch {
    // Then the log stays where it is.
    return false;
  }
}
