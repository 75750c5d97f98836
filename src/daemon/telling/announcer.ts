/**
 * Tells outcomes in the log, in the words of Fail2Ban's log that other tools read (Found, Ban, Unban, Restore Ban, …).
 * Takes outcomes; writes lines. Escaping is the log's.
 */
import type { Ban, Decision } from '../../ban/ban.js';
import type { Outcome } from '../../jail/jail.js';
import { type Level, type Log, stamp } from '../../lib/log.js';
import { spanText } from '../../lib/span-text.js';

const FILTER = 'fail2ban.filter';
const ACTIONS = 'fail2ban.actions';
const OBSERVER = 'fail2ban.observer';

export class Announcer {
  readonly #log: Log;
  readonly #tellsLateHits: boolean;

  /** `tellsLateHits` false: nothing is said of lines that come after the ban (a rehearsal plays them at speed). */
  constructor(log: Log, tellsLateHits = true) {
    this.#log = log;
    this.#tellsLateHits = tellsLateHits;
  }

  tell(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'counted': {
        const { jail, address, id, timeMs } = outcome.failure;
        return this.#write('info', FILTER, jail, `Found ${address ?? id} - ${seconds(timeMs)}`);
      }
      case 'ignored':
        return this.#write(
          'info',
          FILTER,
          outcome.jail,
          `Ignore ${outcome.id} by ${sourceOf(outcome.reason)}`,
        );
      case 'banned-already': {
        if (!this.#tellsLateHits) return undefined;
        const level = levelOfLateHit(outcome.timeMs - outcome.ban.bannedAtMs);
        return this.#write(level, ACTIONS, outcome.ban.jail, `${outcome.ban.target} already banned`);
      }
      case 'over':
        return this.#write(
          'notice',
          ACTIONS,
          outcome.ticket.jail,
          `${outcome.ticket.id} would have been banned at ${seconds(outcome.ticket.lastMs)}; that ban would be over`,
        );
      case 'held':
        return this.#write(
          'warning',
          ACTIONS,
          outcome.ticket.jail,
          `${outcome.ticket.address ?? outcome.ticket.id} is not banned yet: too many bans follow a change of the jail`,
        );
      case 'spared':
        return this.#write(
          'warning',
          ACTIONS,
          outcome.ticket.jail,
          `${outcome.ticket.address ?? outcome.ticket.id} is not banned: ${outcome.because}`,
        );
      case 'waiting':
        return this.#write('debug', FILTER, outcome.heard.jail, `Looks up ${outcome.name}`);
      case 'asking':
        return this.#write('debug', FILTER, outcome.heard.jail, `Asks about ${outcome.heard.match.id}`);
      case 'answered':
        return undefined;
      case 'resolved': {
        const { jail, name, addresses, isTold } = outcome;
        if (addresses.length === 0)
          return this.#write(
            'warning',
            FILTER,
            jail,
            `Unable to find a corresponding IP address for ${name}`,
          );
        if (!isTold) return undefined;
        const list = addresses.map((address) => `'${address}'`).join(', ');
        return this.#write('warning', FILTER, jail, `Determined IP using DNS Lookup: ${name} = {${list}}`);
      }
      case 'decided':
        return this.tellDecision(outcome.decision);
      case 'login':
        return this.#write(
          'debug',
          FILTER,
          outcome.jail,
          `Login ${outcome.address} - ${seconds(outcome.timeMs)}`,
        );
    }
  }

  /** A failure that somebody told of by hand. */
  tellAttempt(jail: string, id: string, timeMs: number): void {
    this.#write('info', FILTER, jail, `Attempt ${id} - ${seconds(timeMs)}`);
  }

  tellDecision(decision: Decision): void {
    if (decision.kind === 'unban')
      return this.#write('notice', ACTIONS, decision.jail, `Unban ${decision.target}`);
    const { jail, target, origin, isGrown, prolongs } = decision;
    if (prolongs !== true)
      this.#write('notice', ACTIONS, jail, `${origin === 'restored' ? 'Restore Ban' : 'Ban'} ${target}`);
    if (prolongs === true || (isGrown === true && origin !== 'restored'))
      this.#write('notice', OBSERVER, jail, `Increase Ban ${target} (${lengthOf(decision)})`);
  }

  #write(level: Level, component: string, jail: string, text: string): void {
    if (this.#log.wants(level)) this.#log.write(level, component, `[${jail}] ${text}`);
  }
}

/** What made an address be ignored, in Fail2Ban's words. */
function sourceOf(reason: string): string {
  return reason === 'self' ? 'ignoreself rule' : reason;
}

/** Fail2Ban's levels: lines in flight are no news, a hit after a minute means the ban does not hold. */
function levelOfLateHit(delayMs: number): Level {
  if (delayMs < 3_000) return 'debug';
  return delayMs < 60_000 ? 'notice' : 'warning';
}

/** `2 # 20m -> 2026-11-22 12:20:00`: which ban it is, how long it lasts and when it ends. */
function lengthOf({ banCount = 1, bannedAtMs, untilMs }: Ban): string {
  if (untilMs === undefined) return `${banCount} # permanent -> infinite`;
  return `${banCount} # ${spanText((untilMs - bannedAtMs) / 1000)} -> ${seconds(untilMs)}`;
}

function seconds(timeMs: number): string {
  return stamp(new Date(timeMs)).slice(0, 19);
}
