/**
 * The tags that a command fills in when it runs: `<ip>`, `<matches>`, `<F-USER>`, … as Fail2Ban 1.1 has them.
 * Takes a ban, or none for the commands that follow no ban; gives the text of one tag, undefined for a tag it does not know.
 * Does not make a text safe for the shell.
 */
import type { Ban } from '../../ban/ban.js';
import { familyOf, numberOf, parseNetwork } from '../../lib/address.js';
import { pythonRepr } from '../../lib/python-repr.js';
import type { ShellFamily } from '../options.js';
import type { ShellSurroundings } from './surroundings.js';

export interface TagSubject {
  readonly jail: string;
  /** Undefined: a command that follows no ban. */
  readonly ban: Ban | undefined;
  /** -1 = for ever; what a ban without one would get. */
  readonly bantimeSeconds: number;
  readonly nowMs: number;
  readonly surroundings: ShellSurroundings;
}

type Reader = (subject: TagSubject) => string | Promise<string>;

/** What Python prints where there is nothing. */
const NONE = 'None';

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ip', ({ ban }) => (ban === undefined ? '' : addressOf(ban))],
  ['fid', ({ ban }) => ban?.target ?? ''],
  ['family', ({ ban }) => (ban === undefined ? '' : familyText(ban))],
  ['ip-rev', ({ ban }) => (ban === undefined ? '' : reversed(ban.address ?? ban.target))],
  ['ip-host', hostName],
  ['failures', ({ ban }) => String(ban?.failures ?? 0)],
  ['time', timeText],
  ['bantime', ({ ban, bantimeSeconds }) => String(ban === undefined ? bantimeSeconds : secondsOf(ban))],
  ['bancount', ({ ban }) => String(countOf(ban))],
  ['restored', ({ ban }) => (ban?.origin === 'restored' ? '1' : '0')],
  ['matches', ({ ban, surroundings }) => (ban === undefined ? '' : lines(surroundings.evidenceOf(ban)))],
  ['ipmatches', (subject) => lines(past(subject, 'all').lines)],
  ['ipjailmatches', (subject) => lines(past(subject, 'jail').lines)],
  ['ipfailures', (subject) => String(past(subject, 'all').failures)],
  ['ipjailfailures', (subject) => String(past(subject, 'jail').failures)],
  ['jail.name', ({ jail }) => jail],
  ['jail.found', ({ jail, surroundings }) => String(surroundings.counters(jail).found)],
  ['jail.found_total', ({ jail, surroundings }) => String(surroundings.counters(jail).foundTotal)],
  ['jail.banned', ({ jail, surroundings }) => String(surroundings.counters(jail).banned)],
  ['jail.banned_total', ({ jail, surroundings }) => String(surroundings.counters(jail).bannedTotal)],
  ['raw-ticket', rawTicket],
]);

/** The text of a tag (its name without brackets). A group that took no part in the match is empty. */
export function tagText(tag: string, subject: TagSubject): string | Promise<string> | undefined {
  const reader = READERS.get(tag);
  if (reader !== undefined) return reader(subject);
  const [, group] = /^F-([A-Z0-9_-]+)$/.exec(tag) ?? [];
  return group === undefined ? undefined : groupText(group.toLowerCase(), subject);
}

/** The family whose commands a ban takes. */
export function familyOfBan(ban: Ban): ShellFamily {
  const address = addressOf(ban);
  if (parseNetwork(address) === undefined) return 'any';
  return familyOf(address) === 4 ? 'inet4' : 'inet6';
}

/** What is kept out: the address or network; where the ban is of something else, the address that came with it. */
function addressOf(ban: Ban): string {
  return parseNetwork(ban.target) === undefined ? (ban.address ?? ban.target) : ban.target;
}

function familyText(ban: Ban): string {
  const family = familyOfBan(ban);
  return family === 'any' ? NONE : family;
}

function groupText(group: string, { ban, surroundings }: TagSubject): string {
  if (ban === undefined) return '';
  const data = surroundings.dataOf(ban);
  switch (group) {
    case 'id':
    case 'fid':
      return ban.target === addressOf(ban) && ban.address !== undefined ? '' : ban.target;
    case 'port':
      return data['fport'] ?? data['port'] ?? '';
    case 'ip4':
    case 'ip6': {
      const { address } = ban;
      return address !== undefined && `ip${familyOf(address)}` === group && ban.origin !== 'hand'
        ? address
        : '';
    }
    default:
      return data[group] ?? '';
  }
}

function timeText({ ban, nowMs }: TagSubject): string {
  const seconds = (ban?.bannedAtMs ?? nowMs) / 1000;
  if (ban?.origin === 'restored') return String(Math.floor(seconds));
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);
}

function secondsOf({ untilMs, bannedAtMs }: Ban): number {
  return untilMs === undefined ? -1 : Math.round((untilMs - bannedAtMs) / 1000);
}

/** The parts of an address from the last to the first, each with a dot behind it, as DNS block lists are asked. */
function reversed(text: string): string {
  const network = parseNetwork(text);
  if (network === undefined) return '';
  const [address = ''] = text.split('/');
  const parts =
    network.family === 4
      ? address.split('.')
      : (numberOf(address).toString(16).padStart(32, '0').match(/./g) ?? []);
  return parts
    .reverse()
    .map((part) => `${part}.`)
    .join('');
}

async function hostName({ ban, surroundings }: TagSubject): Promise<string> {
  const address = ban?.address ?? ban?.target;
  if (address === undefined || parseNetwork(address) === undefined || address.includes('/')) return NONE;
  return (await surroundings.hostNameOf(address)) ?? NONE;
}

function past(
  { ban, surroundings }: TagSubject,
  where: 'jail' | 'all',
): ReturnType<ShellSurroundings['pastOf']> {
  return ban === undefined ? { failures: 0, lines: [] } : surroundings.pastOf(ban, where);
}

function countOf(ban: Ban | undefined): number {
  return ban === undefined ? 0 : (ban.banCount ?? 1);
}

function lines(texts: readonly string[]): string {
  return texts.join('\n');
}

function rawTicket(subject: TagSubject): string {
  const { ban, surroundings } = subject;
  const matches = ban === undefined ? [] : surroundings.evidenceOf(ban);
  const address = ban === undefined ? '' : addressOf(ban);
  return `BanTicket: ip=${address} time=${timeText(subject)} bantime=None bancount=${countOf(ban)} #attempts=${ban?.failures ?? 0} matches=${pythonRepr(matches)}`;
}
