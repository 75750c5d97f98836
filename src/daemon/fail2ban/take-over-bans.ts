/**
 * Brings Fail2Ban's bans into Bailiff's store: those in force of jails that run here, and the history of all.
 * Takes the opened databases and the jails; gives counts and what was passed over, with the reason. Bans nobody itself:
 * the next start of the daemon takes them back as it takes back its own.
 */
import type { Configuration } from '../../config/configuration.js';
import { AllowList } from '../../failure/allow-list.js';
import type { JailOptions } from '../../jail/options.js';
import { formatNetwork, parseAddress, parseNetwork } from '../../lib/address.js';
import type { ImportedBan } from '../../store/ban-import.js';
import type { Fail2BanBan, Fail2BanDatabase } from '../../store/fail2ban-database.js';
import type { Store } from '../../store/store.js';
import { readOwnAddresses } from '../host/host-network.js';

export interface JailBans {
  readonly jail: string;
  /** Newly written. */
  readonly inForce: number;
  readonly over: number;
  /** There already. */
  readonly known: number;
}

export interface PassedOver {
  readonly jail: string;
  readonly id: string;
  readonly why: string;
}

export interface TakenOverBans {
  readonly jails: readonly JailBans[];
  readonly passedOver: readonly PassedOver[];
  /** Over longer ago than Bailiff remembers. */
  readonly tooOld: number;
}

/** As many rows as one transaction writes. */
const BATCH = 1000;
const DAY_MS = 86_400_000;
/** Told one by one; beyond it only counted. */
const MOST_TOLD = 1000;

/** @throws BailiffError `import.database`, or the store's error: then nothing of the batch is written. */
export function takeOverBans(
  database: Fail2BanDatabase,
  store: Store,
  { jails, settings }: Pick<Configuration, 'jails' | 'settings'>,
  nowMs: number,
): TakenOverBans {
  const importer = new BanImporter(store, jails, nowMs, nowMs - settings.historyDays * DAY_MS);
  for (const page of database.current()) importer.take(page, true);
  for (const page of database.history()) importer.take(page, false);
  return importer.result();
}

class BanImporter {
  readonly #store: Store;
  readonly #allowed: ReadonlyMap<string, AllowList>;
  readonly #nowMs: number;
  readonly #sinceMs: number;
  readonly #counts = new Map<string, { inForce: number; over: number; known: number }>();
  readonly #passedOver: PassedOver[] = [];
  /** Bans in force, `jail id time`: the history has them as well. */
  readonly #current = new Set<string>();
  #tooOld = 0;

  constructor(store: Store, jails: readonly JailOptions[], nowMs: number, sinceMs: number) {
    const own = readOwnAddresses();
    const surroundings = { ownAddresses: () => own, namedAddresses: (): ReadonlySet<string> => new Set() };
    this.#store = store;
    this.#allowed = new Map(jails.map((jail) => [jail.name, new AllowList(jail.failure, surroundings)]));
    this.#nowMs = nowMs;
    this.#sinceMs = sinceMs;
  }

  take(page: readonly Fail2BanBan[], isCurrent: boolean): void {
    for (let at = 0; at < page.length; at += BATCH)
      this.#store.transaction(() => {
        for (const ban of page.slice(at, at + BATCH)) this.#takeOne(ban, isCurrent);
      });
  }

  result(): TakenOverBans {
    const jails = [...this.#counts].map(([jail, counts]) => ({ jail, ...counts }));
    return { jails, passedOver: this.#passedOver, tooOld: this.#tooOld };
  }

  #takeOne(ban: Fail2BanBan, isCurrent: boolean): void {
    const key = `${ban.jail}\0${ban.id}\0${ban.bannedAtMs}`;
    if (isCurrent) this.#current.add(key);
    else if (this.#current.has(key)) return;
    const untilMs = ban.bantimeSeconds < 0 ? undefined : ban.bannedAtMs + ban.bantimeSeconds * 1000;
    const isOver = untilMs !== undefined && untilMs <= this.#nowMs;
    const network = parseNetwork(ban.id);
    const target = network === undefined ? ban.id : formatNetwork(network);
    const reason = isCurrent && !isOver ? this.#reasonAgainst(ban, target) : undefined;
    if (reason !== undefined) {
      if (this.#passedOver.length < MOST_TOLD)
        this.#passedOver.push({ jail: ban.jail, id: target, why: reason });
      return;
    }
    const ended = endOf({
      isCurrent,
      isOver,
      untilMs,
      nowMs: this.#nowMs,
      runs: this.#allowed.has(ban.jail),
    });
    if (ended !== undefined && ended.atMs < this.#sinceMs) {
      this.#tooOld += 1;
      return;
    }
    this.#write({ ...ban, target, address: parseAddress(target), untilMs, evidence: ban.matches, ended });
  }

  #reasonAgainst({ jail }: Fail2BanBan, target: string): string | undefined {
    const address = parseAddress(target);
    const reason = address === undefined ? undefined : this.#allowed.get(jail)?.reasonFor(address);
    if (reason === undefined) return undefined;
    return reason === 'never' ? 'nobody is banned at such an address' : 'ignoreip or ignoreself names it';
  }

  #write(ban: ImportedBan): void {
    const counts = this.#counts.get(ban.jail) ?? { inForce: 0, over: 0, known: 0 };
    this.#counts.set(ban.jail, counts);
    const became = this.#store.imports.add(ban);
    if (became !== 'added') counts.known += 1;
    else if (ban.ended === undefined) counts.inForce += 1;
    else counts.over += 1;
  }
}

/** How and when a ban ended; undefined = it is in force. A lifted ban is in the history alone. */
function endOf(ban: {
  readonly isCurrent: boolean;
  readonly isOver: boolean;
  readonly untilMs: number | undefined;
  readonly nowMs: number;
  /** Whether its jail runs here. */
  readonly runs: boolean;
}): ImportedBan['ended'] {
  if (ban.isOver) return { atMs: ban.untilMs ?? ban.nowMs, why: 'expired' };
  if (!ban.isCurrent) return { atMs: ban.nowMs, why: 'hand' };
  return ban.runs ? undefined : { atMs: ban.nowMs, why: 'jail-gone' };
}
