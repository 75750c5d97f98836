/**
 * Cuts the stamp out of a line and reads it, as Fail2Ban 1.1 does: whole seconds, and where a line has no stamp the last
 * one if it is less than a minute old. Takes a line; gives its three parts and the time.
 */
import { type RankedTemplates } from './ranked-templates.js';
import type { StampedLine } from './trial-line.js';

const LAST_HOLDS_SECONDS = 60;

export interface ClockedLine {
  readonly line: StampedLine;
  /** Since the epoch; undefined = no stamp. */
  readonly timeSeconds: number | undefined;
}

export class TrialClock {
  readonly #templates: RankedTemplates;
  readonly #zoneSeconds: number | undefined;
  readonly #now: () => number;
  #lastText = '';
  #lastSeconds = -Infinity;

  /** @param zoneSeconds east of UTC for stamps without a zone; undefined = the host's own. */
  constructor(templates: RankedTemplates, zoneSeconds: number | undefined, now: () => number) {
    this.#templates = templates;
    this.#zoneSeconds = zoneSeconds;
    this.#now = now;
  }

  cut(text: string): ClockedLine {
    const nowMs = this.#now();
    const found = this.#templates.find(text);
    if (found === undefined) return this.#undated(['', '', text], nowMs, undefined);
    const { start, end } = found.stamp;
    const parts: StampedLine = [text.slice(0, start), text.slice(start, end), text.slice(end)];
    if (start === end) return this.#undated(parts, nowMs, nowMs / 1000);
    const timeMs = found.template.read(found.stamp, { nowMs, zoneSeconds: this.#zoneSeconds });
    if (timeMs === undefined) return this.#undated(parts, nowMs, undefined);
    const isEpoch = found.stamp.fields['epoch'] !== undefined;
    const timeSeconds = isEpoch ? timeMs / 1000 : Math.floor(timeMs / 1000);
    this.#lastText = parts[1];
    this.#lastSeconds = timeSeconds;
    return { line: parts, timeSeconds };
  }

  #undated(parts: StampedLine, nowMs: number, otherwise: number | undefined): ClockedLine {
    if (this.#lastSeconds <= nowMs / 1000 - LAST_HOLDS_SECONDS)
      return { line: parts, timeSeconds: otherwise };
    return { line: ['', this.#lastText, parts.join('')], timeSeconds: this.#lastSeconds };
  }
}
