/**
 * Who is heard by which worker: all jails by one, but for those whose expressions keep running away, each of which is
 * heard apart by a worker of its own, with places of its own, until ten minutes pass without. Takes the jails and the
 * kept places; gives batches, each under the name that its place is kept by. Does not run workers, nor count.
 */
import { isDeepStrictEqual } from 'node:util';
import { earName } from '../../jail/batch.js';
import { follows } from '../../jail/followed.js';
import { isLookBack } from '../../jail/look-back.js';
import type { ConnectionsByEar } from '../../jail/kept-connections.js';
import type { JailOptions } from '../../jail/options.js';
import { messageOf } from '../../lib/errors.js';
import type { Place, SourceId } from '../../source/lines.js';
import { isUpTo } from '../../source/place-order.js';
import { apartName, type ApartPlaces, splitPlaces } from './apart-places.js';
import { hearingOf } from './heard-options.js';
import { HearingThread } from './hearing-thread.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import { expressionName, expressionText, MEMORY_MS, Strikes } from './strikes.js';
import type { NextHearing, Strike, ThreadPort, ThreadStart } from './thread-port.js';

/** How long a worker may take to end for another one. */
const CLOSE_MS = 1000;
/** How often it is seen who need not be heard apart any more. */
const LOOK_MS = 1000;

type Told = 'take' | 'heard' | 'ended' | 'restarted' | 'closeHandle' | 'keepsSpare';

/** `worker` hears all jails that are not heard apart. */
export interface HearingOptions extends Pick<ThreadPort, Told>, Pick<ThreadStart, 'worker'> {
  readonly start: Omit<ThreadStart['plan'], 'isApart'>;
  /** All that are kept. */
  readonly places: ReadonlyMap<SourceId, Place>;
  readonly connections: ConnectionsByEar;
  readonly newJails: readonly string[];
  readonly kept: ApartPlaces;
  readonly notices: NoticeBoard;
  /** Lines of a jail are passed over. */
  readonly passedOver: (lines: number) => void;
}

/** What shall be heard instead. */
export interface NextJails extends NextHearing {
  /** Jails that begin anew. */
  readonly begun: readonly string[];
}

type Places = ReadonlyMap<SourceId, Place>;

export class DaemonHearing {
  readonly #options: HearingOptions;
  readonly #strikes = new Strikes();
  readonly #together: HearingThread;
  readonly #apart = new Map<string, HearingThread>();
  /** Since when a jail is heard apart, milliseconds since the epoch; 0: its expressions are others by now. */
  readonly #apartSinceMs = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #jails: readonly JailOptions[];
  #sinceMs: ReadonlyMap<string, number>;
  #turn: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(options: HearingOptions) {
    this.#options = options;
    const { start, connections, newJails, worker } = options;
    this.#jails = start.jails;
    this.#sinceMs = start.sinceMs;
    const { together, apart } = splitPlaces(options.places);
    for (const [name, places] of apart) {
      const jail = start.jails.find((each) => each.name === name);
      if (jail === undefined) options.kept.drop(name);
      else {
        this.#apart.set(name, this.#threadOf(jail, places, connections, newJails));
        this.#apartSinceMs.set(name, Date.now());
      }
    }
    const jails = start.jails.filter(({ name }) => !this.#apart.has(name));
    const begun = newJails.filter((name) => !this.#apart.has(name));
    const plan = { ...start, jails, isApart: false };
    const most = { plan, places: together, connections, newJails: begun, worker };
    this.#together = new HearingThread(most, this.#port());
    this.#timer = setInterval(() => this.#joinQuiet(), LOOK_MS);
    this.#timer.unref();
  }

  start(): void {
    this.#together.start();
    for (const thread of this.#apart.values()) thread.start();
  }

  /** Lets the workers close their sources; what they still send is taken. */
  async close(timeLimitMs: number): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    await Promise.all([this.#together, ...this.#apart.values()].map((thread) => thread.close(timeLimitMs)));
  }

  /** Why a jail is heard with less than all it needs; undefined = it is not. */
  trouble(jail: string): string | undefined {
    const isApart = this.#apart.has(jail);
    if (!isApart && !this.#strikes.isOften(jail, Date.now())) return undefined;
    const worst = this.#strikes.worst(jail);
    const what =
      worst === undefined
        ? 'an expression of its filter did not end on some lines'
        : `${worst.expression} does not end on some lines, ${worst.lines} passed over`;
    return `degraded: ${what}${isApart ? '; heard apart, with a share of the time' : ''}`;
  }

  /**
   * Hears other jails from now on; every line is heard once. Resolves when the old ones are heard no more, with how far
   * each of them was heard.
   */
  replace(next: NextJails): Promise<(jail: string) => Places> {
    return this.#inTurn(async () => {
      const leftAt = new Map<string, Places>();
      for (const [name, thread] of this.#apart) {
        const jail = next.jails.find((each) => each.name === name);
        const before = this.#jails.find((each) => each.name === name);
        if (jail && before && isDeepStrictEqual(hearingOf(jail), hearingOf(before))) continue;
        await thread.close(CLOSE_MS);
        this.#strikes.forget(name);
        this.#apartSinceMs.set(name, 0);
        if (jail !== undefined)
          this.#begin(this.#threadOf(jail, thread.places, thread.connections, thread.newJails), name);
        else {
          leftAt.set(name, withoutLookBack(thread.places));
          this.#end(name);
        }
      }
      this.#jails = next.jails;
      this.#sinceMs = next.sinceMs;
      const apart = [...this.#apart.keys()];
      const jails = next.jails.filter(({ name }) => !apart.includes(name));
      const newJails = next.newJails.filter((name) => !apart.includes(name));
      const places = await this.#together.replace({ ...next, jails, newJails }, CLOSE_MS);
      for (const name of apart) if (next.begun.includes(name)) this.#apartSinceMs.set(name, 0);
      return (jail: string) => leftAt.get(jail) ?? places;
    });
  }

  /** A jail of which lines are passed over again and again: the others need not wait for it any more. */
  #separate(name: string): void {
    this.#attempt(name, async () => {
      const jail = this.#together.jails.find((each) => each.name === name);
      if (jail === undefined || this.#closing) return;
      const jails = this.#together.jails.filter((each) => each !== jail);
      const next = { jails, sinceMs: this.#sinceMs, newJails: [], from: new Map() };
      await this.#together.replace(next, CLOSE_MS, () => {
        const { places, connections, newJails } = this.#together;
        this.#options.kept.separate(name, places);
        this.#begin(this.#threadOf(jail, places, connections, newJails), name);
        this.#apartSinceMs.set(name, Date.now());
      });
      const why = this.trouble(name) ?? 'degraded';
      this.#options.notices.post('alarm', name, 'apart', `It is ${why}.`);
    });
  }

  /** A jail that has been quiet is heard with the others again, if it is certain that no line is lost or heard twice. */
  #join(name: string): void {
    this.#attempt(name, async () => {
      const thread = this.#apart.get(name);
      const [jail] = thread?.jails ?? [];
      const isLookingBack = [...(thread?.newJails ?? []), ...this.#together.newJails].length > 0;
      if (thread === undefined || jail === undefined || isLookingBack || this.#closing) return;
      // Where it cannot be certain yet, its worker need not end for it.
      if (this.#movedBy(withoutLookBack(thread.places)) === undefined) return;
      await thread.close(CLOSE_MS);
      const places = withoutLookBack(thread.places);
      const moved = this.#movedBy(places);
      if (moved === undefined) {
        this.#begin(this.#threadOf(jail, places, thread.connections, []), name);
        return;
      }
      const names = new Set([...this.#together.jails.map((each) => each.name), name]);
      const jails = this.#jails.filter((each) => names.has(each.name));
      const next = { jails, sinceMs: this.#sinceMs, newJails: [name], from: places };
      await this.#together.replace(next, CLOSE_MS, () => {
        this.#together.adopt(moved, connectionsOf(name, thread.connections));
        this.#options.kept.join(name, places, moved);
      });
      this.#apart.delete(name);
      this.#apartSinceMs.delete(name);
      this.#strikes.forget(name);
      this.#options.notices.withdraw(name, 'apart');
      this.#options.notices.post('info', name, 'joined', 'It is heard with the other jails again.');
    });
  }

  /** The places that are the jail's alone; undefined where the others may not have come as far as it has. */
  #movedBy(places: Places): Places | undefined {
    const heard = this.#options.heard();
    const moved = new Map<SourceId, Place>();
    for (const [source, place] of places) {
      const others = this.#together.places.get(source);
      if (others !== undefined && isUpTo(source, place, others)) continue;
      if (this.#together.jails.some((jail) => follows(jail, source, heard.has(jail.name)))) return undefined;
      moved.set(source, place);
    }
    return moved;
  }

  #joinQuiet(): void {
    const nowMs = Date.now();
    for (const [name, sinceMs] of this.#apartSinceMs)
      if (nowMs - sinceMs > MEMORY_MS && !this.#strikes.isRecent(name, nowMs)) this.#join(name);
  }

  #struck(strike: Strike): void {
    const { jail, source, expression, lines } = strike;
    const { name, filter } = jail;
    const nowMs = Date.now();
    const count = this.#strikes.add(strike, nowMs);
    this.#options.passedOver(lines);
    const isApart = this.#apart.has(name);
    // Told apart each time that there are ten times as many: an attacker writes these lines.
    if (
      isApart &&
      !strike.isKilled &&
      Math.floor(Math.log10(count)) === Math.floor(Math.log10(count - lines))
    )
      return;
    const which = `${expressionName(filter, expression)} did not end on a line of ${source}`;
    const text = `${which}; ${count === 1 ? 'the line is' : `${count} lines are`} passed over in [${name}]: ${expressionText(filter, expression)}`;
    this.#options.notices.post('alarm', name, 'runaway', text);
    const isRecording = this.#options.start.recording !== undefined;
    if (!isApart && !isRecording && this.#strikes.isOften(name, nowMs)) this.#separate(name);
  }

  #begin(thread: HearingThread, name: string): void {
    this.#apart.set(name, thread);
    thread.start();
  }

  #end(name: string): void {
    this.#apart.delete(name);
    this.#apartSinceMs.delete(name);
    this.#options.kept.drop(name);
    this.#options.notices.withdraw(name, 'apart');
  }

  #threadOf(
    jail: JailOptions,
    places: Places,
    connections: ConnectionsByEar,
    newJails: readonly string[],
  ): HearingThread {
    const plan = { ...this.#options.start, jails: [jail], sinceMs: this.#sinceMs, isApart: true };
    const begun = newJails.filter((name) => name === jail.name);
    return new HearingThread({ plan, places, connections, newJails: begun }, this.#port(jail.name));
  }

  /** `apart`: the jail that the thread hears alone. */
  #port(apart?: string): ThreadPort {
    const { notices, kept, take, heard, ended, restarted, closeHandle, keepsSpare } = this.#options;
    const nameOf = (source: SourceId): SourceId => (apart === undefined ? source : apartName(apart, source));
    return {
      heard,
      ended,
      restarted,
      closeHandle,
      // Who is heard apart holds up nobody else.
      keepsSpare: () => apart === undefined && keepsSpare(),
      cautious: () => (apart === undefined ? this.#strikes.recent(Date.now()) : [apart]),
      take: (batch) => take({ ...batch, source: nameOf(batch.source) }),
      notice: ({ level, source, event, text }) => notices.post(level, nameOf(source), event, text),
      alarm: (event, text) => notices.post('alarm', nameOf('worker'), event, text),
      struck: (strike) => this.#struck(strike),
      lookedBack: (jails) => kept.lookedBack(jails, apart, Date.now()),
      pauseMs: () => (apart === undefined ? 0 : this.#strikes.pauseMs(apart, Date.now())),
    };
  }

  #attempt(jail: string, change: () => Promise<void>): void {
    this.#inTurn(change).catch((error: unknown) => {
      this.#options.notices.post('alarm', jail, 'apart', `Its worker cannot be changed: ${messageOf(error)}`);
    });
  }

  /** One change after the other. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function connectionsOf(jail: string, connections: ConnectionsByEar): ConnectionsByEar {
  const ears = [earName(jail, 'journal'), earName(jail, 'file')];
  return new Map([...connections].filter(([ear]) => ears.includes(ear)));
}

/** What is left of the places of a thread that has nothing to look back at any more. */
function withoutLookBack(places: Places): Places {
  return new Map([...places].filter(([source]) => !isLookBack(source)));
}
