/**
 * Whether the commands of `action.d` may run: only while the firewall is enforced; as root, or where the admin opted in.
 * Takes the mode, the setting and the user; gives undefined, or one sentence why they do not.
 */
import type { Mode } from './mode.js';

export interface ShellOff {
  readonly why: string;
  /** What would turn them on; undefined where nobody expects them to run. */
  readonly remedy: string | undefined;
}

/** @param setting `shellactions`; undefined = not said. */
export function shellOff(
  mode: Mode['name'],
  setting: boolean | undefined,
  uid = process.getuid?.(),
): ShellOff | undefined {
  switch (mode) {
    case 'observing':
      return { why: 'observes: runs no command', remedy: undefined };
    case 'rehearsing':
      return { why: 'rehearses: runs no command', remedy: undefined };
    case 'enforcing':
      break;
  }
  if (setting === true || (setting === undefined && uid === 0)) return undefined;
  const remedy = 'Set `shellactions = yes` in bailiff.conf to run them as this user.';
  if (setting === false) return { why: 'not run: `shellactions = no`', remedy };
  return { why: 'not run: this is not root, and `shellactions` is not set', remedy };
}
