/**
 * What is known of expressions that ran away: per jail how many lines were passed over, when, and at which expression.
 * Takes each such line; says who is to be heard with caution and who apart. Does not act.
 */
import type { FilterOptions } from '../../filter/match.js';
import { visible } from '../../lib/visible-text.js';
import type { Strike } from './thread-port.js';

/** So many lines passed over in so long a time, and a jail is heard apart from the others. */
const MOST_LINES = 3;
export const MEMORY_MS = 600_000;
/** How long a worker apart waits after its Nth death in that time, milliseconds: twice as long each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2000;
const LONGEST_TEXT = 200;

interface Known {
  /** Newest last. */
  atMs: readonly number[];
  killedAtMs: readonly number[];
  lines: number;
  expression: string;
}

export class Strikes {
  readonly #known = new Map<string, Known>();

  /** Gives how many lines of the jail have been passed over by now. */
  add({ jail, expression, lines, isKilled }: Strike, nowMs: number): number {
    const { atMs = [], killedAtMs = [], lines: before = 0 } = this.#known.get(jail.name) ?? {};
    const now = Array.from({ length: Math.min(lines, MOST_LINES) }, () => nowMs);
    const recently = killedAtMs.filter((killedMs) => nowMs - killedMs < MEMORY_MS);
    this.#known.set(jail.name, {
      atMs: [...atMs, ...now].slice(-MOST_LINES),
      killedAtMs: isKilled ? [...recently, nowMs] : recently,
      lines: before + lines,
      expression: expressionName(jail.filter, expression),
    });
    return before + lines;
  }

  /** Whether lines of a jail are passed over again and again. */
  isOften(jail: string, nowMs: number): boolean {
    const { atMs = [] } = this.#known.get(jail) ?? {};
    return atMs.length === MOST_LINES && nowMs - (atMs[0] ?? 0) < MEMORY_MS;
  }

  /** Whether a line of a jail was passed over lately. */
  isRecent(jail: string, nowMs: number): boolean {
    return nowMs - (this.#known.get(jail)?.atMs.at(-1) ?? -Infinity) < MEMORY_MS;
  }

  /** The jails of which a line was passed over lately. */
  recent(nowMs: number): readonly string[] {
    return [...this.#known.keys()].filter((jail) => this.isRecent(jail, nowMs));
  }

  /** How long the worker of a jail alone rests before it is started anew, milliseconds. */
  pauseMs(jail: string, nowMs: number): number {
    const { killedAtMs = [] } = this.#known.get(jail) ?? {};
    const deaths = killedAtMs.filter((killedMs) => nowMs - killedMs < MEMORY_MS).length;
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, deaths - 1));
  }

  /** The expression that ran away last, and on how many lines any did; undefined: none. */
  worst(jail: string): Pick<Known, 'expression' | 'lines'> | undefined {
    return this.#known.get(jail);
  }

  /** The jail has other expressions now. */
  forget(jail: string): void {
    this.#known.delete(jail);
  }
}

/** `failregex 2 of filter dovecot`; `expression` as the filter counts them: prefregex first. */
export function expressionName(filter: FilterOptions, expression: number): string {
  return `${placeOf(filter, expression).name} of filter ${filter.name}`;
}

/** The expression itself, as it may be shown. */
export function expressionText(filter: FilterOptions, expression: number): string {
  const { text } = placeOf(filter, expression);
  return visible(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
}

function placeOf(
  filter: FilterOptions,
  expression: number,
): { readonly name: string; readonly text: string } {
  const { prefregex, failregex, successregex, ignoreregex } = filter;
  const all = [
    ...(prefregex === undefined ? [] : [{ name: 'prefregex', text: prefregex }]),
    ...Object.entries({ failregex, successregex, ignoreregex }).flatMap(([list, texts]) =>
      texts.map((text, index) => ({ name: `${list} ${index}`, text })),
    ),
  ];
  // Besides expressions only the search for a date can take long.
  const name = expression < 0 ? 'datepattern' : `expression ${expression}`;
  return all[expression] ?? { name, text: '' };
}
