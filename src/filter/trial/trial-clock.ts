/**
 * Cuts the stamp out of a line and reads it, as Fail2Ban 1.1 does: whole seconds, and where a line has no stamp the last
 * one if it is less than a minute old. Takes a line; gives its three parts and the time.
 */
import { type RankedTemplates } from './ranked-templates.js';
import type { StampedLine, TrialTime } from './trial-line.js';

const LAST_HOLDS_SECONDS = 60;

export interface ClockedLine {
  readonly line: StampedLine;
  /** undefined = no stamp. */
  readonly time: TrialTime | undefined;
}

export class TrialClock {
  readonly #templates: RankedTemplates;
  readonly #zoneSeconds: number | undefined;
  readonly #now: () => number;
  #lastText = '';
  #last: TrialTime | undefined;

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
    if (start === end) return this.#undated(parts, nowMs, { seconds: nowMs / 1000, whole: false });
    const timeMs = found.template.read(found.stamp, { nowMs, zoneSeconds: this.#zoneSeconds });
    if (timeMs === undefined) return this.#undated(parts, nowMs, undefined);
    const { fields } = found.stamp;
    const isEpoch = fields['epoch'] !== undefined;
    const isZoned = (fields['z'] ?? fields['Z']) !== undefined || this.#zoneSeconds !== undefined;
    const time = {
      seconds: isEpoch ? timeMs / 1000 : Math.floor(timeMs / 1000),
      whole: !isEpoch && (isZoned || fields['tai'] !== undefined),
    };
    this.#lastText = parts[1];
    this.#last = time;
    return { line: parts, time };
  }

  #undated(parts: StampedLine, nowMs: number, otherwise: TrialTime | undefined): ClockedLine {
    const last = this.#last;
    if (last === undefined || last.seconds <= nowMs / 1000 - LAST_HOLDS_SECONDS)
      return { line: parts, time: otherwise };
    return { line: ['', this.#lastText, parts.join('')], time: last };
  }
}
