/**
 * The jails that run, changed while they run: one change after the other, and of each only what differs.
 * Takes the jails as they shall be; counts and bans of a jail that stays are kept, and every line is heard once.
 * Does not read configuration.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Jail } from '../../jail/jail.js';
import type { Jails } from '../../jail/jails.js';
import type { JailOptions } from '../../jail/options.js';
import type { Place, SourceId } from '../../source/lines.js';
import type { Store } from '../../store/store.js';
import type { Enforcement } from '../enforcing/enforcement.js';
import type { Guard } from '../deciding/guard.js';
import { hearingOf } from '../hearing/heard-options.js';
import type { DaemonHearing } from '../hearing/hearing.js';
import { planLookBack } from '../hearing/look-back.js';
import { type HostSurroundings, ignoredNames } from '../deciding/surroundings.js';

export interface LiveJailsParts {
  readonly jails: Jails;
  readonly guard: Guard;
  readonly enforcement: Enforcement;
  readonly hearing: DaemonHearing;
  readonly store: Store;
  readonly surroundings: HostSurroundings;
  /** A rehearsal hears its recording once. */
  readonly isRehearsal: boolean;
}

export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface Wanted {
  /** In the order of `status`. */
  readonly jails: readonly JailOptions[];
  /** Jails that begin anew even if nothing of them differs. */
  readonly restarted?: ReadonlySet<string>;
  /** Whether the configuration was read anew. */
  readonly isReload?: boolean;
}

export class LiveJails {
  readonly #parts: LiveJailsParts;
  /** Jails that are not heard, idle or not started yet, with how far each source was heard when they fell silent. */
  readonly #silent = new Map<string, ReadonlyMap<SourceId, Place>>();
  /** The jail that is heard again, and from where. */
  #resumed: readonly [name: string, from: ReadonlyMap<SourceId, Place>] | undefined;
  #heard: readonly JailOptions[];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LiveJailsParts) {
    this.#parts = parts;
    this.#heard = this.options();
  }

  /** What runs now, in the order of `status`. */
  options(): readonly JailOptions[] {
    return [...this.#parts.jails].map((jail) => jail.options);
  }

  isSilent(name: string): boolean {
    return this.#silent.has(name);
  }

  /** Changes what runs into what `want` asks for, once earlier changes are done; resolves when it holds. */
  change(want: (now: readonly JailOptions[]) => Wanted): Promise<Changes> {
    const done = this.#turn.then(() => this.#apply(want(this.options())));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Changes one jail. */
  async alter(name: string, edit: (options: JailOptions) => JailOptions): Promise<void> {
    await this.change((now) => ({
      jails: now.map((options) => (options.name === name ? edit(options) : options)),
    }));
  }

  /** Adds a jail that is not heard until it is told to begin. */
  async addSilent(options: JailOptions): Promise<void> {
    this.#silent.set(options.name, new Map());
    await this.change((now) => ({ jails: [...now, options] }));
  }

  /** Stops hearing a jail, or hears it again: what was logged meanwhile is looked back at. */
  async hush(name: string, isSilent: boolean): Promise<void> {
    if (this.#silent.has(name) === isSilent) return;
    const from = this.#silent.get(name);
    if (isSilent) this.#silent.set(name, new Map());
    else this.#silent.delete(name);
    await this.change((jails) => {
      if (from !== undefined) this.#resumed = [name, from];
      return { jails };
    });
  }

  async #apply({ jails: wanted, restarted = new Set(), isReload = false }: Wanted): Promise<Changes> {
    const { jails, guard, enforcement, surroundings } = this.#parts;
    const names = new Set(wanted.map(({ name }) => name));
    const gone = [...jails].filter((jail) => !names.has(jail.name) || restarted.has(jail.name));
    for (const jail of gone) this.#retire(jail);
    const changed: string[] = [];
    const begun: Jail[] = [];
    surroundings.addNames(ignoredNames(wanted));
    for (const options of wanted) {
      const jail = jails.get(options.name);
      if (jail === undefined) begun.push(jails.add(options));
      else if (!isDeepStrictEqual(jail.options, options)) {
        if (jail.reconfigure(options)) guard.watch(jail);
        changed.push(options.name);
      }
    }
    jails.arrange([...names]);
    const enforced = enforcement.reconfigure(wanted, () => jails.bans(), isReload);
    for (const jail of begun) guard.revive(jail);
    await enforced;
    await this.#rehear(begun.map(({ name }) => name));
    const added = begun.map(({ name }) => name).filter((name) => !restarted.has(name));
    return {
      added,
      changed: [...changed, ...begun.map(({ name }) => name).filter((name) => restarted.has(name))],
      removed: gone.map(({ name }) => name).filter((name) => !names.has(name)),
    };
  }

  #retire(jail: Jail): void {
    this.#parts.guard.retire(jail);
    this.#parts.jails.remove(jail.name);
    this.#silent.delete(jail.name);
  }

  /** Hands the worker what it shall hear now, if that differs. */
  async #rehear(begun: readonly string[]): Promise<void> {
    const heard = this.options().filter(
      ({ name, filter }) => !this.#silent.has(name) && filter.failregex.length > 0,
    );
    const [resumed, from] = this.#resumed ?? [];
    this.#resumed = undefined;
    if (this.#parts.isRehearsal) return;
    if (begun.length === 0 && isDeepStrictEqual(heard.map(hearingOf), this.#heard.map(hearingOf))) return;
    this.#heard = heard;
    const { hearing, store } = this.#parts;
    const { sinceMs, newJails } = planLookBack(heard, store, store.places.places(), Date.now());
    const next = {
      jails: heard,
      sinceMs,
      newJails: resumed === undefined ? newJails : [...newJails, resumed],
      from: from ?? new Map(),
      begun,
    };
    const leftAt = await hearing.replace(next);
    for (const [name, known] of this.#silent) if (known.size === 0) this.#silent.set(name, leftAt(name));
  }
}
