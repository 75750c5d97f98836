/**
 * Lines on which an expression may run away: what a repetition repeats, many times over, and then something that fails.
 * Takes a tree; gives the lines, for somebody to try who can be stopped.
 */
import { type RegexNode } from '../../lib/python-regex/syntax.js';
import { sampleText } from '../../lib/python-regex/sample-text.js';
import { nodesOf } from './linted-expression.js';

export interface RunawayLine {
  readonly lead: string;
  readonly pump: string;
}

/** What doubles with every pump never ends with so many; what grows by a power is done in no time. */
const PUMPS = 60;
/** Enough for a person to see. */
const SHOWN_PUMPS = 28;
const PREFERENCES = ['a1 ', ' a1', '1a ', ':a ', '-.a '];
const MOST_PUMP = 12;
const MOST_LINES = 400;

/** The whole line; nothing matches its last character. */
export function runawayText({ lead, pump }: RunawayLine, shown = false): string {
  return `${lead}${pump.repeat(shown ? SHOWN_PUMPS : PUMPS)}${shown ? '!' : '\u0001'}`;
}

export function runawayLines(root: RegexNode): readonly RunawayLine[] {
  const lines = new Map<string, RunawayLine>();
  for (const node of nodesOf(root)) {
    if (node.kind !== 'repeat' || node.max < PUMPS / 2) continue;
    const { text, places } = sampleText(root, { ...PLAIN, through: new Set([node]), prefer: 'a1 ' });
    const lead = text.slice(0, places.get(node)?.[0] ?? 0);
    for (const pump of pumpsOf(node.item))
      if (lines.size < MOST_LINES) lines.set(`${lead}\0${pump}`, { lead, pump });
  }
  return [...lines.values()];
}

/** Texts that a repetition may repeat: by way of each alternative in it, with and without what may be left out. */
function pumpsOf(item: RegexNode): ReadonlySet<string> {
  const ways: ReadonlySet<RegexNode>[] = [new Set()];
  for (const node of nodesOf(item))
    if (node.kind === 'choice') ways.push(...node.options.map((option) => new Set([option])));
  const pumps = ways.flatMap((through) =>
    PREFERENCES.flatMap((prefer) =>
      [false, true].map(
        (optional) => sampleText(item, { ...PLAIN, through, prefer, optional: () => optional }).text,
      ),
    ),
  );
  return new Set(pumps.filter((pump) => pump !== '' && pump.length <= MOST_PUMP));
}

const PLAIN = {
  through: new Set<RegexNode>(),
  groups: new Map<number, string>(),
  optional: () => false,
} as const;
