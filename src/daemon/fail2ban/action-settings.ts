/**
 * `get JAIL action…` and `set JAIL action…`: which actions a jail has, and their properties.
 * Takes words; changes the jail's actions. A method of an action is called by the daemon's decisions alone: asked for by
 * hand, it is answered where the action has no command for it, and refused where it has.
 */
import type { ActionOptions } from '../../action/options.js';
import type { JailOptions } from '../../jail/options.js';
import type { PythonValue } from '../../lib/python-value.js';
import {
  ACTION_METHODS,
  actionProperties,
  propertyNames,
  propertyOf,
  shownProperty,
} from './action-properties.js';
import { type Refusal, refusal, refusalOf, wordAt } from './refusal.js';
import type { JailVerb, Speech } from './speech.js';
import { textOf } from '../../lib/python-value.js';

/** What Fail2Ban answers to a method that has no command to run. */
const IDLE_ANSWERS: Readonly<Record<string, PythonValue>> = {
  start: true,
  flush: true,
  stop: true,
  reload: true,
};

export function actionSettings(speech: Speech): {
  readonly get: Readonly<Record<string, JailVerb>>;
  readonly set: Readonly<Record<string, JailVerb>>;
} {
  const propertiesOf = (jail: string, action: string): Map<string, PythonValue> => {
    const properties = speech.spoken(jail).actions.get(action);
    if (properties === undefined) throw noAction(action);
    return properties;
  };
  const alter = (
    jail: string,
    edit: (actions: readonly ActionOptions[]) => readonly ActionOptions[],
  ): Promise<void> =>
    speech.parts.live.alter(jail, (options: JailOptions) => ({ ...options, actions: edit(options.actions) }));

  const get = {
    actions: (jail) => [...speech.spoken(jail).actions.keys()],
    action: (jail, words) => {
      const [action, name] = [wordAt(words, 0), wordAt(words, 1)];
      const properties = propertiesOf(jail, action);
      const value = properties.get(name);
      if (value === undefined) throw refusal(`'CommandAction' object has no attribute '${name}'`);
      return shownProperty(name, value, properties);
    },
    actionproperties: (jail, words) => propertyNames(propertiesOf(jail, wordAt(words, 0))),
    actionmethods: (jail, words) => {
      propertiesOf(jail, wordAt(words, 0));
      return ACTION_METHODS;
    },
  } satisfies Readonly<Record<string, JailVerb>>;

  const set = {
    addaction: async (jail, words) => {
      const name = wordAt(words, 0);
      const { actions } = speech.spoken(jail);
      if (words.length > 1) {
        wordAt(words, 2);
        throw refusal('Bailiff does not run Python actions');
      }
      if (actions.has(name)) throw refusal(`Action ${name} already exists`);
      actions.set(name, actionProperties());
      await alter(jail, (all) => [...all, { name, native: undefined, parameters: {} }]);
      return name;
    },
    delaction: async (jail, words) => {
      const name = wordAt(words, 0);
      propertiesOf(jail, name);
      speech.spoken(jail).actions.delete(name);
      await alter(jail, (all) => all.filter((action) => action.name !== name));
      return null;
    },
    action: async (jail, words) => {
      const action = wordAt(words, 0);
      const properties = propertiesOf(jail, action);
      const name = wordAt(words, 1);
      if (ACTION_METHODS.includes(name)) return call(name, words[2], properties);
      const text = wordAt(words, 2);
      const value = propertyOf(name, text);
      properties.set(name, value);
      await alter(jail, (all) =>
        all.map((each) =>
          each.name === action
            ? { ...each, parameters: { ...each.parameters, [name]: textOf(value) } }
            : each,
        ),
      );
      return shownProperty(name, value, properties);
    },
  } satisfies Readonly<Record<string, JailVerb>>;
  return { get, set };
}

function call(
  method: string,
  json: string | undefined,
  properties: ReadonlyMap<string, PythonValue>,
): PythonValue {
  if (json !== undefined && !isJson(json)) throw refusal('Expecting value: line 1 column 1 (char 0)');
  const command = properties.get(`action${method}`);
  if (command === undefined || command !== '')
    throw refusal(`Bailiff calls the method '${method}' of an action itself, never by hand`);
  return IDLE_ANSWERS[method] ?? null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // As Python: no value.
    return false;
  }
}

function noAction(name: string): Refusal {
  const text = `Invalid Action name: ${name}`;
  return refusalOf(`'${text}'`, [text]);
}
