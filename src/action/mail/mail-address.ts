/**
 * Addresses as a configuration writes them: `root@localhost`, `root`, `Admin <a@b.example>`, several between commas.
 * Takes the text; gives addresses that are safe in an SMTP command, a header and an argument, or a BailiffError.
 */
import { BailiffError } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const ADDRESS = new RegExp(
  `^(?!-)${ATOM}(?:\\.${ATOM})*(?:@(?:[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Za-z.:]+\\]))?$`,
);
const LONGEST = 254;

/** @throws BailiffError `action.mail-address`. */
export function mailAddress(text: string): string {
  const address = (/^[^<>\p{Cc}]*<([^<>]*)>\s*$/u.exec(text)?.[1] ?? text).trim();
  if (address.length <= LONGEST && ADDRESS.test(address)) return address;
  throw new BailiffError('action.mail-address', `\`${visible(text.trim())}\` is no mail address.`, {
    remedy: 'Write one such as root@localhost; several between commas.',
  });
}

/** @throws BailiffError `action.mail-address`. */
export function mailAddresses(text: string): readonly string[] {
  const written = text.includes('<') ? text.split(',') : text.split(/[,\s]+/);
  const addresses = written.map((each) => each.trim()).filter((each) => each !== '');
  if (addresses.length === 0) return [mailAddress('')];
  return [...new Set(addresses.map(mailAddress))];
}
