/**
 * The end of an exhaustive switch: the compiler proves that it is not reached.
 */
export function unreachable(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
