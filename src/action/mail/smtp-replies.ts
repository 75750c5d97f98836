/**
 * The replies of an SMTP server. Takes text as it arrives; gives whole replies, those of several lines as one.
 * Bounded: a server that never ends its reply is broken.
 */
const MOST_CHARACTERS = 65_536;

export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  readonly text: string;
}

export class SmtpReplies {
  #rest = '';
  #lines: string[] = [];
  #length = 0;
  #isBroken = false;

  get isBroken(): boolean {
    return this.#isBroken;
  }

  read(chunk: string): readonly Reply[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    const replies = lines.flatMap((line) => this.#line(line.replace(/\r$/, '')));
    this.#length += chunk.length;
    if (replies.length > 0) this.#length = 0;
    if (this.#length > MOST_CHARACTERS) this.#isBroken = true;
    return this.#isBroken ? [] : replies;
  }

  #line(line: string): readonly Reply[] {
    const found = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
    if (found === null) {
      this.#isBroken = true;
      return [];
    }
    this.#lines.push(found[3] ?? '');
    if (found[2] === '-') return [];
    const text = this.#lines.join(' ');
    this.#lines = [];
    return [{ code: Number(found[1]), text }];
  }
}
