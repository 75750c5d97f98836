/**
 * A mail as it travels (RFC 5322, 2045, 2047): ASCII, lines of at most 76 characters, CR LF.
 * Takes envelope, title and text; gives the bytes. No text can end a header or begin a line on which a mailer acts
 * (`.`, `~`, `From `). Does not send.
 */
import { visible } from '../../lib/visible-text.js';

const LONGEST_LINE = 76;
/** Of a header, in UTF-16 units. */
const LONGEST_HEADER = 300;
/** Bytes in one encoded word: 45 become 60 of base64. */
const WORD_BYTES = 45;

export interface Mail {
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly title: string;
  /** Lines with `\n`. */
  readonly text: string;
  readonly atMs: number;
  /** Without angle brackets. */
  readonly messageId: string;
}

export function mimeMail({ from, fromName, to, title, text, atMs, messageId }: Mail): string {
  const headers = [
    `From: ${phrase(fromName)} <${from}>`,
    `To: <${to}>`,
    `Subject: ${headerText(title)}`,
    `Date: ${new Date(atMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: quoted-printable',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${quotedPrintable(text)}\r\n`;
}

/** Unstructured text of a header: as it is where that is safe, else encoded words. */
export function headerText(text: string): string {
  const shown = visible(text).slice(0, LONGEST_HEADER);
  return /^(?:[\x21-\x7e]{1,60} )*[\x21-\x7e]{1,60}$/.test(shown) && !shown.includes('=?')
    ? folded(shown)
    : encodedWords(shown);
}

/** Lines that end at blanks: put together again they are the text. */
function folded(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length > LONGEST_LINE - 12) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\r\n ');
}

/** A name before an address. */
function phrase(text: string): string {
  return /^[A-Za-z0-9 ]{1,60}$/.test(text) ? text : encodedWords(visible(text).slice(0, LONGEST_HEADER));
}

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

/** Every line of it is safe for SMTP, for sendmail and for a mailbox. */
export function quotedPrintable(text: string): string {
  return text.split('\n').map(encodedLine).join('\r\n');
}

function encodedLine(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const lines: string[] = [];
  let line = '';
  bytes.forEach((byte, at) => {
    const isPlain = byte > 32 && byte < 127 && byte !== 61;
    const isBlank = byte === 32 && at < bytes.length - 1;
    const token = (isPlain || isBlank) && !(line === '' && isActedOn(bytes, at)) ? chr(byte) : hex(byte);
    if (line.length + token.length > LONGEST_LINE - 1) {
      lines.push(`${line}=`);
      line = isActedOn(bytes, at) ? hex(byte) : token;
    } else line += token;
  });
  return [...lines, line].join('\r\n');
}

/** Whether a mailer, or a mailbox, takes a line that begins so for more than text. */
function isActedOn(bytes: Buffer, at: number): boolean {
  return bytes[at] === 46 || bytes[at] === 126 || bytes.toString('latin1', at, at + 5) === 'From ';
}

function chr(byte: number): string {
  return String.fromCharCode(byte);
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
