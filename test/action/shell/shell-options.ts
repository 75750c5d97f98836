/**
 * Options of shell actions for the tests of this room.
 */
import type { ShellOptions, ShellPhase } from '../../../src/action/options.js';

const NOTHING = { inet4: '', inet6: '', any: '' };

/** Commands by phase; `<family>` in a text is each family's own. */
export function commandsOf(
  texts: Readonly<Partial<Record<ShellPhase, string>>>,
): Readonly<Partial<ShellOptions['commands']>> {
  return Object.fromEntries(
    Object.entries(texts).map(([phase, text]) => [
      phase,
      {
        inet4: text.replaceAll('<family>', 'inet4'),
        inet6: text.replaceAll('<family>', 'inet6'),
        any: text,
      },
    ]),
  );
}

export function shellOf(
  commands: Readonly<Partial<ShellOptions['commands']>>,
  more: Partial<ShellOptions> = {},
): ShellOptions {
  return {
    definition: 'x',
    isByFamily: false,
    startsOnDemand: false,
    repairsOnUnban: false,
    runsRestored: true,
    timeoutSeconds: 60,
    ...more,
    commands: {
      start: NOTHING,
      stop: NOTHING,
      flush: NOTHING,
      reload: NOTHING,
      check: NOTHING,
      repair: NOTHING,
      ban: NOTHING,
      prolong: NOTHING,
      reban: NOTHING,
      unban: NOTHING,
      ...commands,
    },
  };
}
