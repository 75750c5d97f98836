/**
 * Makes text that an attacker wrote safe to show: on a terminal, in a log, a mail or a page.
 * Takes any string; gives one line in which control, escape and bidirectional characters are spelled out.
 * Does not shorten and does not encode for HTML.
 */

// C0, DEL, C1, soft hyphen, zero-width, line/paragraph separators, bidi controls, tags, BOM, lone surrogates.
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Same text with every hidden character written as `\xNN` or `\u{NNNN}`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
