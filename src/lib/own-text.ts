/**
 * Text that stands for itself. V8 keeps a piece of a string as a view of the whole, so that ten kept characters hold
 * on to the megabyte that they were cut from. Takes and gives the same characters.
 */

/** The same text, in memory of its own. */
export function ownText(text: string): string {
  // Putting two strings together and looking into them makes V8 write them out.
  return ` ${text}`.slice(1);
}
