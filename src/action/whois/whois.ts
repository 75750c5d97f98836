/**
 * Whose an address is, from the registries: asked aside, with a time limit, and kept for its network.
 * Takes an address; gives at once what is known, or that it is being asked, and says when that is over.
 * Bounded: few questions at a time, few answers kept. Never holds anybody up.
 */
import { covers, familyOf, networkOf, type Network, widthOf } from '../../lib/address.js';
import type { Clock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import type { Patience } from '../message/patience.js';
import { isReportable } from '../report/reportable-address.js';
import { networkIn } from './registries.js';
import type { Told, Way } from './whois-way.js';

const MOST_KEPT = 512;
const MOST_ASKED = 4;
const KEPT_MS = 86_400_000;
/** So long nobody asks again where nobody answered. */
const ABSENT_MS = 600_000;
/** Where an answer names no network. */
const WIDTH = { 4: 24, 6: 48 } as const;

export type WhoisAnswer =
  | { readonly kind: 'asked' }
  | { readonly kind: 'told'; readonly server: string; readonly text: string }
  | { readonly kind: 'absent'; readonly because: string };

export interface WhoisParts {
  readonly way: Way;
  readonly clock: Clock;
  /** For one address, all referrals together. */
  readonly patience: Patience;
  /** Somebody's answer is there. */
  readonly ready: () => void;
}

interface Kept {
  readonly network: Network;
  readonly answer: WhoisAnswer;
  readonly untilMs: number;
}

export class Whois {
  readonly #parts: WhoisParts;
  /** The oldest first. */
  #kept: readonly Kept[] = [];
  readonly #asked = new Set<string>();

  constructor(parts: WhoisParts) {
    this.#parts = parts;
  }

  /** Returns at once; asks where nothing is known. */
  about(address: string): WhoisAnswer {
    if (!isReportable(address)) return { kind: 'absent', because: 'the address is of a private network' };
    const nowMs = this.#parts.clock.now();
    const own = networkOf(address, widthOf(familyOf(address)));
    const known = this.#kept.findLast(({ network, untilMs }) => untilMs > nowMs && covers(network, own));
    if (known !== undefined) return known.answer;
    if (this.#asked.has(address)) return { kind: 'asked' };
    if (this.#asked.size >= MOST_ASKED) return { kind: 'absent', because: 'too many questions at a time' };
    this.#asked.add(address);
    void this.#ask(address).then((kept) => {
      this.#asked.delete(address);
      this.#kept = [...this.#kept.slice(1 - MOST_KEPT), kept];
      this.#parts.ready();
    });
    return { kind: 'asked' };
  }

  async #ask(address: string): Promise<Kept> {
    const { clock } = this.#parts;
    const around = networkOf(address, WIDTH[familyOf(address)]);
    try {
      const { server, text } = await this.#follow(address);
      if (text.trim() === '') throw new Error('the answer is empty');
      const network = networkIn(text, address) ?? around;
      return { network, answer: { kind: 'told', server, text }, untilMs: clock.now() + KEPT_MS };
    } catch (error) {
      const answer: WhoisAnswer = { kind: 'absent', because: messageOf(error) };
      return { network: around, answer, untilMs: clock.now() + ABSENT_MS };
    }
  }

  /** One time limit for the whole way. */
  async #follow(address: string): Promise<Told> {
    const { way, patience } = this.#parts;
    let giveUp = (): void => undefined;
    let isLate = false;
    const stopWaiting = patience(() => {
      isLate = true;
      giveUp();
    });
    const shared: Patience = (give) => {
      giveUp = give;
      if (isLate) queueMicrotask(give);
      return () => undefined;
    };
    try {
      return await way(address, shared);
    } finally {
      stopWaiting();
    }
  }
}
