/**
 * The shell actions of every jail: builds them, or tells why they (and `ignorecommand`) do not run; starts them, and ends them in Fail2Ban's order.
 * Takes actions one by one; gives an effect for each. Does not decide, runs no command itself.
 */
import type { Effect } from '../../action/effect.js';
import { OffEffect } from '../../action/off.js';
import type { ActionOptions } from '../../action/options.js';
import { ShellEffect } from '../../action/shell/shell-effect.js';
import type { ShellSurroundings } from '../../action/shell/surroundings.js';
import { Turns } from '../../action/shell/turns.js';
import type { Ban } from '../../ban/ban.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { ShellOff } from './shell-right.js';

/** How long commands may take to undo what they did when the daemon ends; below systemd's 90 s. */
const END_MS = 60_000;

export interface ShellActionsOptions {
  /** Undefined = they run. */
  readonly off: ShellOff | undefined;
  readonly surroundings: ShellSurroundings;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  readonly endMs?: number | undefined;
}

export class ShellActions {
  readonly #options: ShellActionsOptions;
  readonly #turns = new Turns();
  readonly #byJail = new Map<string, ShellEffect[]>();
  /** The jails whose actions have not begun yet. */
  readonly #waiting = new Set<string>();
  /** By jail: the end of actions that were replaced or went; what comes after them waits for it. */
  readonly #ending = new Map<string, Promise<void>>();
  /** Actions that end already. */
  readonly #retired = new Set<ShellEffect>();

  constructor(options: ShellActionsOptions) {
    this.#options = options;
  }

  /** The effect of an action without `native`. */
  effectOf(jail: JailOptions, action: ActionOptions): Effect {
    const { off, surroundings, notices, clock } = this.#options;
    if (off !== undefined || action.shell === undefined)
      return new OffEffect(action.name, off?.why ?? 'it has no commands');
    const effect = new ShellEffect({
      jail: jail.name,
      name: action.name,
      shell: action.shell,
      bantimeSeconds: jail.ban.bantimeSeconds,
      hitsToCheck: jail.failure.maxretry,
      surroundings,
      turns: this.#turns,
      clock,
      after: this.#ending.get(jail.name),
      tell: ({ effect: about, level, event, text }) => notices.post(level, about, event, text),
    });
    this.#byJail.set(jail.name, [...(this.#byJail.get(jail.name) ?? []), effect]);
    this.#waiting.add(jail.name);
    return effect;
  }

  /** Tells what each jail loses by commands that do not run. */
  tellOff(jails: readonly JailOptions[]): void {
    const { off, notices } = this.#options;
    if (off === undefined) return;
    for (const jail of jails) {
      notices.withdraw(jail.name, 'shell-off');
      notices.withdraw(jail.name, 'ignorecommand-off');
      if (jail.failure.ignorecommand !== undefined) this.#tellUnasked(jail.name, off);
      if (off.remedy === undefined) continue;
      const missing = jail.actions.filter(({ native }) => native === undefined).map(({ name }) => name);
      if (missing.length === 0) continue;
      const error = new BailiffError(
        'action.shell-off',
        `${missing.map((name) => `\`${name}\``).join(', ')} ${off.why}. ${lossOf(jail)}`,
        { remedy: off.remedy },
      );
      notices.post('warning', jail.name, 'shell-off', messageOf(error));
    }
  }

  #tellUnasked(jail: string, { why, remedy }: ShellOff): void {
    const text = `\`ignorecommand\` ${why}. Whom it would ignore is counted.`;
    const error = new BailiffError('daemon.ignorecommand-off', text, {
      remedy: remedy ?? 'It is asked while the firewall is enforced.',
    });
    this.#options.notices.post('warning', jail, 'ignorecommand-off', messageOf(error));
  }

  /** `actionstart` of every action that has not begun, then the bans that hold; returns at once. */
  begin(bans: Iterable<Ban>): void {
    if (this.#waiting.size === 0) return;
    const byJail = new Map<string, Ban[]>();
    for (const ban of bans) {
      const ofJail = byJail.get(ban.jail);
      if (ofJail === undefined) byJail.set(ban.jail, [ban]);
      else ofJail.push(ban);
    }
    for (const jail of this.#waiting)
      for (const effect of this.#byJail.get(jail) ?? []) effect.start(byJail.get(jail) ?? []);
    this.#waiting.clear();
  }

  /** The actions of a jail are no more, or other ones from now on: those that were undo what they did. */
  retire(jail: string): void {
    const effects = this.#byJail.get(jail) ?? [];
    const hasBegun = !this.#waiting.delete(jail);
    this.#byJail.delete(jail);
    if (effects.length === 0 || !hasBegun) return;
    for (const effect of effects) this.#retired.add(effect);
    const before = this.#ending.get(jail) ?? Promise.resolve();
    const end: Promise<void> = before
      .then(() => closeJail(effects))
      .then(() => this.#ended(jail, end, effects));
    this.#ending.set(jail, end);
  }

  #ended(jail: string, end: Promise<void>, effects: readonly ShellEffect[]): void {
    for (const effect of effects) this.#retired.delete(effect);
    if (this.#ending.get(jail) === end) this.#ending.delete(jail);
  }

  /** Tells actions that stayed as they were of a new reading of the configuration (`actionreload`). */
  reloaded(): void {
    for (const [jail, effects] of this.#byJail)
      if (!this.#waiting.has(jail)) for (const effect of effects) effect.reload();
  }

  /** Lifts every ban, then stops the actions of each jail from the last to the first; what takes too long is told. */
  async close(): Promise<void> {
    const all = [...this.#byJail.values()];
    if (all.length === 0 && this.#ending.size === 0) return;
    const late = setTimeout(() => {
      for (const effects of [[...this.#retired], ...all]) for (const effect of effects) effect.giveUp();
    }, this.#options.endMs ?? END_MS);
    await Promise.all([...this.#ending.values(), ...all.map(closeJail)]);
    clearTimeout(late);
  }
}

async function closeJail(effects: readonly ShellEffect[]): Promise<void> {
  await Promise.all(effects.map((effect) => effect.lift()));
  for (const effect of effects.toReversed()) await effect.close();
}

function lossOf(jail: JailOptions): string {
  return jail.actions.some(({ native }) => native === 'nftables')
    ? 'The firewall keeps out whom the jail bans; what these do besides is missing.'
    : 'Nothing keeps out whom the jail bans: its bans are counted and told only.';
}
