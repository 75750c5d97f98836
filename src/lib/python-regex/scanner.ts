/**
 * A place in a Python expression and the flags that hold there: what the parsing functions share.
 * Reads characters; knows no syntax.
 */
import { RegexSyntaxError } from './regex-syntax-error.js';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export class Scanner {
  readonly text: string;
  at = 0;
  flags: Flags;

  constructor(text: string, flags: Flags) {
    this.text = text;
    this.flags = flags;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The next unit, or an empty string at the end. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Whether `token` comes next; steps over it if so. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  /** Steps over one unit and gives it; an error at the end. */
  next(what: string): string {
    if (this.done) throw this.error(`${what} is not complete`);
    const unit = this.text.charAt(this.at);
    this.at += 1;
    return unit;
  }

  /** Everything up to `end`, which is stepped over; an error if there is none. */
  until(end: string, what: string): string {
    const stop = this.text.indexOf(end, this.at);
    if (stop < 0) throw this.error(`${what} lacks its \`${end}\``);
    const found = this.text.slice(this.at, stop);
    this.at = stop + end.length;
    return found;
  }

  error(message: string, at = this.at): RegexSyntaxError {
    return new RegexSyntaxError(message, at);
  }
}
