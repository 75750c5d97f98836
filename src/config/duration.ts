/**
 * Times as Fail2Ban writes them: `600`, `10m`, `1d12h`, `1h 30m`, `1year-6mo`, `3*24h`, `-1`.
 * Takes the text; gives seconds. A small grammar of its own: numbers, units, + - * / and brackets; no names, no code.
 */
import { BailiffError } from '../lib/errors.js';

/** Seconds; a year is 365.25 days and a month a twelfth of it, as in Fail2Ban. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|ss|secs?|seconds?)$/, 1],
  [/^(?:m|mm|mins?|minutes?)$/, 60],
  [/^(?:h|hh|hours?|hou)$/, 3600],
  [/^(?:d|dd|da|days?)$/, 86_400],
  [/^(?:w|ww|wee|weeks?)$/, 604_800],
  [/^(?:mo|mon|months?)$/, 2_629_800],
  [/^(?:y|yy|ye|yea|years?)$/, 31_557_600],
];
const TOKEN = /\s*(?:(\d[\d_]*(?:\.\d+)?)|([a-z]+)|([-+*/()]))/gsuy;
const MAX_BRACKETS = 20;

/**
 * Seconds of a time expression.
 * @throws BailiffError `config.time`.
 */
export function parseDuration(text: string): number {
  const tokens = tokensOf(text.trim());
  const reader = new DurationReader(tokens, text);
  const seconds = reader.sum(0);
  if (!reader.atEnd() || !Number.isFinite(seconds)) throw bad(text);
  return Math.round(seconds);
}

class DurationReader {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** Terms side by side add up: `1d12h`. */
  sum(depth: number): number {
    let total = this.#product(depth);
    for (
      let token = this.#tokens[this.#at];
      token !== undefined && token !== ')';
      token = this.#tokens[this.#at]
    ) {
      if (token === '+' || token === '-') this.#at += 1;
      const term = this.#product(depth);
      total += token === '-' ? -term : term;
    }
    return total;
  }

  #product(depth: number): number {
    let value = this.#factor(depth);
    for (let token = this.#tokens[this.#at]; token === '*' || token === '/'; token = this.#tokens[this.#at]) {
      this.#at += 1;
      const factor = this.#factor(depth);
      value = token === '*' ? value * factor : value / factor;
    }
    return value;
  }

  #factor(depth: number): number {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined || depth > MAX_BRACKETS) throw bad(this.#text);
    if (token === '+') return this.#factor(depth + 1);
    if (token === '-') return -this.#factor(depth + 1);
    if (token === '(') {
      const inner = this.sum(depth + 1);
      if (this.#tokens[this.#at] !== ')') throw bad(this.#text);
      this.#at += 1;
      return inner * this.#unit();
    }
    if (!/^\d/.test(token)) throw bad(this.#text);
    return Number(token.replaceAll('_', '')) * this.#unit();
  }

  #unit(): number {
    const token = this.#tokens[this.#at];
    if (token === undefined || !/^[a-z]/.test(token)) return 1;
    this.#at += 1;
    const unit = UNITS.find(([name]) => name.test(token));
    if (unit === undefined) throw bad(this.#text);
    return unit[1];
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const lower = text.toLowerCase();
  let end = 0;
  for (const [whole, ...parts] of lower.matchAll(TOKEN)) {
    tokens.push(parts.find((part) => part !== undefined) ?? '');
    end += whole.length;
  }
  if (end !== lower.length || tokens.length === 0 || tokens.length > 100) throw bad(text);
  return tokens;
}

function bad(text: string): BailiffError {
  return new BailiffError('config.time', `\`${text}\` is no time.`, {
    remedy: 'Write seconds or units as in 600, 10m, 1d12h, 2w; -1 for ever.',
  });
}
