/**
 * `get JAIL …` and `set JAIL …` for what counts and bans: times, numbers, who is ignored, `bantime.*`.
 * Takes words; changes the jail in place, so that counts and bans stay. Gives values as Fail2Ban's server does.
 */
import type { GrowthOptions } from '../../ban/options.js';
import type { JailOptions } from '../../jail/options.js';
import { BailiffError } from '../../lib/errors.js';
import { formatNetwork, parseNetwork, widthOf } from '../../lib/address.js';
import type { PythonValue } from '../../lib/python-value.js';
import { boundedInteger, isYes, secondsOf, shownSeconds } from './python-numbers.js';
import { refusal, wordAt } from './refusal.js';
import type { JailVerb, Speech } from './speech.js';
import { ignoreCacheOf } from './spoken-jail.js';

type Edit<Part> = (part: Part) => Part;

export function jailSettings(speech: Speech): {
  readonly get: Readonly<Record<string, JailVerb>>;
  readonly set: Readonly<Record<string, JailVerb>>;
} {
  const failure = (jail: string, edit: Edit<JailOptions['failure']>): Promise<void> =>
    speech.parts.live.alter(jail, (options) => ({ ...options, failure: edit(options.failure) }));
  const optionsOf = (jail: string): JailOptions => speech.jail(jail).options;

  const get = {
    ignoreself: (jail) => optionsOf(jail).failure.ignoreself,
    ignoreip: (jail) => ignored(optionsOf(jail)),
    ignorecommand: (jail) => speech.spoken(jail).ignorecommand,
    ignorecache: (jail) => speech.spoken(jail).ignorecache,
    findtime: (jail) => speech.spoken(jail).shown.get('findtime') ?? optionsOf(jail).failure.findtimeSeconds,
    maxretry: (jail) => optionsOf(jail).failure.maxretry,
    maxmatches: (jail) => optionsOf(jail).failure.maxmatches,
    bantime: (jail) => optionsOf(jail).ban.bantimeSeconds,
  } satisfies Readonly<Record<string, JailVerb>>;

  /** Answers as the matching `get` does, once the change holds. */
  const after = async (verb: keyof typeof get, jail: string, done: Promise<void>): Promise<PythonValue> => {
    await done;
    return get[verb](jail);
  };

  const set = {
    ignoreself: (jail, words) => {
      const ignoreself = isYes(wordAt(words, 0));
      speech.jail(jail);
      return after(
        'ignoreself',
        jail,
        failure(jail, (part) => ({ ...part, ignoreself })),
      );
    },
    addignoreip: (jail, words) => {
      speech.jail(jail);
      const added = words.filter((word) => word !== '').map(canonical);
      return after(
        'ignoreip',
        jail,
        failure(jail, (part) => ({ ...part, ignoreip: [...new Set([...part.ignoreip, ...added])] })),
      );
    },
    delignoreip: (jail, words) => {
      const gone = canonical(wordAt(words, 0));
      if (!optionsOf(jail).failure.ignoreip.map(canonical).includes(gone))
        throw refusal('list.remove(x): x not in list');
      return after(
        'ignoreip',
        jail,
        failure(jail, (part) => ({
          ...part,
          ignoreip: part.ignoreip.filter((each) => canonical(each) !== gone),
        })),
      );
    },
    ignorecommand: (jail, words) => {
      const command = wordAt(words, 0);
      speech.spoken(jail).ignorecommand = command;
      return after(
        'ignorecommand',
        jail,
        failure(jail, ({ ignorecommand: _before, ...part }) => ({
          ...part,
          ...(command !== '' && { ignorecommand: command }),
        })),
      );
    },
    ignorecache: (jail, words) => {
      const told = ignoreCacheOf(wordAt(words, 0));
      speech.spoken(jail).ignorecache = told?.shown ?? null;
      return after(
        'ignorecache',
        jail,
        failure(jail, ({ ignorecache: _before, ...part }) => ({
          ...part,
          ...(told?.cache !== undefined && { ignorecache: told.cache }),
        })),
      );
    },
    findtime: (jail, words) => {
      const word = wordAt(words, 0);
      const spoken = speech.spoken(jail);
      const time = secondsOf(word);
      spoken.shown.set('findtime', shownSeconds(time));
      return after(
        'findtime',
        jail,
        failure(jail, (part) => ({ ...part, findtimeSeconds: time.seconds })),
      );
    },
    maxretry: (jail, words) => {
      const maxretry = boundedInteger(wordAt(words, 0));
      speech.jail(jail);
      return after(
        'maxretry',
        jail,
        failure(jail, (part) => ({ ...part, maxretry })),
      );
    },
    maxmatches: (jail, words) => {
      const maxmatches = boundedInteger(wordAt(words, 0));
      speech.jail(jail);
      return after(
        'maxmatches',
        jail,
        failure(jail, (part) => ({ ...part, maxmatches })),
      );
    },
    bantime: (jail, words) => {
      const word = wordAt(words, 0);
      speech.jail(jail);
      const bantimeSeconds = Math.trunc(secondsOf(word).seconds);
      const done = speech.parts.live.alter(jail, (options) => ({
        ...options,
        ban: { ...options.ban, bantimeSeconds },
      }));
      return after('bantime', jail, done);
    },
  } satisfies Readonly<Record<string, JailVerb>>;
  return { get, set };
}

/** `bantime.increment` and the like. */
export function getExtra(speech: Speech, jail: string, option: string): PythonValue {
  return speech.spoken(jail).extra.get(option) ?? null;
}

export async function setExtra(
  speech: Speech,
  jail: string,
  option: string,
  words: readonly string[],
): Promise<PythonValue> {
  const word = wordAt(words, 0);
  const spoken = speech.spoken(jail);
  spoken.setExtra(option, word);
  const growth = growthSpoken(spoken);
  await speech.parts.live.alter(jail, (options) => ({ ...options, ban: { ...options.ban, growth } }));
  return getExtra(speech, jail, option);
}

function growthSpoken(spoken: ReturnType<Speech['spoken']>): GrowthOptions | undefined {
  try {
    return spoken.growth();
  } catch (error) {
    if (error instanceof BailiffError) throw refusal(error.message);
    throw error;
  }
}

/** Networks and names first, then single addresses, as Fail2Ban keeps them. */
function ignored({ failure }: JailOptions): readonly string[] {
  const all = failure.ignoreip.map(canonical);
  return [...all.filter((text) => !isSingle(text)), ...all.filter(isSingle)];
}

function isSingle(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && network.prefix === widthOf(network.family);
}

function canonical(text: string): string {
  const network = parseNetwork(text);
  return network === undefined ? text : formatNetwork(network);
}
