/**
 * What Fail2Ban's words know of a jail beside the options of our stages: texts as they were written, and what is read
 * without effect in this version. Takes a jail as it was read; gives values as Fail2Ban's server answers them.
 */
import type { GrowthOptions } from '../../ban/options.js';
import type { LoadedAction } from '../../config/action-definition.js';
import { readGrowth } from '../../config/jail-growth.js';
import { parseCall } from '../../config/parameters.js';
import type { ReadJail } from '../../config/jail-reader.js';
import { defaultOf } from '../../config/settings.js';
import type { IgnoreCache } from '../../failure/options.js';
import type { PythonValue } from '../../lib/python-value.js';
import { actionProperties, propertyOf } from './action-properties.js';
import { isYes, secondsOf, shownSeconds } from './python-numbers.js';
import { refusal } from './refusal.js';
import { spelledExpression } from './spelled-expression.js';

export class SpokenJail {
  /** `polling`, `pyinotify`, `systemd`. */
  readonly backend: string;
  ignorecommand: string | false = false;
  /** `[key, count, seconds]` */
  ignorecache: PythonValue = null;
  logtimezone: string | null = null;
  logencoding = 'UTF-8';
  /** Times whose own spelling is shown, by setting. */
  readonly shown = new Map<string, PythonValue>();
  /** `bantime.*` by what follows the point. */
  readonly extra = new Map<string, PythonValue>();
  /** The same as they were written. */
  readonly #extraTexts = new Map<string, string>();
  readonly actions = new Map<string, Map<string, PythonValue>>();
  /** Expressions as they were spelled when they were added. */
  readonly #spelled = new Map<string, string>();

  constructor(backend: string) {
    const name = backend.toLowerCase();
    this.backend = name === 'auto' ? 'pyinotify' : name;
  }

  /** An expression of the jail as it is shown. */
  spelled(text: string, hostNames: boolean): string {
    const known = this.#spelled.get(text);
    if (known !== undefined) return known;
    const spelled = spelledExpression(text, hostNames);
    this.#spelled.set(text, spelled);
    return spelled;
  }

  forgetSpelling(text: string): void {
    this.#spelled.delete(text);
  }

  /** Sets one of `bantime.*`. @throws Refusal */
  setExtra(option: string, word: string): void {
    if (word === '') {
      this.extra.delete(option);
      this.#extraTexts.delete(option);
      return;
    }
    this.extra.set(option, extraOf(option, word));
    this.#extraTexts.set(option, word);
  }

  /** What `bantime.*` comes to now. @throws BailiffError where something does not hold. */
  growth(): GrowthOptions | undefined {
    const textOf = (option: string): string =>
      this.#extraTexts.get(option.slice('bantime.'.length)) ?? defaultOf('jail', option, true) ?? '';
    const truth = (option: string): string => (isYes(textOf(option)) ? 'true' : 'false');
    return readGrowth(
      (option) => (/\.(?:increment|overalljails)$/.test(option) ? truth(option) : textOf(option)),
      (_, read) => read(),
    );
  }
}

/** A jail of the configuration. */
export function spokenJail({ options, written, actions }: ReadJail): SpokenJail {
  const spoken = new SpokenJail(parseCall(written.get('backend') ?? 'auto').name);
  const command = written.get('ignorecommand');
  if (command !== undefined) spoken.ignorecommand = command;
  spoken.ignorecache = ignoreCacheOf(written.get('ignorecache') ?? '')?.shown ?? null;
  spoken.logtimezone = written.get('logtimezone') ?? null;
  const encoding = written.get('logencoding') ?? 'auto';
  spoken.logencoding = encoding.toLowerCase() === 'auto' ? 'UTF-8' : encoding;
  for (const [option, text] of written)
    if (option.startsWith('bantime.')) spoken.setExtra(option.slice('bantime.'.length), text);
  for (const action of actions)
    if ('options' in action) spoken.actions.set(action.options.name, propertiesOf(action));
    else spoken.actions.set(action.name, new Map(Object.entries(action.python)));
  const hostNames = options.filter.usedns !== 'no';
  for (const text of [...options.filter.failregex, ...options.filter.ignoreregex])
    spoken.spelled(text, hostNames);
  return spoken;
}

/** `key="<ip>", max-count=100, max-time=5m`, and how it is answered; undefined = none. @throws Refusal */
export function ignoreCacheOf(
  text: string,
): { readonly cache: IgnoreCache | undefined; readonly shown: PythonValue } | undefined {
  if (text.trim() === '') return undefined;
  let parameters: ReadonlyMap<string, string>;
  try {
    parameters = parseCall(`cache[${text}]`).parameters;
  } catch {
    throw refusal(`expected option, wrong syntax at 0: ${text}`);
  }
  const key = parameters.get('key') ?? '';
  const maxCount = Number(parameters.get('max-count') ?? 100);
  const time = secondsOf(parameters.get('max-time') ?? '300');
  const isSound = key !== '' && maxCount >= 1 && time.seconds >= 0;
  return {
    cache: isSound ? { key, maxCount, maxTimeSeconds: time.seconds } : undefined,
    shown: [key, maxCount, shownSeconds(time)],
  };
}

function extraOf(option: string, word: string): PythonValue {
  if (option === 'increment') return isYes(word);
  if (option === 'maxtime' || option === 'rndtime') return shownSeconds(secondsOf(word));
  if (option === 'multipliers') {
    for (const each of word.split(' '))
      if (!/^\d+$/.test(each)) throw refusal(`invalid literal for int() with base 10: '${each}'`);
  }
  return word;
}

function propertiesOf({ written }: LoadedAction): Map<string, PythonValue> {
  const properties = actionProperties();
  for (const [name, text] of written) if (name !== 'bantime') properties.set(name, propertyOf(name, text));
  return properties;
}
