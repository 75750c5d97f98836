/**
 * The actions of one jail.
 * Takes the text of its `action` option; gives their options, what is wrong (breaks the jail) and what is left out (does not).
 */
import { BailiffError } from '../lib/errors.js';
import { type LoadedAction, loadAction } from './action-definition.js';
import type { ConfigurationEnvironment } from './environment.js';
import type { ConfigLayers } from './layers.js';
import { parseCall, splitCalls } from './parameters.js';

export interface JailActions {
  readonly actions: readonly LoadedAction[];
  readonly errors: readonly BailiffError[];
  readonly warnings: readonly BailiffError[];
}

/** Reads every action that the jail names. */
export function readActions(
  text: string,
  jail: string,
  from: { readonly layers: ConfigLayers; readonly environment: ConfigurationEnvironment },
): JailActions {
  const actions: LoadedAction[] = [];
  const errors: BailiffError[] = [];
  const warnings: BailiffError[] = [];
  for (const written of splitCalls(text)) {
    try {
      const context = { jail, layers: from.layers, hostname: from.environment.hostname };
      const action = loadAction(parseCall(written), context);
      if (actions.some((other) => other.options.name === action.options.name))
        throw twice(action.options.name);
      actions.push(action);
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      (error.code === 'config.action-python' ? warnings : errors).push(error);
    }
  }
  return { actions, errors, warnings };
}

function twice(name: string): BailiffError {
  return new BailiffError('config.action-twice', `the action \`${name}\` stands twice in this jail.`, {
    remedy: 'Give the second a name of its own: [actname=NAME].',
  });
}
