/**
 * The `%` tokens of a datepattern as Python `re` syntax, each with a group of the token's own name.
 * Takes a pattern; gives an expression. Source: strptime(3) and Fail2Ban's jail.conf(5) for `%k`, `%l` and `%Ex…`.
 */
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const FULL_MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december';
const DAYS = 'mon|tue|wed|thu|fri|sat|sun';
const FULL_DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const ABBREVIATION = '[A-Z](?:[A-Z]{2,4})?';
const OFFSET = '[+-][01][0-9](?::?[0-9]{2})?';

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['Y', '(?P<Y>[0-9]{4})'],
  ['y', '(?P<y>[0-9]{2})'],
  ['m', '(?P<m>0?[1-9]|1[0-2])'],
  ['d', '(?P<d>[12][0-9]|[0 ]?[1-9]|3[01])'],
  ['H', '(?P<H>[01]?[0-9]|2[0-3])'],
  ['I', '(?P<I>1[0-2]|0?[1-9])'],
  ['M', '(?P<M>[0-5]?[0-9])'],
  ['S', '(?P<S>[0-5]?[0-9]|6[01])'],
  ['f', '(?P<f>[0-9]{1,6})'],
  ['b', `(?P<b>${MONTHS.join('|')})`],
  ['B', `(?P<B>${FULL_MONTHS})`],
  ['a', `(?P<a>${DAYS})`],
  ['A', `(?P<A>${FULL_DAYS})`],
  ['p', '(?P<p>am|pm)'],
  ['j', '(?P<j>36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[0-9]{2}|[1-9][0-9]|0?[1-9])'],
  ['U', '(?P<U>5[0-3]|[0-4]?[0-9])'],
  ['W', '(?P<W>5[0-3]|[0-4]?[0-9])'],
  ['w', '(?P<w>[0-6])'],
  ['z', `(?P<z>Z|UTC|GMT|${OFFSET})`],
  ['Z', '(?P<Z>Z|[A-Z]{3,5})'],
  ['k', ' ?(?P<H>[0-2]?[0-9])'],
  ['l', ' ?(?P<I>1?[0-9])'],
  ['Exy', '(?P<y>[0-9]{2})'],
  ['Exm', '(?P<m>0[1-9]|1[0-2])'],
  ['Exd', '(?P<d>[12][0-9]|0[1-9]|3[01])'],
  ['ExH', '(?P<H>[01][0-9]|2[0-3])'],
  ['Exk', ' ?(?P<H>[01]?[0-9]|2[0-3])'],
  ['Exl', ' ?(?P<I>1[0-2]|[0-9])'],
  ['ExM', '(?P<M>[0-5][0-9])'],
  ['ExS', '(?P<S>[0-5][0-9]|6[01])'],
  ['ExZ', `(?P<Z>${ABBREVIATION})`],
  ['Exz', `(?P<z>(?:${ABBREVIATION})?${OFFSET}|${ABBREVIATION})`],
  ['%', '%'],
]);

const COMPOSED: ReadonlyMap<string, string> = new Map([
  ['c', '%a %b %d %H:%M:%S %Y'],
  ['x', '%m/%d/%y'],
  ['X', '%H:%M:%S'],
]);

const TOKEN = /%(Ex[A-Za-z]|.)/g;

/** The expression for a pattern. `year`: the current one; `%ExY` knows years up to three years on. Unknown tokens throw. */
export function expandDateTokens(pattern: string, year: number): string {
  return pattern.replace(TOKEN, (token, name: string) => {
    if (name === 'ExY') return `(?P<Y>20[0-${Math.max(2, Math.floor(((year + 3) % 100) / 10))}][0-9])`;
    const composed = COMPOSED.get(name);
    if (composed !== undefined) return expandDateTokens(composed, year);
    const field = FIELDS.get(name);
    if (field === undefined) throw new Error(`the token ${token} is unknown`);
    return field;
  });
}

/** Whether a pattern holds names of months, days or halves of a day, which are read in any case. */
export function hasNames(pattern: string): boolean {
  return /(?:^|[^%])(?:%%)*%[aAbBpc]/.test(pattern);
}

/** 1–12 for the name of a month in any case, short or long. */
export function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => name.toLowerCase().startsWith(month)) + 1;
}
