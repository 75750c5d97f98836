/**
 * What the admin should know, newest last: told once in the log, kept for `status`. Bounded; the oldest go first.
 * Takes notices of any room; a notice repeated about the same thing replaces the earlier one.
 */
import type { NoticeReport } from '../../control/reports.js';
import type { Level, Log } from '../../lib/log.js';

const MAX_NOTICES = 200;

const LEVELS: Readonly<Record<NoticeReport['level'], Level>> = {
  info: 'info',
  warning: 'warning',
  alarm: 'error',
};

export class NoticeBoard {
  readonly #log: Log;
  readonly #notices = new Map<string, NoticeReport>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** `event` names what happened, so that the same happening again is one notice. */
  post(level: NoticeReport['level'], about: string, event: string, text: string): void {
    this.#log.write(LEVELS[level], 'bailiff', `${about}: ${text}`);
    const key = `${about} ${event}`;
    this.#notices.delete(key);
    this.#notices.set(key, { level, about, text, atMs: Date.now() });
    const [oldest] = this.#notices.keys();
    if (this.#notices.size > MAX_NOTICES && oldest !== undefined) this.#notices.delete(oldest);
  }

  /** What was told about something no longer holds. */
  withdraw(about: string, event: string): void {
    this.#notices.delete(`${about} ${event}`);
  }

  /** What was told about something no longer holds, whatever it was. */
  withdrawAll(about: string): void {
    for (const [key, notice] of this.#notices) if (notice.about === about) this.#notices.delete(key);
  }

  all(): readonly NoticeReport[] {
    return [...this.#notices.values()];
  }

  about(id: string): readonly NoticeReport[] {
    return this.all().filter((notice) => notice.about === id);
  }
}
