/**
 * What is known of each connection (`<F-MLFID>`): the groups of its lines add up, so that address, user and failure
 * may stand on different lines. Takes the groups of one line; gives those of the connection and what the line is.
 * Bounded: 100 connections, 5 minutes each. Source of the rules: Fail2Ban's filter(5), measured against it.
 */
import { type RecentEntry, RecentMap } from '../lib/recent-map.js';
import type { LineClaim } from './evidence.js';
import { GROUP, type GroupNames, type Groups } from './groups.js';

const MOST_CONNECTIONS = 100;
const KEPT_MS = 5 * 60_000;
const MOST_USERS = 16;
const MOST_HELPERS = 8;
/** A failure that waits gathers no more text than this. */
const MOST_TEXT = 16_384;

/** What is known of one at a time; a line makes another one of it, so that several filters can hold the same. */
export interface Connection {
  readonly groups: Readonly<Groups>;
  readonly users: readonly string[];
  readonly pending: LineClaim | undefined;
  /** Lines that were no failures by themselves, since the last failure; not kept over a restart. */
  readonly helpers: Helpers | undefined;
  readonly sinceMs: number;
}

/** The last one, and those before it. */
interface Helpers {
  readonly text: string;
  readonly before: Helpers | undefined;
  readonly count: number;
}

type KeptConnection = Omit<Connection, 'groups' | 'helpers'> & { groups: Record<string, string> };

/** JSON of each connection, by its key, in the order in which they began. */
export type KeptConnections = ReadonlyMap<string, string>;

/** JSON of a connection that is new, or changed; undefined: it has ended. */
export type ConnectionChange = readonly [connection: string, state: string | undefined];

const NO_CHANGES: readonly ConnectionChange[] = [];

export interface MergedLine {
  /** The connection before the line, as far as it is known and still the same one. */
  readonly before: Connection | undefined;
  /** Where it is known from now on. */
  readonly place: RecentEntry<Connection> | undefined;
  readonly groups: Readonly<Groups>;
  /** The line is no failure by itself. */
  readonly helper: boolean;
  /** The line proves a good login (`<F-MLFGAINED>`), and nothing speaks against it. */
  readonly gained: boolean;
  /** The failure that waited for what this line may have brought. */
  readonly pending: LineClaim | undefined;
  /** What a failure is evidenced by: the helpers before it, the failure that waited, the line itself. */
  readonly text: string;
  /** All users of the connection, if there are several. */
  readonly users: readonly string[] | undefined;
}

const NO_USERS: readonly string[] = [];

export class Connections {
  readonly #known = new RecentMap<Connection>();
  readonly #names: GroupNames;
  readonly #tellsChanges: boolean;
  /** Keys of those that changed since that was last asked for, some of them several times. */
  #changed: string[] = [];

  /** `tellsChanges` false: nobody will ask for them. */
  constructor(names: GroupNames, tellsChanges: boolean) {
    this.#names = names;
    this.#tellsChanges = tellsChanges;
  }

  /** Adds the groups of a line to those of its connection. */
  merge(key: string, line: Groups, text: string, nowMs: number): MergedLine {
    let gained = isFilled(line[GROUP.mlfgained]);
    let helper = gained || isFilled(line[GROUP.nofail]);
    const forget = isFilled(line[GROUP.mlfforget]);
    const known = this.#find(key, nowMs, line);
    const before = known?.value;
    const groups = before === undefined ? line : mergedGroups(before.groups, line);
    if (before === undefined && forget)
      return { before, place: undefined, groups, helper, gained, pending: undefined, text, users: undefined };
    const user = line[GROUP.user];
    const users = usersWith(before?.users ?? NO_USERS, isFilled(user) ? user : undefined);
    const pending = gained ? undefined : before?.pending;
    if (pending !== undefined || users.length > 1) {
      helper = false;
      gained = false;
    }
    const earlier = before?.helpers;
    const after: Connection = {
      groups,
      users,
      pending: undefined,
      helpers: helper ? helpersWith(earlier, text) : undefined,
      sinceMs: before?.sinceMs ?? nowMs,
    };
    const place =
      known === undefined ? this.#keep(key, after) : this.#replace(known, forget ? undefined : after);
    this.#note(key);
    const told = helper ? text : evidenceText(earlier, pending, text);
    return { before, place, groups, helper, gained, pending, text: told, users: users.length > 1 ? users : undefined }; // prettier-ignore
  }

  /**
   * Makes of a connection what another filter has made of the same one, and whether it was the same: `before` to `after`,
   * each undefined where it is not known.
   */
  follow(key: string, before: Connection | undefined, after: Connection | undefined): boolean {
    const known = this.#known.find(key);
    if (known?.value !== before) return false;
    if (known !== undefined) this.#replace(known, after);
    else if (after !== undefined) this.#keep(key, after);
    else return true;
    this.#note(key);
    return true;
  }

  /** The connection ended; its key may soon be another's. */
  forget(key: string): void {
    if (this.#known.delete(key)) this.#note(key);
  }

  /** Marks the failure that a line was as waiting for an address; what the connection is then. */
  wait(key: string, { place }: MergedLine, failure: LineClaim): Connection | undefined {
    if (place?.value === undefined) return undefined;
    place.value = { ...place.value, pending: failure };
    this.#note(key);
    return place.value;
  }

  /** What changed since that was last asked for. */
  takeChanges(): readonly ConnectionChange[] {
    if (this.#changed.length === 0) return NO_CHANGES;
    const keys = new Set(this.#changed);
    this.#changed = [];
    return Array.from(keys, (key) => {
      const connection = this.#known.get(key);
      return [key, connection && this.#textOf(connection)];
    });
  }

  all(): KeptConnections {
    return new Map(Array.from(this.#known, ([key, connection]) => [key, this.#textOf(connection)]));
  }

  /** Takes over what `all` gave, or its changes; throws where it is something else, and then knows nothing. */
  restore(kept: KeptConnections): void {
    this.#known.clear();
    this.#changed = [];
    const read = Array.from(kept, ([key, state]) => [key, JSON.parse(state) as KeptConnection] as const);
    for (const [key, { groups, ...rest }] of read)
      this.#known.put(key, { ...rest, helpers: undefined, groups: this.#names.groups(groups) });
  }

  #note(key: string): void {
    if (this.#tellsChanges) this.#changed.push(key);
  }

  #textOf({ groups, helpers: _helpers, ...rest }: Connection): string {
    return JSON.stringify({ ...rest, groups: this.#names.record(groups) });
  }

  /** The connection that `line` belongs to, unless it is too old. */
  #find(key: string, nowMs: number, line: Readonly<Groups>): RecentEntry<Connection> | undefined {
    const entry = this.#known.find(key);
    if (entry?.value === undefined) return undefined;
    const { sinceMs, groups } = entry.value;
    // A process that serves one client after another keeps its key: who speaks from elsewhere is somebody else.
    if (nowMs - sinceMs <= KEPT_MS && !contradicts(groups, line)) return entry;
    this.#known.take(entry);
    this.#note(key);
    return undefined;
  }

  #keep(key: string, connection: Connection): RecentEntry<Connection> {
    const { oldest } = this.#known;
    if (oldest !== undefined && this.#known.size >= MOST_CONNECTIONS) this.forget(oldest);
    return this.#known.put(key, connection);
  }

  /** undefined: it has ended. */
  #replace(
    entry: RecentEntry<Connection>,
    connection: Connection | undefined,
  ): RecentEntry<Connection> | undefined {
    if (connection === undefined) this.#known.take(entry);
    else entry.value = connection;
    return connection && entry;
  }
}

/** Whether a line gives an address of its own that is not the connection's. */
function contradicts(connection: Readonly<Groups>, line: Readonly<Groups>): boolean {
  const theirs = connection[GROUP.ip4] ?? connection[GROUP.ip6];
  const own = line[GROUP.ip4] ?? line[GROUP.ip6];
  return theirs !== undefined && own !== undefined && theirs !== own;
}

/** The groups of a line, to which those of its connection are added that took no part in it. */
function mergedGroups(connection: Readonly<Groups>, line: Groups): Readonly<Groups> {
  for (let number = 0; number < connection.length; number += 1)
    if (line[number] === undefined) line[number] = connection[number];
  return line;
}

function usersWith(users: readonly string[], user: string | undefined): readonly string[] {
  if (user === undefined || users.length >= MOST_USERS || users.includes(user)) return users;
  return [...users, user];
}

function helpersWith(before: Helpers | undefined, text: string): Helpers {
  if (before === undefined) return { text, before, count: 1 };
  return before.count >= MOST_HELPERS ? before : { text, before, count: before.count + 1 };
}

function evidenceText(helpers: Helpers | undefined, pending: LineClaim | undefined, text: string): string {
  let told = text;
  if (pending !== undefined && pending.text.length <= MOST_TEXT) told = `${pending.text}\n${told}`;
  for (let helper = helpers; helper !== undefined; helper = helper.before) told = `${helper.text}\n${told}`;
  return told;
}

function isFilled(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
