/**
 * The way of one question through the whois servers of the registries: each may name the next.
 * Takes an address and a time limit for all of it; gives the last answer, or rejects with what is wrong.
 */
import type { Patience } from '../message/patience.js';
import { questionFor, referralOf } from './registries.js';
import { askWhois, type WhoisPlace } from './whois-question.js';

const MOST_REFERRALS = 3;
const WHOIS_PORT = 43;

export interface Told {
  readonly server: string;
  readonly text: string;
}

/** How whoever knows is asked. */
export type Way = (address: string, patience: Patience) => Promise<Told>;

export interface WhoisWayParts {
  readonly first: WhoisPlace;
  /** Where a registry listens. */
  readonly placeOf?: (server: string) => WhoisPlace;
}

export function whoisWay({ first, placeOf = registryPlace }: WhoisWayParts): Way {
  return async (address, patience) => {
    // One that fails leaves the answer before it.
    let told: Told = { server: first.host, text: await askWhois(first, address, patience) };
    for (let step = 0; step < MOST_REFERRALS; step += 1) {
      const server = referralOf(told.text);
      if (server === undefined || server === told.server) break;
      const text = await askWhois(placeOf(server), questionFor(server, address), patience).catch(() => '');
      if (text.trim() === '') break;
      told = { server, text };
    }
    return told;
  };
}

function registryPlace(server: string): WhoisPlace {
  return { host: server, port: WHOIS_PORT };
}
