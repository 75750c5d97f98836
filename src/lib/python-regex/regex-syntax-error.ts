/**
 * What the parser and the emitter throw: a construct that is wrong, or that JavaScript cannot express.
 * Knows the position in the Python expression; whoever knows the option and file turns it into a BailiffError.
 */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
  /** 0-based index into the Python expression; -1 where the construct is found after parsing. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(position < 0 ? message : `${message} at position ${position}`);
    this.position = position;
  }
}
