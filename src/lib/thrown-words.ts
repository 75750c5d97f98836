/**
 * Something thrown, as another thread can be told of it: an error's class does not survive the way, a BailiffError's code,
 * place and remedy do. Takes what was thrown; gives words, and of words an error again.
 */
import { BailiffError, messageOf, type Where } from './errors.js';

export interface ThrownWords {
  /** undefined: it was no BailiffError. */
  readonly code: string | undefined;
  readonly text: string;
  readonly where: Where;
  readonly remedy: string | undefined;
}

export function wordsOf(thrown: unknown): ThrownWords {
  if (thrown instanceof BailiffError) {
    const { code, message: text, where, remedy } = thrown;
    return { code, text, where, remedy };
  }
  return { code: undefined, text: messageOf(thrown), where: {}, remedy: undefined };
}

export function thrownOf({ code, text, where, remedy }: ThrownWords): Error {
  return code === undefined ? new Error(text) : new BailiffError(code, text, { where, remedy });
}
