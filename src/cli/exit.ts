/**
 * Exit statuses of the commands (design: 0 to 4) and which of them an error means.
 * Takes an error's code; gives the status. `client` has Fail2Ban's own, 0 and 255.
 */
import { BailiffError } from '../lib/errors.js';

export const EXIT = {
  ok: 0,
  /** Not found, no hit, or it differs. */
  notFound: 1,
  usage: 2,
  noDaemon: 3,
  /** The configuration is wrong, or enforcement was asked for and is impossible. */
  configuration: 4,
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  'cli.usage': EXIT.usage,
  'control.bad-request': EXIT.usage,
  'control.too-large': EXIT.usage,
  'control.unknown-jail': EXIT.notFound,
  'control.denied': EXIT.usage,
  'control.internal': EXIT.noDaemon,
  'control.busy': EXIT.noDaemon,
  'control.no-answer': EXIT.noDaemon,
  'control.no-daemon': EXIT.noDaemon,
  'control.not-allowed': EXIT.noDaemon,
  'known-good.none': EXIT.notFound,
  'known-good.unreadable': EXIT.notFound,
  'known-good.write': EXIT.notFound,
  // Not the configuration's fault: the service manager is to try again.
  'store.full': EXIT.notFound,
  'store.unwritable': EXIT.notFound,
};

/** The status for anything thrown; an error of ours without an entry is about configuration or enforcement. */
export function exitStatusOf(thrown: unknown): number {
  if (!(thrown instanceof BailiffError)) return EXIT.notFound;
  return BY_CODE[thrown.code] ?? EXIT.configuration;
}

/** Wrong use of a command that only its own checks can see. */
export function usageError(message: string, remedy: string): BailiffError {
  return new BailiffError('cli.usage', message, { remedy });
}
