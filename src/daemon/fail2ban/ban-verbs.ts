/**
 * `banned`, `unban`, `set JAIL banip|unbanip|attempt`, `get JAIL banip|banned`.
 * Takes words; goes the same way as any command, through the guard. Gives values as Fail2Ban's server does.
 */
import type { Ban } from '../../ban/ban.js';
import type { Match } from '../../filter/match.js';
import type { Jail } from '../../jail/jail.js';
import { covers, formatNetwork, parseAddress, parseNetwork } from '../../lib/address.js';
import { stamp } from '../../lib/log.js';
import { reprOf } from '../../lib/python-value.js';
import { banRefusal } from '../enforcing/ban-refusal.js';
import { type Refusal, refusal, wordAt } from './refusal.js';
import type { JailVerb, Speech, Verb } from './speech.js';

export function banVerbs(speech: Speech): {
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly get: Readonly<Record<string, JailVerb>>;
  readonly set: Readonly<Record<string, JailVerb>>;
} {
  const { guard, jails } = speech.parts;
  return {
    verbs: {
      banned: (targets) => {
        if (targets.length === 0) return [...jails].map((jail) => ({ dict: [[jail.name, targetsOf(jail)]] }));
        return targets.map((target) =>
          [...jails].filter((jail) => isBanned(jail, target)).map(({ name }) => name),
        );
      },
      unban: async (words) => {
        if (words.length === 0) throw refusal('Invalid command');
        if (words.length === 1 && words[0] === '--all') return (await guard.liftAll([...jails])).length;
        let lifted = 0;
        for (const target of words) lifted += guard.lift(canonical(target), jails).length;
        return lifted;
      },
    },
    get: {
      banned: (name, targets) => {
        const jail = speech.jail(name);
        if (targets.length === 0) return targetsOf(jail);
        const found = targets.map((target) => (isBanned(jail, target) ? 1 : 0));
        return found.length === 1 ? (found[0] ?? 0) : found;
      },
      banip: (name, words) => {
        const bans = inOrderOfEnd(speech.jail(name));
        return words[0] === '--with-time' ? bans.map(lineOf) : bans.map(({ target }) => target);
      },
    },
    set: {
      banip: (name, targets, say) => {
        const jail = speech.jail(name);
        let banned = 0;
        for (const target of targets.map(canonical)) {
          const because = banRefusal(jail, target);
          if (because !== undefined) say('WARNING', `${target} is not banned: ${because}`);
          else if (isNew(guard.ban(jail, target, undefined))) banned += 1;
        }
        return banned;
      },
      unbanip: (name, words) => {
        const isReporting = wordAt(words, 0) === '--report-absent';
        const targets = isReporting ? words.slice(1) : words;
        const jail = speech.jail(name);
        const absent: string[] = [];
        let lifted = 0;
        for (const target of targets) {
          const count = guard.lift(canonical(target), [jail]).length;
          if (count === 0) absent.push(target);
          lifted += count;
        }
        if (isReporting && absent.length > 0) throw refusal(`not banned: ${reprOf(absent)}`);
        return lifted;
      },
      attempt: (name, words) => {
        const jail = speech.jail(name);
        const [id, ...lines] = words;
        if (id === undefined) throw noAddress();
        guard.attempt(jail, attemptsOf(canonical(id), lines, speech.parts.clock.now()));
        return 1;
      },
    },
  };
}

function isNew(ban: Ban | undefined): boolean {
  return ban !== undefined && ban.prolongs !== true;
}

/** In the order in which they were banned. */
export function targetsOf(jail: Jail): readonly string[] {
  return [...jail.bans.targets];
}

/** As Fail2Ban asks: this very target; an address is also found in the network that its jail bans it by. */
function isBanned(jail: Jail, written: string): boolean {
  const target = canonical(written);
  const wanted = parseNetwork(target);
  return targetsOf(jail).some((each) => {
    if (each === target) return true;
    const network = parseNetwork(each);
    return (
      wanted?.family === 6 &&
      network?.prefix === jail.options.ban.ipv6prefix &&
      network.prefix < 128 &&
      covers(network, wanted)
    );
  });
}

function inOrderOfEnd(jail: Jail): readonly Ban[] {
  return [...jail.bans.current].sort(
    (left, right) => (left.untilMs ?? Infinity) - (right.untilMs ?? Infinity) || 0,
  );
}

/** `IP <TAB>2026-11-22 12:00:00 + 600 = 2026-11-22 12:10:00`: a blank, then the TAB. */
function lineOf({ target, bannedAtMs, untilMs }: Ban): string {
  const seconds = untilMs === undefined ? -1 : Math.round((untilMs - bannedAtMs) / 1000);
  const end = untilMs === undefined ? '9999-12-31 23:59:59' : dateOf(untilMs);
  return `${target} \t${dateOf(bannedAtMs)} + ${seconds} = ${end}`;
}

function dateOf(timeMs: number): string {
  return stamp(new Date(timeMs)).slice(0, 19);
}

/** Every line that is told is a failure; without any, the bare claim is one. */
function attemptsOf(id: string, lines: readonly string[], nowMs: number): readonly Match[] {
  const told = lines.length === 0 ? [''] : lines;
  return told.map((text, index) => ({
    kind: 'failure',
    id,
    address: parseAddress(id),
    user: undefined,
    timeMs: nowMs,
    text,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: `told ${nowMs} ${index}`,
    data: {},
  }));
}

function canonical(target: string): string {
  const network = parseNetwork(target);
  return network === undefined ? target : formatNetwork(network);
}

function noAddress(): Refusal {
  return refusal("Filter.addAttempt() missing 1 required positional argument: 'ip'");
}
