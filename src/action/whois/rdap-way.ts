/**
 * The way of one question by RDAP (RFC 7480): HTTPS, where a firewall lets nothing out to whois' port 43.
 * Takes an address and a time limit for all of it; gives the answer as text, or rejects with what is wrong. A registry
 * leads on to the one that knows, but to no host that is none of theirs.
 */
import { type HttpsExchange, httpsExchange } from '../report/https-exchange.js';
import type { Patience } from '../message/patience.js';
import { rdapText } from './rdap-text.js';
import type { Way } from './whois-way.js';

/** ARIN answers for its own addresses, and leads on for those of the others. */
export const RDAP_FIRST = 'https://rdap.arin.net/registry';

const REGISTRIES: ReadonlySet<string> = new Set([
  'rdap.arin.net',
  'rdap.db.ripe.net',
  'rdap.apnic.net',
  'rdap.lacnic.net',
  'rdap.afrinic.net',
  'rdap.registro.br',
  'jpnic.rdap.apnic.net',
]);
const MOST_REDIRECTIONS = 4;
const MOST_BYTES = 262_144;

export interface RdapWayParts {
  /** Without a slash at its end; `/ip/ADDRESS` is put behind. */
  readonly first: string;
  readonly isRegistry?: (host: string) => boolean;
  readonly exchange?: (patience: Patience) => HttpsExchange;
}

export function rdapWay({ first, isRegistry = isOfRegistry, exchange = bounded }: RdapWayParts): Way {
  return async (address, patience) => {
    const ask = exchange(patience);
    let url = `${first}/ip/${address}`;
    for (let step = 0; step <= MOST_REDIRECTIONS; step += 1) {
      const headers = { Accept: 'application/rdap+json', 'User-Agent': 'Bailiff' };
      const outcome = await ask({ method: 'GET', url, headers, body: '' });
      if (outcome.kind !== 'answered') throw new Error(outcome.why);
      const { status } = outcome;
      if (status === 200) return { server: new URL(url).host, text: rdapText(outcome.body) };
      if (status === 404) throw new Error('the registry knows nothing of it');
      if (status < 301 || status > 308) throw new Error(`HTTP ${status}`);
      url = redirection(outcome.headers['location'], url, isRegistry);
    }
    throw new Error('the registries lead round in a circle');
  };
}

function redirection(
  location: string | undefined,
  from: string,
  isRegistry: (host: string) => boolean,
): string {
  const here = new URL(from);
  if (location === undefined || !URL.canParse(location, from)) throw new Error('it leads nowhere');
  const to = new URL(location, from);
  const isTheirs = to.host === here.host || isRegistry(to.host);
  if (to.protocol === 'https:' && to.username === '' && isTheirs) return to.href;
  throw new Error('it leads to a host that is no registry');
}

function isOfRegistry(host: string): boolean {
  return REGISTRIES.has(host);
}

function bounded(patience: Patience): HttpsExchange {
  return httpsExchange({ patience, mostBytes: MOST_BYTES });
}
