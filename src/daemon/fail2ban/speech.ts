/**
 * What the verbs of fail2ban-client work with: the daemon's parts, and what is spoken of each jail.
 * Holds no verb. A verb takes words and gives a value, or throws a Refusal.
 */
import type { ReadJail } from '../../config/jail-reader.js';
import type { ClientLogLine } from '../../control/fail2ban-answer.js';
import type { Jail } from '../../jail/jail.js';
import type { Jails } from '../../jail/jails.js';
import type { Clock } from '../../lib/clock.js';
import type { PythonValue } from '../../lib/python-value.js';
import type { Guard } from '../deciding/guard.js';
import type { LiveJails } from '../reloading/live-jails.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import type { Reloading } from '../reloading/reload.js';
import { noJail } from './refusal.js';
import { SpokenJail, spokenJail } from './spoken-jail.js';

/** Says something besides the answer, on the client's standard error. */
export type Say = (level: ClientLogLine['level'], text: string) => void;
export type Answer = PythonValue | Promise<PythonValue>;
export type Verb = (words: readonly string[], say: Say) => Answer;
/** A verb of one jail; its words follow the verb. */
export type JailVerb = (jail: string, words: readonly string[], say: Say) => Answer;

export interface SpeechParts {
  readonly jails: Jails;
  readonly guard: Guard;
  readonly live: LiveJails;
  readonly reloading: Reloading;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
}

export class Speech {
  readonly parts: SpeechParts;
  readonly #spoken = new Map<string, SpokenJail>();

  constructor(parts: SpeechParts, written: readonly ReadJail[]) {
    this.parts = parts;
    this.take(written);
  }

  /** Takes jails as the configuration has them. */
  take(written: readonly ReadJail[]): void {
    for (const jail of written) this.#spoken.set(jail.options.name, spokenJail(jail));
  }

  /** A jail that no configuration knows. */
  begin(name: string, backend: string): void {
    this.#spoken.set(name, new SpokenJail(backend));
  }

  /** @throws Refusal where there is no such jail. */
  jail(name: string): Jail {
    const jail = this.parts.jails.get(name);
    if (jail === undefined) throw noJail(name);
    return jail;
  }

  /** @throws Refusal where there is no such jail. */
  spoken(name: string): SpokenJail {
    const jail = this.jail(name);
    const known = this.#spoken.get(name);
    if (known !== undefined) return known;
    const spoken = new SpokenJail(jail.options.watch.backend === 'journal' ? 'systemd' : 'auto');
    this.#spoken.set(name, spoken);
    return spoken;
  }
}
