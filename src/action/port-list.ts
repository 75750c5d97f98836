/**
 * A jail's `port` setting as numbers: names, numbers and ranges, in Fail2Ban's writing.
 * Takes `ssh,465,1000:2000`; gives merged ranges, so that no two overlap. Does not know protocols.
 */
import { BailiffError } from '../lib/errors.js';
import { portOfService } from '../lib/service-ports.js';

/** First and last port, both meant. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Parses a comma or space list of `name`, `25`, `1000:2000` or `1000-2000`; `0:65535`, `all` and `any` give `'all'`.
 * @throws BailiffError `action.nft-port` for an unknown name, a number over 65535 or an empty list.
 */
export function parsePortList(text: string): readonly PortRange[] | 'all' {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw bad(text, 'it is empty');
  const ranges = words.map((word) => rangeOf(word, text)).sort((a, b) => a.first - b.first);
  const merged: PortRange[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && range.first <= before.last)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    else merged.push(range);
  }
  const [only] = merged;
  return only !== undefined && only.first <= 1 && only.last === 65535 ? 'all' : merged;
}

function rangeOf(word: string, text: string): PortRange {
  if (word === 'all' || word === 'any') return { first: 0, last: 65535 };
  const [, from, to] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(word) ?? [];
  if (from !== undefined) {
    const first = Number(from);
    const last = Number(to ?? from);
    if (last > 65535 || first > last) throw bad(text, `\`${word}\` is no range of ports`);
    return { first, last };
  }
  const port = portOfService(word);
  if (port === undefined) throw bad(text, `nothing is known of a service \`${word}\``);
  return { first: port, last: port };
}

function bad(text: string, what: string): BailiffError {
  return new BailiffError('action.nft-port', `port \`${text}\`: ${what}.`, {
    where: { option: 'port' },
    remedy: 'Write names of /etc/services, numbers or ranges: ssh,465,1000:2000; 0:65535 is every port.',
  });
}
