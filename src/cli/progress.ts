/**
 * One line on standard error that tells how far a long task is: from the first second on, only on a terminal.
 * Takes what is done of how much; wipes itself when the task ends or something else is printed.
 */
const PATIENCE_MS = 1000;
const EVERY_MS = 100;
const BAR = 30;

export interface ProgressSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class Progress {
  readonly #sink: ProgressSink;
  readonly #now: () => number;
  readonly #startedMs: number;
  #shownMs = 0;
  #shown = false;

  constructor(sink: ProgressSink = process.stderr, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
    this.#startedMs = now();
  }

  /** `total` undefined = unknown. */
  update(done: number, total: number | undefined, unit: string): void {
    const nowMs = this.#now();
    if (this.#sink.isTTY !== true || nowMs - this.#startedMs < PATIENCE_MS) return;
    if (this.#shown && nowMs - this.#shownMs < EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#shown = true;
    this.#sink.write(`\r\u001b[K${barText(done, total, unit)}`);
  }

  wipe(): void {
    if (this.#shown) this.#sink.write('\r\u001b[K');
    this.#shown = false;
  }
}

function barText(done: number, total: number | undefined, unit: string): string {
  if (total === undefined || total <= 0) return `${done.toLocaleString('en')} ${unit}`;
  const part = Math.min(1, done / total);
  const filled = Math.round(part * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(part * 100)} %`;
}
