/**
 * The words of a message: of one ban with what there is to tell of it, or a digest of many.
 * Takes bans, lines and whois; gives title and text. Text of logs and registries is indented, and what cannot be seen in it
 * is spelled out.
 */
import { visible } from '../../lib/visible-text.js';
import type { WhoisAnswer } from '../whois/whois.js';
import type { BanNote, Message } from './message.js';

/** Bans that a digest names. */
const MOST_NAMED = 200;
const MOST_LINES = 50;
const MOST_WHOIS_LINES = 120;
const LONGEST_LINE = 500;

export interface Told {
  readonly ban: BanNote;
  /** undefined = not asked for. */
  readonly lines: readonly string[] | undefined;
  readonly whois: WhoisAnswer | undefined;
}

/** Of one ban. */
export function messageOfOne({ ban, lines, whois }: Told, host: string): Message {
  const parts = [
    `${sentenceOf(ban)}\nHost: ${host}`,
    ...(lines === undefined ? [] : [linesOf(lines)]),
    ...(whois === undefined ? [] : [whoisOf(whois)]),
    `bailiff explain ${visible(ban.target)}   shows why\nbailiff unban ${visible(ban.target)}     lifts it`,
  ];
  return {
    title: `[Bailiff] ${ban.jail}: banned ${visible(ban.target)} from ${host}`,
    text: parts.join('\n\n'),
    bans: [ban],
  };
}

/** Of many, oldest first. */
export function messageOfMany(bans: readonly BanNote[], host: string): Message {
  const named = bans.slice(0, MOST_NAMED);
  const omitted = bans.length - named.length;
  const byJail = new Map<string, number>();
  for (const { jail } of bans) byJail.set(jail, (byJail.get(jail) ?? 0) + 1);
  const counts = [...byJail]
    .sort(([, one], [, other]) => other - one)
    .map(([jail, count]) => `${jail} ${count}`)
    .join(', ');
  const rows = named.map(
    (ban) =>
      `  ${timeOf(ban.bannedAtMs)}  ${ban.jail}  ${visible(ban.target)}  ${whyOf(ban)}, ${untilOf(ban)}`,
  );
  const rest = omitted === 0 ? [] : [`  and ${omitted} more: bailiff banned`];
  return {
    title: `[Bailiff] ${bans.length} bans on ${host}`,
    text: [`${bans.length} bans on ${host}: ${counts}`, '', ...rows, ...rest].join('\n'),
    bans,
  };
}

function sentenceOf(ban: BanNote): string {
  return `${visible(ban.target)} was banned by ${ban.isByHand ? 'hand in ' : ''}the jail ${ban.jail} at ${timeOf(ban.bannedAtMs)}, ${untilOf(ban)}, ${whyOf(ban)}.`;
}

function whyOf({ isByHand, failures }: BanNote): string {
  if (isByHand) return 'by hand';
  return `after ${failures} ${failures === 1 ? 'failure' : 'failures'}`;
}

function untilOf({ untilMs }: BanNote): string {
  return untilMs === undefined ? 'for ever' : `until ${timeOf(untilMs)}`;
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function linesOf(lines: readonly string[]): string {
  if (lines.length === 0) return 'No lines are kept of it.';
  const shown = lines.slice(-MOST_LINES).map(indented);
  return [`Lines that led to it (${shown.length} of ${lines.length}):`, ...shown].join('\n');
}

function whoisOf(whois: WhoisAnswer): string {
  if (whois.kind !== 'told')
    return `No whois: ${whois.kind === 'absent' ? visible(whois.because) : 'not answered yet'}.`;
  const lines = whois.text
    .split(/\r\n|\n|\r/)
    .filter((line) => !/^\s*(?:[%#]|$)/.test(line))
    .slice(0, MOST_WHOIS_LINES);
  return [`Whois, as ${whois.server} tells it:`, ...lines.map(indented)].join('\n');
}

function indented(text: string): string {
  return `  ${visible(text.slice(0, LONGEST_LINE))}`;
}
