/**
 * The properties and methods that an action of commands has under Fail2Ban, whatever its definition adds.
 * Takes names and texts; gives values as Fail2Ban's server answers them. Does not run anything.
 */
import { hiddenSecret, isSecretName, secretsIn, withoutSecrets } from '../../config/secrets.js';
import type { PythonValue } from '../../lib/python-value.js';
import { isYes, secondsOf, shownSeconds } from './python-numbers.js';

const COMMANDS = [
  'actionban', 'actioncheck', 'actionflush', 'actionreban', 'actionreload', 'actionrepair', 'actionstart', 'actionstop',
  'actionunban',
]; // prettier-ignore
const BOOLEANS = new Set(['actionstart_on_demand', 'actionrepair_on_unban', 'norestored']);
/** Those that every action has and that only Fail2Ban itself reads. */
const INTERNAL = ['ESCAPE_CRE', 'ESCAPE_VN_CRE', 'banEpoch'];

export const ACTION_METHODS: readonly string[] = [
  'ban', 'clearAllParams', 'consistencyCheck', 'escapeTag', 'executeCmd', 'flush', 'invalidateBanEpoch', 'prolong',
  'reban', 'reload', 'replaceDynamicTags', 'replaceTag', 'start', 'stop', 'unban',
]; // prettier-ignore

/** What a new action has. */
export function actionProperties(): Map<string, PythonValue> {
  return new Map<string, PythonValue>([
    ['banEpoch', 0],
    ['timeout', 60],
    ...COMMANDS.map((name): [string, PythonValue] => [name, '']),
  ]);
}

/** A property from its text. @throws Refusal */
export function propertyOf(name: string, text: string): PythonValue {
  if (name === 'timeout') return shownSeconds(secondsOf(text));
  return BOOLEANS.has(name) ? isYes(text) : text;
}

/** A property as it may be shown: keys and passwords are not, neither in the commands that they stand in. */
export function shownProperty(
  name: string,
  value: PythonValue,
  properties: ReadonlyMap<string, PythonValue>,
): PythonValue {
  if (typeof value !== 'string') return value;
  if (isSecretName(name)) return hiddenSecret(value);
  const texts = [...properties].flatMap(([key, text]): (readonly [string, string])[] =>
    typeof text === 'string' ? [[key, text]] : [],
  );
  return withoutSecrets(value, secretsIn(texts));
}

/** In the order of Python's dir(). */
export function propertyNames(properties: ReadonlyMap<string, PythonValue>): readonly string[] {
  return [...new Set([...INTERNAL, ...properties.keys()])].sort();
}
