/**
 * What the ears know of their connections, as far as they have told of it: who goes on after them begins with that.
 * Takes changes by ear; gives all of it. Writes nothing down.
 */
import type { ConnectionChange, KeptConnections } from '../filter/connections.js';
import { RecentMap } from '../lib/recent-map.js';

/** By the name of an ear, see `earName`. */
export type ConnectionsByEar = ReadonlyMap<string, KeptConnections>;

/** What changed for an ear. */
export type EarChange = readonly [ear: string, changes: readonly ConnectionChange[]];

export class EarConnections {
  readonly #byEar = new Map<string, RecentMap<string>>();

  constructor(byEar: ConnectionsByEar) {
    this.adopt(byEar);
  }

  /** In the order in which the connections began. */
  get all(): ConnectionsByEar {
    return new Map(Array.from(this.#byEar, ([ear, connections]) => [ear, new Map(connections)]));
  }

  change(ear: string, changes: readonly ConnectionChange[]): void {
    const known = this.#byEar.get(ear) ?? new RecentMap<string>();
    this.#byEar.set(ear, known);
    for (const [connection, state] of changes)
      if (state === undefined) known.delete(connection);
      else known.set(connection, state);
  }

  /** Takes what somebody else left of these ears in the place of what is known. */
  adopt(byEar: ConnectionsByEar): void {
    for (const [ear, connections] of byEar) {
      this.#byEar.delete(ear);
      this.change(ear, [...connections]);
    }
  }
}
