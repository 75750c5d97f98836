/**
 * What an action needs of the outbox: durable entries, due, in doubt or over. The store has them; these are the types.
 */
export interface OutboxEntry {
  readonly id: number;
  /** What it is about: entries of one subject are merged. */
  readonly subject: string;
  readonly jail: string;
  /** The number of the ban that it is sent for. */
  readonly ban: number | undefined;
  readonly weight: number;
  readonly writtenAtMs: number;
  readonly expiresAtMs: number;
  /** Since when it may have arrived without an answer. */
  readonly doubtSinceMs: number | undefined;
  readonly payload: string;
  /** What was sent, as composed. */
  readonly letter: string | undefined;
}

export type EndState = 'accepted' | 'refused' | 'unknown' | 'declined' | 'given-up';

export interface Outbox {
  due(courier: string, nowMs: number): ReadonlyMap<string, number>;
  heaviest(
    courier: string,
    jail: string,
    nowMs: number,
    askedSinceMs: number,
    limit: number,
  ): readonly string[];
  dueOf(courier: string, subject: string, nowMs: number): readonly OutboxEntry[];
  inDoubt(courier: string): readonly OutboxEntry[];
  nextDueMs(courier: string, nowMs: number): number | undefined;
  askedSince(courier: string, sinceMs: number): ReadonlyMap<string, number>;
  begin(ids: readonly number[], letter: string, nowMs: number): boolean;
  putBack(ids: readonly number[]): void;
  end(ids: readonly number[], state: EndState, answer: string, nowMs: number): void;
  giveUpOld(courier: string, answer: string, nowMs: number): number;
  remember(kind: string, memory: string): void;
}

/** Runs `work` as one transaction. */
export type Transaction = <T>(work: () => T) => T;
