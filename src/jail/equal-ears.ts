/**
 * Jails that hear the same lines with equal filters have one ear: what it finds is found for each of them.
 * Takes what an ear is made of; gives the ear that is there already, or the new one. Parts an ear again where only some of
 * its jails are to hear something.
 */
import type { KeptConnections } from '../filter/connections.js';
import type { FilterOptions } from '../filter/match.js';
import type { Way } from './batch.js';
import type { Ear, Listener } from './ear.js';
import type { JailOptions } from './options.js';

export class EqualEars {
  readonly #byKey = new Map<string, Ear>();

  /** `key` undefined: a jail that has to have an ear of its own. */
  earFor(key: string | undefined, listener: Listener, make: () => Ear): Ear {
    const known = key === undefined ? undefined : this.#byKey.get(key);
    if (known !== undefined) {
      known.join(listener);
      return known;
    }
    const ear = make();
    if (key !== undefined) this.#byKey.set(key, ear);
    return ear;
  }

  /** Those that hear for several jails. */
  shared(): Set<Ear> {
    return new Set([...this.#byKey.values()].filter(({ listeners }) => listeners.length > 1));
  }
}

/**
 * What is equal for jails that hear the same, with what was kept of their connections. Only of a jail's own way, to which
 * it always listens; and over the journal only where they look back equally far, since older lines are not heard there.
 */
export function equalKey(
  { watch }: JailOptions,
  way: Way,
  filter: FilterOptions,
  { sinceMs, connections }: { readonly sinceMs: number; readonly connections: KeptConnections | undefined },
): string | undefined {
  if (watch.backend !== way) return undefined;
  const heard =
    way === 'file'
      ? [watch.files, watch.logEncoding]
      : [watch.journalMatch.map(groupKey), watch.journalNamespace, String(sinceMs)];
  // `sshd` and `sshd[mode=normal]` are one filter under two names.
  return JSON.stringify([way, { ...filter, name: '' }, heard, connections && [...connections]]);
}

function groupKey(group: ReadonlyMap<string, ReadonlySet<string>>): unknown {
  return [...group].map(([field, values]) => [field, ...values]);
}
