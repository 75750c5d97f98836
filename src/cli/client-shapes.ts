/**
 * The trees and lists that fail2ban-client prints, to the letter (values after `:` and a TAB).
 * Takes the daemon's reports; gives text of several lines, hidden characters made visible.
 */
import type { BanReport, JailStatus } from '../control/reports.js';
import { visible } from '../lib/visible-text.js';
import { timeText } from './time-text.js';

type Leaf = readonly [name: string, value: string | number];
type Branch = readonly [name: string, leaves: readonly Leaf[]];

export function statusShape(jails: readonly string[]): string {
  const leaves: Leaf[] = [
    ['Number of jail', jails.length],
    ['Jail list', jails.toSorted().join(', ')],
  ];
  return ['Status', ...leafLines(leaves, '')].join('\n');
}

/** `flavor` short leaves the addresses out; any other is the basic one. */
export function jailShape(jail: JailStatus, flavor: string): string {
  const { watches, banned } = jail;
  const watched: Leaf =
    watches.backend === 'journal'
      ? ['Journal matches', watches.journalMatch]
      : ['File list', watches.files.join(' ')];
  const actions: Leaf[] = [
    ['Currently banned', jail.currentlyBanned],
    ['Total banned', jail.totalBanned],
  ];
  if (flavor !== 'short') actions.push(['Banned IP list', banned.map(({ target }) => target).join(' ')]);
  const branches: Branch[] = [
    ['Filter', [['Currently failed', jail.currentlyFailed], ['Total failed', jail.totalFailed], watched]],
    ['Actions', actions],
  ];
  const lines = branches.flatMap(([name, leaves], index) => {
    const last = index === branches.length - 1;
    return [`${last ? '`-' : '|-'} ${name}`, ...leafLines(leaves, last ? '   ' : '|  ')];
  });
  return [`Status for the jail: ${visible(jail.name)}`, ...lines].join('\n');
}

/** `IP <TAB>2026-11-22 12:00:00 + 600 = 2026-11-22 12:10:00`: a blank, then the TAB. */
export function banLine({ target, sinceMs, untilMs }: BanReport): string {
  const seconds = untilMs === null ? -1 : Math.round((untilMs - sinceMs) / 1000);
  const end = untilMs === null ? '9999-12-31 23:59:59' : timeText(untilMs);
  return `${visible(target)} \t${timeText(sinceMs)} + ${seconds} = ${end}`;
}

function leafLines(leaves: readonly Leaf[], indent: string): string[] {
  return leaves.map(([name, value], index) => {
    const branch = index === leaves.length - 1 ? '`-' : '|-';
    return `${indent}${branch} ${name}:\t${visible(String(value))}`;
  });
}
