/**
 * Answers the words of fail2ban-client as Fail2Ban's server does: which verb they are, and what it gives or refuses.
 * Takes words; gives a value or a refusal, and what is to be said besides. Verbs stand in the files beside this one.
 */
import { FAIL2BAN_VERSION } from '../../config/compatibility.js';
import type { ClientLogLine, Fail2banResult } from '../../control/fail2ban-answer.js';
import { BailiffError } from '../../lib/errors.js';
import { reprOf } from '../../lib/python-value.js';
import { actionSettings } from './action-settings.js';
import { banVerbs } from './ban-verbs.js';
import { filterSettings } from './filter-settings.js';
import { getExtra, jailSettings, setExtra } from './jail-settings.js';
import { jailVerbs } from './jail-verbs.js';
import { Refusal, refusal, wordAt } from './refusal.js';
import { type ServerSettings, serverSettings } from './server-settings.js';
import type { Answer, JailVerb, Say, Speech, Verb } from './speech.js';
import { statsValue, statusValue } from './status-values.js';

const EXTRA = 'bantime.';
/** No answer may take longer than a client waits. */
const LONGEST_SLEEP_MS = 20_000;

export interface SpeakerParts {
  readonly speech: Speech;
  readonly settings: ServerSettings;
  /** Lifts the bans and ends the daemon once the answer is written. */
  readonly stop: () => Promise<void>;
}

export class Speaker {
  readonly #verbs: ReadonlyMap<string, Verb>;
  readonly #server: ReturnType<typeof serverSettings>;
  readonly #get: ReadonlyMap<string, JailVerb>;
  readonly #set: ReadonlyMap<string, JailVerb>;
  readonly #speech: Speech;

  constructor({ speech, settings, stop }: SpeakerParts) {
    this.#speech = speech;
    const [jail, filter, action] = [jailSettings(speech), filterSettings(speech), actionSettings(speech)];
    const [bans, jails] = [banVerbs(speech), jailVerbs(speech)];
    this.#server = serverSettings(settings, () => [...speech.parts.jails].length);
    this.#get = tableOf({ ...jail.get, ...filter.get, ...action.get, ...bans.get });
    this.#set = tableOf({ ...jail.set, ...filter.set, ...action.set, ...bans.set, ...jails.set });
    const stats: Verb = () => statsValue(speech);
    this.#verbs = tableOf<Verb>({
      ...bans.verbs,
      ...jails.verbs,
      ping: () => 'pong',
      version: () => FAIL2BAN_VERSION,
      'server-status': () => 'Server ready',
      echo: (words) => words,
      sleep: (words) => sleep(wordAt(words, 0)),
      flushlogs: () => settings.log.flush(),
      'config-error': (words) => {
        wordAt(words, 0);
        return null;
      },
      status: (words, say) => statusValue(speech, words, say),
      stats,
      statistic: stats,
      statistics: stats,
      get: (words, say) => this.#ofJailOrServer(words, say, 'get'),
      set: (words, say) => this.#ofJailOrServer(words, say, 'set'),
      'multi-set': (words, say) => this.#ofJailOrServer(words, say, 'set'),
      stop: async (words, say) => {
        if (words.length > 0) return jails.verbs['stop']?.(words, say) ?? null;
        await stop();
        return null;
      },
    });
  }

  async answer(words: readonly string[]): Promise<Fail2banResult> {
    const log: ClientLogLine[] = [];
    const say: Say = (level, text) => void log.push({ level, text });
    try {
      const [verb = '', ...rest] = words;
      const found = this.#verbs.get(verb);
      if (found === undefined) throw refusal('Invalid command');
      const value = await found(rest, say);
      return { outcome: { kind: 'value', value }, log };
    } catch (thrown) {
      const refused = thrown instanceof BailiffError ? refusal(thrown.message) : thrown;
      if (!(refused instanceof Refusal)) throw thrown;
      for (const text of refused.log) log.push({ level: 'ERROR', text });
      return { outcome: { kind: 'refused', told: refused.message }, log };
    }
  }

  #ofJailOrServer(words: readonly string[], say: Say, which: 'get' | 'set'): Answer {
    const [name, ...rest] = [wordAt(words, 0), ...words.slice(1)];
    const ofServer = tableOf<Verb>(this.#server[which]).get(name);
    if (ofServer !== undefined) return ofServer(rest, say);
    const verb = wordAt(rest, 0);
    const more = rest.slice(1);
    if (verb.startsWith(EXTRA)) {
      const option = verb.slice(EXTRA.length);
      if (which === 'get') return getExtra(this.#speech, name, option);
      return setExtra(this.#speech, name, option, more);
    }
    const ofJail = (which === 'get' ? this.#get : this.#set).get(verb);
    if (ofJail !== undefined) return ofJail(name, more, say);
    if (which === 'get') throw refusal('Invalid command (no get action or not yet implemented)');
    throw refusal(`Invalid command ${reprOf(verb)} (no set action or not yet implemented)`);
  }
}

/** A table in which only what was put there is found. */
function tableOf<Value>(record: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record));
}

async function sleep(word: string): Promise<null> {
  const seconds = Number(word);
  if (!Number.isFinite(seconds)) throw refusal(`could not convert string to float: ${reprOf(word)}`);
  await new Promise((resolve) => setTimeout(resolve, Math.min(seconds * 1000, LONGEST_SLEEP_MS)));
  return null;
}
