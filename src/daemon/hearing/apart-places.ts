/**
 * Where the jails that are heard apart stand in their sources: kept beside the others' places, under names of their own,
 * so that two may read one source and each line is counted once for each jail, whenever the daemon dies.
 * Takes places to keep; each change is one transaction. Does not read sources.
 */
import { isLookBack, lookBackNames } from '../../jail/look-back.js';
import type { Place, SourceId } from '../../source/lines.js';
import type { Store } from '../../store/store.js';
import type { Ledger } from '../deciding/ledger.js';

type Places = ReadonlyMap<SourceId, Place>;

/** No source is called like that by itself. */
const APART = /^\[([^\]]*)\] ([^]*)$/;

/** The name under which the place of a jail alone is kept. */
export function apartName(jail: string, source: SourceId): SourceId {
  return `[${encodeURIComponent(jail)}] ${source}`;
}

/** The jail and the source that such a name is made of; undefined where it is none. */
function partsOf(name: SourceId): { readonly jail: string; readonly source: SourceId } | undefined {
  const [, jail, source] = APART.exec(name) ?? [];
  return jail === undefined || source === undefined ? undefined : { jail: decodeURIComponent(jail), source };
}

/** What is kept, as those who hear together and each jail apart know it. */
export function splitPlaces(places: Places): {
  readonly together: Places;
  readonly apart: ReadonlyMap<string, Places>;
} {
  const together = new Map<SourceId, Place>();
  const apart = new Map<string, Map<SourceId, Place>>();
  for (const [name, place] of places) {
    const { jail, source } = partsOf(name) ?? {};
    if (jail === undefined || source === undefined) together.set(name, place);
    else apart.set(jail, (apart.get(jail) ?? new Map<SourceId, Place>()).set(source, place));
  }
  return { together, apart };
}

export class ApartPlaces {
  readonly #ledger: Pick<Ledger, 'note'>;
  readonly #store: Store;

  constructor(ledger: Pick<Ledger, 'note'>, store: Store) {
    this.#ledger = ledger;
    this.#store = store;
  }

  /** A jail is heard apart from here on. */
  separate(jail: string, places: Places): void {
    const kept = new Map(places);
    this.#ledger.note(() => {
      this.#forget(jail);
      for (const [source, place] of kept) this.#keep(apartName(jail, source), place);
    });
  }

  /** A jail is heard with the others again: from `places` on it looks back at what they have read, and they go on. */
  join(jail: string, places: Places, moved: Places): void {
    this.#ledger.note(() => {
      this.#forget(jail);
      for (const [source, place] of moved) this.#keep(source, place);
      // Should the daemon die before the jail has looked back, it is one that has to.
      this.#store.places.unmeet(jail);
      for (const [source, place] of places) for (const name of lookBackNames(source)) this.#keep(name, place);
    });
  }

  /** A jail is heard no more. */
  drop(jail: string): void {
    this.#ledger.note(() => this.#forget(jail));
  }

  /** New jails have looked back at all that was read before; `apart` = the one that hears alone, undefined = together. */
  lookedBack(jails: readonly string[], apart: string | undefined, nowMs: number): void {
    this.#ledger.note(() => {
      for (const jail of jails) this.#store.places.meet(jail, nowMs);
      this.#store.places.forget((name) => isLookBack(name) && partsOf(name)?.jail === apart);
    });
  }

  #keep(name: SourceId, place: Place): void {
    this.#store.places.keep(name, place, Date.now());
  }

  #forget(jail: string): void {
    this.#store.places.forget((name) => partsOf(name)?.jail === jail);
  }
}
