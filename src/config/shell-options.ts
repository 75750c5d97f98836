/**
 * What of an action's values the shell runs, and when.
 * Takes the values with a way to fill in their tags for a family; gives ShellOptions and what could not be read of them.
 * Does not decide whether shell actions may run.
 */
import type { ShellFamily, ShellOptions, ShellPhase } from '../action/options.js';
import { BailiffError } from '../lib/errors.js';
import { parseDuration } from './duration.js';
import { parseBoolean } from './values.js';

/** Fail2Ban's. */
const TIMEOUT_SECONDS = 60;

export interface ShellValues {
  readonly definition: string;
  /** Whether an option holds for IPv6 alone. */
  readonly isByFamily: boolean;
  /** An option's text for a family; empty where it has none. */
  readonly filled: (key: string, family: ShellFamily) => string;
}

/** Where a value does not hold, Fail2Ban's own is taken and the error is among `defects`. */
export function shellOptions(values: ShellValues): {
  readonly shell: ShellOptions;
  readonly defects: readonly BailiffError[];
} {
  const defects: BailiffError[] = [];
  const read = <T>(key: string, parse: (text: string) => T, otherwise: T): T => {
    const text = values.filled(key, 'any').trim();
    try {
      return text === '' ? otherwise : parse(text);
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      const where = { ...error.where, option: `${values.definition} ${key}` };
      defects.push(new BailiffError(error.code, error.message, { where, remedy: error.remedy }));
      return otherwise;
    }
  };
  const commandsOf = (phase: ShellPhase): ShellOptions['commands'][ShellPhase] => ({
    inet4: values.filled(`action${phase}`, 'inet4'),
    inet6: values.filled(`action${phase}`, 'inet6'),
    any: values.filled(`action${phase}`, 'any'),
  });
  const shell: ShellOptions = {
    definition: values.definition,
    commands: {
      start: commandsOf('start'),
      stop: commandsOf('stop'),
      flush: commandsOf('flush'),
      reload: commandsOf('reload'),
      check: commandsOf('check'),
      repair: commandsOf('repair'),
      ban: commandsOf('ban'),
      prolong: commandsOf('prolong'),
      reban: commandsOf('reban'),
      unban: commandsOf('unban'),
    },
    isByFamily: values.isByFamily,
    startsOnDemand: read('actionstart_on_demand', parseBoolean, values.isByFamily),
    repairsOnUnban: read('actionrepair_on_unban', parseBoolean, false),
    runsRestored: !read('norestored', parseBoolean, false),
    timeoutSeconds: read('timeout', secondsOf, TIMEOUT_SECONDS),
  };
  return { shell, defects };
}

function secondsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds >= 1) return seconds;
  throw new BailiffError('config.time', `\`${text}\` is ${seconds} s: no command could end in that time.`, {
    remedy: 'Write a time such as 60 or 2m.',
  });
}
