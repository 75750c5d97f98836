/**
 * The encodings that `logencoding` may name, by Python's names as by those of the web.
 * Takes a name; gives a decoder. What a byte cannot stand for becomes U+FFFD, as in Python's `replace`.
 */

/** Bytes of one line → its text. */
export type Decode = (bytes: Buffer) => string;

export const decodeUtf8: Decode = (bytes) => bytes.toString('utf8');

const UTF8 = /^(?:auto|utf-?8|u8|utf|utf8-ucs[24]|cp65001)$/;
const LATIN1 = /^(?:latin-?1|iso-?8859-1|8859|cp819|latin|l1)$/;
const ASCII = /^(?:us-ascii|ascii|646)$/;
/** Python's latin-N is ISO 8859-… */
const LATIN: Readonly<Record<string, string>> = {
  '2': '2', '3': '3', '4': '4', '5': '9', '6': '10', '7': '13', '8': '14', '9': '15', '10': '16',
}; // prettier-ignore
const OTHERS: Readonly<Record<string, string>> = {
  'mac-roman': 'macintosh', macroman: 'macintosh', 'mac-cyrillic': 'x-mac-cyrillic', eucjp: 'euc-jp', ujis: 'euc-jp',
  'shift-jis': 'shift_jis', shiftjis: 'shift_jis', sjis: 'shift_jis', cp936: 'gbk', ms936: 'gbk', euckr: 'euc-kr',
  'big5-tw': 'big5', cp874: 'windows-874', 'tis-620': 'windows-874', 'koi8-r': 'koi8-r', 'koi8-u': 'koi8-u', ibm866: 'cp866',
}; // prettier-ignore

/** 0x80 to 0x9f of Windows-1252, which some releases of Node take for Latin-1. */
const CP1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

/** `auto` = UTF-8; undefined for an unknown name, and for UTF-16 and UTF-32, whose newline is not one byte. */
export function decodeOf(name: string): Decode | undefined {
  const plain = name.trim().toLowerCase().replace(/[_ ]/g, '-');
  if (UTF8.test(plain)) return decodeUtf8;
  if (plain === 'utf-8-sig') return (bytes) => bytes.toString('utf8').replace(/^\ufeff/, '');
  if (LATIN1.test(plain)) return (bytes) => bytes.toString('latin1');
  if (ASCII.test(plain)) return (bytes) => bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
  if (/^(?:cp|windows-)?1252$/.test(plain))
    return (bytes) =>
      bytes.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => CP1252.charAt(sign.charCodeAt(0) - 0x80));
  return decoderOf(labelOf(plain));
}

/** The web's label of a name. */
function labelOf(plain: string): string {
  const latin = LATIN[/^l(?:atin-?)?(\d+)$/.exec(plain)?.[1] ?? ''];
  if (latin !== undefined) return `iso-8859-${latin}`;
  const part = /^iso-?8859-?(\d+)$/.exec(plain)?.[1];
  if (part !== undefined) return `iso-8859-${part}`;
  return OTHERS[plain] ?? plain;
}

function decoderOf(label: string): Decode | undefined {
  try {
    const decoder = new TextDecoder(label);
    if (/^utf-(?:16|32)/.test(decoder.encoding)) return undefined;
    // The web takes the bytes that Windows' code pages leave out for control signs.
    if (decoder.encoding.startsWith('windows-'))
      return (bytes) => decoder.decode(bytes).replace(/[\x80-\x9f]/g, '\ufffd');
    return (bytes) => decoder.decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
