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

interface Connection {
  groups: Groups;
  users: string[];
  pending: LineClaim | undefined;
  /** Lines that were no failures by themselves, since the last failure; not kept over a restart. */
  helpers: string[];
  sinceMs: number;
}

type KeptConnection = Omit<Connection, 'groups' | 'helpers'> & { groups: Record<string, string> };

/** JSON of each connection, by its key, in the order in which they began. */
export type KeptConnections = ReadonlyMap<string, string>;

/** JSON of a connection that is new, or changed; undefined: it has ended. */
export type ConnectionChange = readonly [connection: string, state: string | undefined];

const NO_CHANGES: readonly ConnectionChange[] = [];

export interface MergedLine {
  readonly groups: Groups;
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
    const entry = this.#find(key, nowMs, line);
    const known = entry?.value;
    if (known === undefined && forget) {
      return { groups: line, helper, gained, pending: undefined, text, users: undefined };
    }
    const connection = known ?? {
      groups: line,
      users: [],
      pending: undefined,
      helpers: [],
      sinceMs: nowMs,
    };
    const user = line[GROUP.user];
    if (isFilled(user) && !connection.users.includes(user) && connection.users.length < MOST_USERS) {
      connection.users.push(user);
    }
    if (gained && known !== undefined) connection.pending = undefined;
    if (known !== undefined) addTo(connection.groups, line);
    if (entry === undefined) this.#keep(key, connection);
    else if (forget) this.#known.take(entry);
    this.#note(key);
    const { pending } = connection;
    connection.pending = undefined;
    if (pending !== undefined || connection.users.length > 1) {
      helper = false;
      gained = false;
    }
    const { helpers } = connection;
    const users = connection.users.length > 1 ? [...connection.users] : undefined;
    if (helper) {
      if (helpers.length < MOST_HELPERS) helpers.push(text);
      return { groups: connection.groups, helper, gained, pending, text, users };
    }
    const told = evidenceText(helpers, pending, text);
    if (helpers.length > 0) connection.helpers = [];
    return { groups: connection.groups, helper, gained, pending, text: told, users };
  }

  /** The connection ended; its key may soon be another's. */
  forget(key: string): void {
    if (this.#known.delete(key)) this.#note(key);
  }

  /** Marks the connection's failure as waiting for an address. */
  wait(key: string, failure: LineClaim): void {
    const connection = this.#known.get(key);
    if (connection === undefined) return;
    connection.pending = failure;
    this.#note(key);
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
      this.#known.put(key, { ...rest, helpers: [], groups: this.#names.groups(groups) });
  }

  #note(key: string): void {
    if (this.#tellsChanges) this.#changed.push(key);
  }

  #textOf({ groups, helpers: _helpers, ...rest }: Connection): string {
    return JSON.stringify({ ...rest, groups: this.#names.record(groups) });
  }

  /** The connection that `line` belongs to, unless it is too old. */
  #find(key: string, nowMs: number, line: Groups): RecentEntry<Connection> | undefined {
    const entry = this.#known.find(key);
    if (entry?.value === undefined) return undefined;
    const { sinceMs, groups } = entry.value;
    // A process that serves one client after another keeps its key: who speaks from elsewhere is somebody else.
    if (nowMs - sinceMs <= KEPT_MS && !contradicts(groups, line)) return entry;
    this.#known.take(entry);
    this.#note(key);
    return undefined;
  }

  #keep(key: string, connection: Connection): void {
    const { oldest } = this.#known;
    if (oldest !== undefined && this.#known.size >= MOST_CONNECTIONS) this.forget(oldest);
    this.#known.put(key, connection);
  }
}

/** Whether a line gives an address of its own that is not the connection's. */
function contradicts(connection: Groups, line: Groups): boolean {
  const theirs = connection[GROUP.ip4] ?? connection[GROUP.ip6];
  const own = line[GROUP.ip4] ?? line[GROUP.ip6];
  return theirs !== undefined && own !== undefined && theirs !== own;
}

/** The groups that took part in the line replace the connection's. */
function addTo(connection: Groups, line: Groups): void {
  for (let number = 0; number < line.length; number += 1)
    if (line[number] !== undefined) connection[number] = line[number];
}

function evidenceText(helpers: readonly string[], pending: LineClaim | undefined, text: string): string {
  let told = '';
  for (const helper of helpers) told += `${helper}\n`;
  if (pending !== undefined && pending.text.length <= MOST_TEXT) told += `${pending.text}\n`;
  return told === '' ? text : told + text;
}

function isFilled(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
