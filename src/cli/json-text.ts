/**
 * JSON that is safe on a terminal: what is invisible or steers the terminal is written `\uNNNN`, losing nothing.
 * Takes a value; gives one line. JSON.stringify alone lets C1 controls, bidi marks and separators through.
 */

// Control, format, surrogate, private use, unassigned; line and paragraph separators.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** One line of JSON without its newline. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, escaped);
}

function escaped(character: string): string {
  let text = '';
  for (let at = 0; at < character.length; at += 1)
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}
