/**
 * The one error type that users meet: a stable code, a sentence, and what to do about it.
 * Takes what went wrong and where; gives an Error whose message is ready to print.
 * Codes are listed in docs/errors.md (a test compares). Broken invariants throw plain Errors instead.
 */
export interface Where {
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  readonly section?: string | undefined;
  readonly option?: string | undefined;
}

export interface BailiffErrorOptions {
  readonly where?: Where | undefined;
  /** One sentence that tells what to do. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

export class BailiffError extends Error {
  override readonly name = 'BailiffError';
  readonly code: string;
  readonly where: Where;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: BailiffErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where ?? {};
    this.remedy = options.remedy;
  }
}

/** `file:line: [section] option: message. remedy (CODE)`, leaving out what is unknown. */
export function describeError(error: BailiffError): string {
  const { file, line, section, option } = error.where;
  const place = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  const name = `${section === undefined ? '' : `[${section}] `}${option === undefined ? '' : `${option}: `}`;
  const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
  return `${place}${name}${error.message}${remedy} (${error.code})`;
}

/** The text of anything thrown, for a log line. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof BailiffError) return describeError(thrown);
  return thrown instanceof Error ? thrown.message : String(thrown);
}
