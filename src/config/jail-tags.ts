/**
 * Which options of a jail its actions may name as tags: `<maxretry>`, `<logpath>`.
 * Takes the jail's texts; gives them as Fail2Ban writes them into a command: `True` for yes, numbers without signs and zeros.
 */
import { BailiffError } from '../lib/errors.js';
import { parseBoolean, parseInteger } from './values.js';

const TEXTS = [
  'backend', 'filter', 'findtime', 'bantime.factor', 'bantime.formula', 'bantime.multipliers', 'bantime.maxtime',
  'bantime.rndtime', 'ignorecommand', 'ignoreip', 'ignorecache', 'logtimezone', 'logencoding', 'logpath', 'action',
  'usedns', 'prefregex', 'failregex', 'ignoreregex', 'datepattern', 'journalmatch',
]; // prettier-ignore
const NUMBERS = ['maxretry', 'maxmatches', 'maxlines'];
const BOOLEANS = ['enabled', 'bantime.increment', 'bantime.overalljails', 'ignoreself'];

/** `written`: option → text, of those that are written somewhere. */
export function jailTagValues(written: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const put = (names: readonly string[], form: (text: string) => string): void => {
    for (const name of names) {
      const text = written.get(name);
      if (text !== undefined) values.set(name, form(text));
    }
  };
  put(TEXTS, (text) => text);
  put(NUMBERS, (text) => sound(text, () => String(parseInteger(text, -1e15, 1e15))));
  if (!values.has('backend')) values.set('backend', 'auto');
  put(BOOLEANS, (text) => sound(text, () => (parseBoolean(text) ? 'True' : 'False')));
  return values;
}

/** What does not hold has been told where the jail was read. */
function sound(text: string, form: () => string): string {
  try {
    return form();
  } catch (error) {
    if (error instanceof BailiffError) return text;
    throw error;
  }
}
