/**
 * Tells of commands that failed: what, for whom, how it ended, and what it said.
 * Takes outcomes; gives notices, at most one a second for each phase, with a count of those left out. Text that a command
 * printed may be an attacker's: it is made visible. The command itself is never shown, for it may hold a secret.
 */
import { BailiffError, messageOf } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import type { EffectNotice } from '../notice.js';
import type { ShellPhase } from '../options.js';
import type { ShellOutcome } from './run-shell.js';

const PAUSE_MS = 1000;
const LONGEST_QUOTE = 300;

export class ShellFailures {
  readonly #jail: string;
  readonly #action: string;
  readonly #tell: (notice: EffectNotice) => void;
  readonly #told = new Map<ShellPhase, { atMs: number; left: number }>();
  #last: string | undefined;

  constructor(jail: string, action: string, tell: (notice: EffectNotice) => void) {
    this.#jail = jail;
    this.#action = action;
    this.#tell = tell;
  }

  /** The last failure since something went well; undefined = none. */
  get last(): string | undefined {
    return this.#last;
  }

  /** `subject`: the address, where there is one. */
  note(phase: ShellPhase, subject: string | undefined, outcome: ShellOutcome, timeoutSeconds: number): void {
    const whom = subject === undefined ? '' : ` for ${visible(subject)}`;
    const what = `action${phase} of \`${this.#action}\`${whom} ${endingOf(outcome, timeoutSeconds)}`;
    this.#last = what;
    const nowMs = performance.now();
    const told = this.#told.get(phase);
    if (told !== undefined && nowMs - told.atMs < PAUSE_MS) {
      told.left += 1;
      return;
    }
    const more = told === undefined || told.left === 0 ? '' : ` (${told.left} more failed since the last)`;
    this.#told.set(phase, { atMs: nowMs, left: 0 });
    const error = new BailiffError(
      outcome.kind === 'timeout' ? 'action.shell-timeout' : 'action.shell-failed',
      `${what}${quoted(outcome.said)}${more}.`,
      { remedy: remedyOf(outcome) },
    );
    this.#post('warning', phase, messageOf(error));
  }

  /** Something ran well: `status` says so. */
  clear(): void {
    this.#last = undefined;
  }

  /** More was decided than can wait. */
  overflow(dropped: number): void {
    const error = new BailiffError(
      'action.shell-overflow',
      `too many bans wait for \`${this.#action}\`; ${dropped} were passed over.`,
      { remedy: 'Make its commands faster; the bans hold everywhere else.' },
    );
    this.#post('alarm', 'overflow', messageOf(error));
  }

  /** The daemon ends before the action was through. */
  unfinished(left: number): void {
    const error = new BailiffError(
      'action.shell-unfinished',
      `\`${this.#action}\` was not done in time at the end; up to ${left} bans were not lifted.`,
      { remedy: 'Look what it left behind, and make its commands faster.' },
    );
    this.#post('alarm', 'unfinished', messageOf(error));
  }

  #post(level: EffectNotice['level'], event: string, text: string): void {
    this.#tell({ effect: this.#jail, level, event: `shell-${this.#action}-${event}`, text });
  }
}

/** How a command ended, for a sentence that begins with the command. */
export function endingOf({ kind, status, signal, said }: ShellOutcome, timeoutSeconds: number): string {
  if (kind === 'timeout') return `was ended after ${timeoutSeconds} s`;
  if (kind === 'refused') return `could not be started: ${visible(said)}`;
  return status === undefined ? `was ended by ${signal ?? 'a signal'}` : `ended with exit status ${status}`;
}

/** What a command said, visible and shortened, behind a colon; nothing where it said nothing. */
export function quoted(said: string): string {
  if (said === '') return '';
  const lines = said.split('\n');
  const text = visible(lines.join(' ⏎ '));
  return `: ${text.length > LONGEST_QUOTE ? `… ${text.slice(-LONGEST_QUOTE)}` : text}`;
}

function remedyOf({ kind, status }: ShellOutcome): string {
  if (kind === 'timeout') return 'Make it faster, or give the action a longer `timeout`.';
  if (status === 127) return 'A program that it names was not found.';
  if (status === 126) return 'A program that it names may not be run.';
  return 'Try the command by hand as the user that Bailiff runs as.';
}
