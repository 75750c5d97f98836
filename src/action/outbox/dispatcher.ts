/**
 * One courier's way out of the outbox, step by step: at most one delivery a step, each written down before it begins.
 * Takes the outbox and the courier; gives when to come again. What has no answer is asked again only while the receiver
 * refuses a second by itself; later it is unknown, and never repeated. Does not keep time.
 */
import type { Clock } from '../../lib/clock.js';
import { BackOff } from './back-off.js';
import type { Answer, Courier, Delivery, Letter } from './courier.js';
import { fairOrder } from './fair-choice.js';
import type { EndState, Outbox, OutboxEntry, Transaction } from './outbox.js';

/** How soon to look again where something is due and cannot go yet. */
const LOOK_AGAIN_MS = 60_000;
/** Deliveries of more than one letter go only to a receiver that answered this lately. */
const TRUSTED_MS = 60_000;
const DAY_MS = 86_400_000;
/** So much is done before bans get their turn: a few milliseconds each. */
const COMPOSED_AT_ONCE = 20;
const WRITTEN_AT_ONCE = 100;

export interface DispatcherEvents {
  /** Something ended: how many entries, how, and the words of the rule or the receiver. */
  ended(state: EndState, entries: number, detail: string): void;
  /** The receiver cannot be reached, or can again (undefined). */
  fault(text: string | undefined): void;
}

export interface DispatcherParts {
  readonly courier: Courier;
  readonly outbox: Outbox;
  readonly transaction: Transaction;
  readonly clock: Clock;
  readonly events: DispatcherEvents;
  /** All jails that send by this courier. */
  readonly sharing: () => readonly string[];
  readonly random?: () => number;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #backOff: BackOff;
  #pausedUntilMs = 0;
  /** When it was looked for what is too old. */
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** When the receiver answered as it should last. */
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  /** Whether the last fault left something in doubt: then a harmless question goes before the next letter. */
  #isSuspect = false;
  #sent: { readonly day: number; readonly byJail: Map<string, number> } | undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.random);
  }

  /** Waits for nothing but the receiver's own word. */
  hurry(): void {
    this.#pausedUntilMs = 0;
  }

  /** Does what can be done now; gives when to come again, milliseconds since the epoch, or undefined = nothing waits. */
  async step(): Promise<number | undefined> {
    const { courier, outbox, clock } = this.#parts;
    const nowMs = clock.now();
    if (nowMs - this.#lookedAtMs >= LOOK_AGAIN_MS) this.#giveUp(nowMs);
    const doubtful = this.#stillInDoubt(nowMs);
    if (nowMs < this.#pausedUntilMs) return Math.min(this.#pausedUntilMs, nowMs + LOOK_AGAIN_MS * 10);
    const due = outbox.due(courier.kind, nowMs);
    if (doubtful.length === 0 && due.size === 0) return outbox.nextDueMs(courier.kind, nowMs);
    const isRepeat = doubtful.length > 0;
    const waiting = [...due.values()].reduce((sum, entries) => sum + entries, 0);
    const room = courier.room(isRepeat ? doubtful.length : waiting, isRepeat, nowMs);
    if (room.kind === 'closed') return Math.min(room.untilMs, nowMs + LOOK_AGAIN_MS * 10);
    const isBig = room.most > 1 && nowMs - this.#answeredAtMs > TRUSTED_MS;
    if (courier.probe !== undefined && (isBig || (this.#isSuspect && !isRepeat)))
      return this.#probe(courier.probe(nowMs));
    const { letters, declined } = isRepeat
      ? { letters: repeated(doubtful).slice(0, room.most), declined: 0 }
      : await this.#compose(this.#chosen(due, room.most, room.isShared, nowMs), nowMs);
    // Where all were declined there may be others; where none could be chosen there are none yet.
    if (letters.length === 0) return declined > 0 ? nowMs : nowMs + LOOK_AGAIN_MS;
    await this.#deliver(letters, nowMs);
    return this.#pausedUntilMs > clock.now() ? this.#pausedUntilMs : clock.now();
  }

  #giveUp(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    const { courier, outbox, transaction, events } = this.#parts;
    const because = 'too old: it could not be sent in time';
    const entries = transaction(() => outbox.giveUpOld(courier.kind, because, nowMs));
    if (entries > 0) events.ended('given-up', entries, because);
  }

  /** What is in doubt for too long is unknown; the rest may be asked again. */
  #stillInDoubt(nowMs: number): readonly OutboxEntry[] {
    const { courier, outbox, transaction, events } = this.#parts;
    const entries = outbox.inDoubt(courier.kind);
    const isOver = ({ doubtSinceMs = 0 }: OutboxEntry): boolean => nowMs - doubtSinceMs >= courier.repeatMs;
    const over = entries.filter(isOver).map(({ id }) => id);
    if (over.length === 0) return entries;
    const detail = 'its answer was lost, and asking again could send it twice';
    transaction(() => outbox.end(over, 'unknown', detail, nowMs));
    events.ended('unknown', over.length, detail);
    return entries.filter((entry) => !isOver(entry));
  }

  /** Subjects in the order of fairness and weight: at most `most`. */
  #chosen(
    due: ReadonlyMap<string, number>,
    most: number,
    isShared: boolean,
    nowMs: number,
  ): readonly string[] {
    const { courier, outbox, sharing } = this.#parts;
    const allowance = isShared ? courier.allowance(nowMs) : undefined;
    const order = fairOrder({
      due: due.keys(),
      sent: this.#sentToday(nowMs),
      sharing: sharing(),
      allowance,
      nowMs,
    });
    const askedSinceMs = nowMs - courier.spacingMs;
    const queues = order.map((jail) => outbox.heaviest(courier.kind, jail, nowMs, askedSinceMs, most));
    const subjects = new Set<string>();
    for (let at = 0; queues.some((queue) => at < queue.length) && subjects.size < most; at += 1)
      for (const queue of queues) {
        const subject = queue[at];
        if (subject !== undefined && subjects.size < most) subjects.add(subject);
      }
    return [...subjects];
  }

  async #compose(
    subjects: readonly string[],
    nowMs: number,
  ): Promise<{ readonly letters: readonly Letter[]; readonly declined: number }> {
    const { courier, outbox, transaction, events } = this.#parts;
    const letters: Letter[] = [];
    let refusals = 0;
    await inTurns(subjects, COMPOSED_AT_ONCE, (some) => {
      for (const subject of some) {
        const entries = outbox.dueOf(courier.kind, subject, nowMs);
        const { text, ids, declined } = courier.compose(entries, nowMs);
        refusals += declined.length;
        if (declined.length > 0)
          transaction(() => {
            for (const { id, because } of declined) outbox.end([id], 'declined', because, nowMs);
          });
        for (const { because } of declined) events.ended('declined', 1, because);
        const jail = entries[0]?.jail ?? '';
        if (text !== undefined) letters.push({ ids, subject, jail, text, isRepeat: false });
      }
    });
    return { letters, declined: refusals };
  }

  async #deliver(composed: readonly Letter[], nowMs: number): Promise<void> {
    const { courier, outbox, transaction, clock } = this.#parts;
    const sent = this.#sentToday(nowMs);
    courier.charge(composed.length, nowMs);
    transaction(() => outbox.remember(courier.kind, courier.memory()));
    const letters: Letter[] = [];
    await inTurns(composed, WRITTEN_AT_ONCE, (some) =>
      transaction(() => {
        // What was taken back meanwhile is left out.
        for (const letter of some) {
          const kept = courier.kept?.(letter.text) ?? letter.text;
          if (outbox.begin(letter.ids, kept, nowMs)) letters.push(letter);
        }
      }),
    );
    if (letters.length === 0) return;
    const delivery = await courier.send(letters, nowMs);
    const endMs = clock.now();
    const answered = letters.map((letter, at) => ({ letter, answer: delivery.answers[at] }));
    await inTurns(answered, WRITTEN_AT_ONCE, (some) =>
      transaction(() => {
        for (const { letter, answer } of some) this.#settle(letter, answer, endMs);
      }),
    );
    transaction(() => outbox.remember(courier.kind, courier.memory()));
    for (const { jail, isRepeat } of letters) if (!isRepeat) sent.set(jail, (sent.get(jail) ?? 0) + 1);
    this.#take(delivery, endMs);
    this.#tell(letters, delivery.answers);
  }

  #settle(letter: Letter, answer: Answer | undefined, nowMs: number): void {
    const { outbox, courier } = this.#parts;
    switch (answer?.kind) {
      case 'accepted':
      case 'refused':
        return outbox.end(letter.ids, answer.kind, answer.detail, nowMs);
      case 'retry':
        // What was in doubt before stays so: this answer speaks of the second asking alone.
        return letter.isRepeat ? undefined : outbox.putBack(letter.ids);
      case 'unknown':
      case undefined:
        if (courier.repeatMs > 0) return undefined;
        return outbox.end(letter.ids, 'unknown', answer?.detail ?? 'no answer', nowMs);
    }
  }

  #tell(letters: readonly Letter[], answers: readonly Answer[]): void {
    const { events, courier } = this.#parts;
    letters.forEach(({ ids }, at) => {
      const answer = answers[at];
      if (answer === undefined || answer.kind === 'retry') return;
      if (answer.kind !== 'unknown' || courier.repeatMs === 0)
        events.ended(answer.kind, ids.length, answer.detail);
    });
  }

  async #probe(asked: Promise<Pick<Delivery, 'fault' | 'pauseUntilMs'>>): Promise<number> {
    const { clock, courier, outbox, transaction } = this.#parts;
    const told = await asked;
    transaction(() => outbox.remember(courier.kind, courier.memory()));
    this.#take({ ...told, answers: [] }, clock.now());
    return Math.max(this.#pausedUntilMs, clock.now());
  }

  #take({ fault, pauseUntilMs, answers }: Delivery, nowMs: number): void {
    const { events } = this.#parts;
    if (fault === undefined) {
      this.#backOff.reset();
      this.#isSuspect = false;
      this.#answeredAtMs = nowMs;
      this.#pausedUntilMs = pauseUntilMs ?? 0;
      return events.fault(undefined);
    }
    this.#answeredAtMs = Number.NEGATIVE_INFINITY;
    this.#isSuspect ||= answers.some(({ kind }) => kind === 'unknown');
    this.#pausedUntilMs = Math.max(nowMs + this.#backOff.fault(), pauseUntilMs ?? 0);
    events.fault(fault);
  }

  #sentToday(nowMs: number): Map<string, number> {
    const day = Math.floor(nowMs / DAY_MS);
    if (this.#sent?.day !== day) {
      const { outbox, courier } = this.#parts;
      this.#sent = { day, byJail: new Map(outbox.askedSince(courier.kind, day * DAY_MS)) };
    }
    return this.#sent.byJail;
  }
}

/** Entries that went out together in one letter go out again as that letter. */
function repeated(entries: readonly OutboxEntry[]): readonly Letter[] {
  const letters = new Map<string, { ids: number[]; jail: string; text: string }>();
  for (const { id, subject, jail, letter: text = '' } of entries) {
    const letter = letters.get(subject);
    if (letter === undefined) letters.set(subject, { ids: [id], jail, text });
    else letter.ids.push(id);
  }
  return [...letters].map(([subject, letter]) => ({ ...letter, subject, isRepeat: true }));
}

/** A piece at a time, others have their turn in between. */
async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (some: readonly Item[]) => void,
): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    work(items.slice(at, at + atOnce));
  }
}
