/**
 * Matches that wait for an answer from outside: what address a name has, or whether `ignorecommand` lets somebody off.
 * Takes outcomes of kind `waiting` and `asking`, also those that a stop left over; gives what the answer came to, each
 * under the key that the store knows it by. Does not wait itself, nor write.
 */
import type { Match } from '../../filter/match.js';
import type { Heard } from '../../jail/batch.js';
import type { Jail, Outcome } from '../../jail/jail.js';
import type { Jails } from '../../jail/jails.js';
import type { Clock } from '../../lib/clock.js';
import type { HostNames } from '../../lib/host-names.js';
import type { IgnoreCommands, IgnoreVerdict } from './ignore-commands.js';

export interface AskingParts {
  readonly jails: Jails;
  /** Looks up host names in log lines. */
  readonly names: HostNames;
  /** Asks whether a failure counts; undefined = everyone does. */
  readonly ignoreCommands?: IgnoreCommands;
  readonly clock: Clock;
}

export class Asking {
  readonly #parts: AskingParts;
  readonly #settle: (outcomes: readonly Outcome[], nowMs: number) => void;

  constructor(parts: AskingParts, settle: (outcomes: readonly Outcome[], nowMs: number) => void) {
    this.#parts = parts;
    this.#settle = settle;
  }

  ask(outcome: Extract<Outcome, { readonly kind: 'waiting' | 'asking' }>): void {
    if (outcome.kind === 'waiting') this.#askName(outcome.key, outcome.heard, outcome.name);
    else this.#askCommand(outcome.key, outcome.heard);
  }

  /** What waited when the daemon stopped, as the store kept it. */
  askAgain(key: string, json: string): void {
    // A parse boundary: the ledger wrote exactly this.
    const heard = JSON.parse(json) as Heard;
    const { hostName } = heard.match;
    if (hostName === undefined) this.#askCommand(key, heard);
    else this.#askName(key, heard, hostName);
  }

  #askName(key: string, heard: Heard, name: string): void {
    this.#parts.names.ask(name, (addresses) => {
      const { jails, clock } = this.#parts;
      const nowMs = clock.now();
      const isTold = jails.get(heard.jail)?.options.filter.usedns === 'warn';
      const resolved: Outcome = { kind: 'resolved', key, jail: heard.jail, name, addresses, isTold };
      const counted = addresses.flatMap((address) => {
        const { hostName: _name, ...match } = heard.match;
        return jails.hear({ ...heard, match: { ...match, id: address, address } }, nowMs);
      });
      this.#settle([resolved, ...counted], nowMs);
    });
  }

  #askCommand(key: string, heard: Heard): void {
    const { jails, ignoreCommands, clock } = this.#parts;
    const { match } = heard;
    const { id, timeMs } = match;
    const answered = ({ isIgnored, isFresh }: IgnoreVerdict): void => {
      const nowMs = clock.now();
      const told: Outcome = { kind: 'ignored', jail: heard.jail, id, reason: 'command', timeMs };
      const outcomes = isIgnored ? (isFresh ? [told] : []) : jails.hear(heard, nowMs, true);
      this.#settle([{ kind: 'answered', key }, ...outcomes], nowMs);
    };
    const jail = jails.get(heard.jail);
    if (jail?.asksCommand === true && ignoreCommands !== undefined)
      ignoreCommands.ask(jail.options, match, answered, () => isBanned(jail, match, clock.now()));
    else answered({ isIgnored: false, isFresh: false });
  }
}

function isBanned({ bans }: Jail, { address, id }: Match, nowMs: number): boolean {
  return bans.covering(address ?? id, nowMs) !== undefined;
}
