/**
 * Bounds the text that expressions see: of a line over 8 KiB only its first and last 4 KiB count.
 */
/** The longest line, in characters, that the expressions see whole. */
export const LONGEST_WHOLE = 8192;
const KEPT = 4096;

/** The text itself, or head and tail with ` … ` between. */
export function boundLine(text: string): string {
  return text.length <= LONGEST_WHOLE ? text : `${text.slice(0, KEPT)} … ${text.slice(-KEPT)}`;
}
