/**
 * What the admin is told of reports: faults once, give-ups with their number.
 * Takes events of the dispatcher; posts notices and keeps the counts for `status`.
 */
import type { DispatcherEvents } from '../../action/outbox/dispatcher.js';
import type { EndState } from '../../action/outbox/outbox.js';
import type { NoticeBoard } from '../telling/notice-board.js';

export class ReportNotices implements DispatcherEvents {
  readonly #kind: string;
  readonly #notices: NoticeBoard;
  readonly #noun: string;
  readonly #counts = new Map<EndState, number>();
  #fault: string | undefined;

  /** `noun`: what is sent, in the plural. */
  constructor(kind: string, notices: NoticeBoard, noun = 'reports') {
    this.#noun = noun;
    this.#kind = kind;
    this.#notices = notices;
  }

  /** What is wrong with the receiver now. */
  get trouble(): string | undefined {
    return this.#fault;
  }

  get done(): number {
    return this.#counts.get('accepted') ?? 0;
  }

  /** What was due and did not arrive, or perhaps not. */
  get failed(): number {
    const states = ['refused', 'unknown', 'given-up'] as const;
    return states.reduce((sum, state) => sum + (this.#counts.get(state) ?? 0), 0);
  }

  ended(state: EndState, entries: number, detail: string): void {
    if (entries === 0) return;
    const total = (this.#counts.get(state) ?? 0) + entries;
    this.#counts.set(state, total);
    if (state === 'accepted' || state === 'declined') return;
    const what = { refused: 'refused', unknown: 'unknown', 'given-up': 'given up' }[state];
    this.#notices.post(
      'warning',
      this.#kind,
      state,
      `${total} ${this.#noun} ${what} since the start, the last: ${detail}.`,
    );
  }

  fault(text: string | undefined): void {
    if (text === this.#fault) return;
    this.#fault = text;
    if (text === undefined) this.#notices.withdraw(this.#kind, 'fault');
    else
      this.#notices.post(
        'warning',
        this.#kind,
        'fault',
        `${this.#noun[0]?.toUpperCase()}${this.#noun.slice(1)} wait: ${text}.`,
      );
  }
}
