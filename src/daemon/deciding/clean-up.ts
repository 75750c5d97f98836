/**
 * Keeps memory and store bounded while the daemon runs: ids that have been quiet for findtime, rows past their days.
 * Takes the jails and the store; gives how to stop. Old rows go in small steps, so that no step holds up a ban.
 */
import type { Jails } from '../../jail/jails.js';
import type { Store } from '../../store/store.js';

const SWEEP_EVERY_MS = 60_000;
const PURGE_EVERY_MS = 600_000;
const CHECKPOINT_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 2_000;
/** So much is not left to the next quiet moment: some ten MiB of the store's log. */
const MANY_TRANSACTIONS = 1_000;
/** Rows of a flood go faster, since they come faster. */
const FLOOD_EVERY_MS = 10_000;
const FLOOD_PAUSE_MS = 20;
/** So long at a time: a thread that takes a flood down comes here some ten times a second. */
const FLOOD_TURN_MS = 15;
const DAY_MS = 86_400_000;

export interface CleanUpParts {
  readonly jails: Jails;
  readonly store: Store;
  /** Whether nobody has been banned for a while. */
  readonly isQuiet: () => boolean;
  /** How long ended bans and their evidence are kept, unless a jail's findtime is longer. */
  readonly historySeconds: () => number;
}

/** Begins; the function that it gives ends it. */
export function startCleanUp({ jails, store, isQuiet, historySeconds }: CleanUpParts): () => void {
  let soon: NodeJS.Immediate | undefined;
  let flooded: NodeJS.Timeout | undefined;
  const purge = (): void => {
    let isMore = false;
    try {
      const days = Math.max(0, ...[...jails].map(({ options }) => options.failure.knownclientsDays));
      store.knownClients.purge(Date.now() - days * DAY_MS);
      isMore = store.purge(Date.now() - 1000 * Math.max(historySeconds(), longestFindtime(jails)));
    } catch {
      // A store that cannot be written is the ledger's to tell; old rows can wait for the next time.
    }
    if (isMore) soon = setImmediate(purge);
  };
  const purgeBeyond = (): void => {
    let isMore = false;
    try {
      const endMs = performance.now() + FLOOD_TURN_MS;
      do isMore = store.purgeBeyond();
      while (isMore && performance.now() < endMs);
    } catch {
      // As above.
    }
    // A pause between the steps: what is heard comes first.
    flooded = setTimeout(isMore ? purgeBeyond : shrink, FLOOD_PAUSE_MS);
  };
  const shrink = (): void => {
    let isMore = false;
    try {
      isMore = store.shrink();
    } catch {
      // As above.
    }
    if (isMore) flooded = setTimeout(shrink, FLOOD_PAUSE_MS);
  };
  const sweep = (): void => {
    for (const jail of jails) jail.failures.sweep(Date.now());
  };
  const checkpoint = (): void => {
    try {
      if (isQuiet()) store.checkpoint();
    } catch {
      // As above; the log keeps what could not be moved.
    }
  };
  const checkpointAside = (): void => {
    if (store.unmoved < MANY_TRANSACTIONS) return;
    // As above.
    store.checkpointAside().catch(() => undefined);
  };
  const timers = [
    setInterval(checkpoint, CHECKPOINT_EVERY_MS),
    setInterval(checkpointAside, LOOK_EVERY_MS),
    setInterval(purge, PURGE_EVERY_MS),
    setInterval(sweep, SWEEP_EVERY_MS),
    setInterval(() => {
      clearTimeout(flooded);
      purgeBeyond();
    }, FLOOD_EVERY_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
    clearImmediate(soon);
    clearTimeout(flooded);
  };
}

/** What still counts is not old, however short the history is. */
function longestFindtime(jails: Jails): number {
  return Math.max(0, ...[...jails].map(({ options }) => options.failure.findtimeSeconds));
}
