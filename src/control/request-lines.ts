/**
 * Cuts a byte stream into request lines and holds at most one unfinished line of bounded length.
 * Takes chunks; gives whole lines, oldest first. Does not decode JSON.
 */
const NEWLINE = 0x0a;

export class RequestLines {
  readonly #maxBytes: number;
  readonly #whole: string[] = [];
  #parts: Buffer[] = [];
  #partBytes = 0;
  #tooLong = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A line grew past the limit: nothing more is kept of it, and what follows cannot be trusted. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  get hasWhole(): boolean {
    return this.#whole.length > 0;
  }

  push(chunk: Buffer): void {
    let from = 0;
    while (!this.#tooLong) {
      const newline = chunk.indexOf(NEWLINE, from);
      this.#keep(chunk.subarray(from, newline < 0 ? chunk.length : newline));
      if (newline < 0) return;
      this.#finish();
      from = newline + 1;
    }
  }

  /** The oldest whole line that is not blank. */
  take(): string | undefined {
    return this.#whole.shift();
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#partBytes += part.length;
    if (this.#partBytes > this.#maxBytes) {
      this.#tooLong = true;
      this.#parts = [];
      return;
    }
    this.#parts.push(part);
  }

  #finish(): void {
    const line = Buffer.concat(this.#parts).toString('utf8').trim();
    this.#parts = [];
    this.#partBytes = 0;
    if (line !== '' && !this.#tooLong) this.#whole.push(line);
  }
}
