/**
 * The actions of one jail.
 * Takes the text of its `action` option; gives their options, what is wrong (breaks the jail) and what is left out (does not).
 */
import { join } from 'node:path';
import { BailiffError } from '../lib/errors.js';
import { type LoadedAction, type PythonAction, loadAction } from './action-definition.js';
import type { ConfigurationEnvironment } from './environment.js';
import type { ConfigLayers } from './layers.js';
import { type Call, parseCall, splitCalls } from './parameters.js';

export interface JailActions {
  readonly actions: readonly LoadedAction[];
  /** All of them as Fail2Ban's client would tell its server, those that Bailiff does not run as well. */
  readonly told: readonly (LoadedAction | PythonAction)[];
  readonly errors: readonly BailiffError[];
  readonly warnings: readonly BailiffError[];
}

/** Reads every action that the jail names. */
export function readActions(
  text: string,
  jail: string,
  from: {
    readonly layers: ConfigLayers;
    readonly environment: ConfigurationEnvironment;
    /** Options of the jail that tags may name. */
    readonly jailOptions: ReadonlyMap<string, string>;
  },
): JailActions {
  const actions: LoadedAction[] = [];
  const told: (LoadedAction | PythonAction)[] = [];
  const errors: BailiffError[] = [];
  const warnings: BailiffError[] = [];
  for (const written of splitCalls(text)) {
    try {
      const { layers, environment, jailOptions } = from;
      const context = { jail, layers, hostname: environment.hostname, jailOptions };
      const call = parseCall(written);
      const python = call.name.endsWith('.py');
      if (python) told.push(pythonCall(call, layers.directory));
      const action = loadAction(call, context);
      if (actions.some((other) => other.options.name === action.options.name))
        throw twice(action.options.name);
      actions.push(action);
      if (!python) told.push(action);
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      (error.code === 'config.action-python' ? warnings : errors).push(error);
    }
  }
  return { actions, told, errors, warnings };
}

function pythonCall(call: Call, directory: string): PythonAction {
  const { actname, ...parameters } = Object.fromEntries(call.parameters);
  return {
    name: actname ?? call.name.replace(/\.py$/, ''),
    file: join(directory, 'action.d', call.name),
    python: parameters,
  };
}

function twice(name: string): BailiffError {
  return new BailiffError('config.action-twice', `the action \`${name}\` stands twice in this jail.`, {
    remedy: 'Give the second a name of its own: [actname=NAME].',
  });
}
