/**
 * A datepattern as the expression that Fail2Ban makes of it, for `--verbose-date`; what Bailiff matches with is
 * `../dates/date-template.ts`. Takes the pattern; gives the text. Source: Python's strptime and the output of
 * fail2ban-regex 1.1.0.
 */
const NAMES = {
  a: 'mon|tue|wed|thu|fri|sat|sun',
  A: 'monday|tuesday|wednesday|thursday|friday|saturday|sunday',
  b: 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec',
  B: 'september|february|november|december|january|october|august|march|april|june|july|may',
  p: 'am|pm',
} as const;
const OFFSET = '[+-][01]\\d(?::?\\d{2})?';
const ABBREVIATION = '[A-Z](?:[A-Z]{2,4})?';

const TOKENS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NAMES).map(([token, names]) => [token, `(?P<${token}>${names})`] as const),
  ['d', '(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])'],
  ['f', '(?P<f>[0-9]{1,6})'],
  ['H', '(?P<H>[0-1]?\\d|2[0-3])'],
  ['I', '(?P<I>1[0-2]|0[1-9]|[1-9])'],
  ['j', '(?P<j>36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])'],
  ['m', '(?P<m>0?[1-9]|1[0-2])'],
  ['M', '(?P<M>[0-5]?\\d)'],
  ['S', '(?P<S>[0-5]?\\d|6[0-1])'],
  ['U', '(?P<U>5[0-3]|[0-4]\\d|\\d)'],
  ['W', '(?P<W>5[0-3]|[0-4]\\d|\\d)'],
  ['w', '(?P<w>[0-6])'],
  ['y', '(?P<y>\\d\\d)'],
  ['Y', '(?P<Y>\\d{4})'],
  ['z', `(?P<z>Z|UTC|GMT|${OFFSET})`],
  ['Z', '(?P<Z>Z|[A-Z]{3,5})'],
  ['k', ' ?(?P<H>[0-2]?\\d)'],
  ['l', ' ?(?P<I>1?\\d)'],
  ['Exd', '(?P<d>[1-2]\\d|0[1-9]|3[0-1])'],
  ['Exm', '(?P<m>0[1-9]|1[0-2])'],
  ['ExH', '(?P<H>[0-1]\\d|2[0-3])'],
  ['Exk', ' ?(?P<H>[0-1]?\\d|2[0-3])'],
  ['Exl', ' ?(?P<I>1[0-2]|\\d)'],
  ['ExM', '(?P<M>[0-5]\\d)'],
  ['ExS', '(?P<S>[0-5]\\d|6[0-1])'],
  ['Exy', '(?P<y>\\d{2})'],
  ['ExZ', `(?P<Z>${ABBREVIATION})`],
  ['Exz', `(?P<z>(?:${ABBREVIATION})?${OFFSET}|${ABBREVIATION})`],
  ['%', '%'],
]);
const EPOCH = '\\d{10,11}\\b(?:\\.\\d{3,6})?';
const LONG_EPOCH = '\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?';
const BEGIN = '^(?:\\W{0,2})?';
const END = '(?=\\b|\\W|$)';

/** `year`: the current one. */
export function statedDate(pattern: string, year: number): string {
  const [, begin, special] = /^(\{\^LN-BEG\}|\^)?(L?EPOCH|TAI64N)$/i.exec(pattern) ?? [];
  if (special !== undefined) return statedSpecial(special.toUpperCase(), begin !== undefined);
  if (/\{L?EPOCH\}/i.test(pattern)) {
    const filled = pattern.replace(
      /\{(L?)EPOCH\}/gi,
      (_, long: string) => `(${long === '' ? EPOCH : LONG_EPOCH})`,
    );
    return bounded(/(?<!\\)\((?!\?)/.test(pattern) ? filled : `(${filled})`, 'word');
  }
  const written = /^\{NONE\}$/i.test(pattern) ? '{UNB}^' : pattern;
  const bare = written.replace(/^\{(?:UNB|\^LN-BEG)\}/, '');
  const text = bare.replace(/%(Ex[A-Za-z]|.)/g, (token, name: string) =>
    name === 'ExY' ? yearText(year) : (TOKENS.get(name) ?? token),
  );
  const flags = /(?<!%)%[aAbBpc]/.test(bare) ? '(?iu)' : '';
  const bounds = written.startsWith('{UNB}') ? 'none' : written.startsWith('{^LN-BEG}') ? 'line' : 'word';
  return flags + bounded(grouped(text.trim()), bounds);
}

function statedSpecial(name: string, begin: boolean): string {
  if (name === 'TAI64N') return begin ? `${BEGIN}(@[0-9a-f]{24})${END}` : `(@[0-9a-f]{24})${END}`;
  const digits = name === 'EPOCH' ? EPOCH : LONG_EPOCH;
  if (begin) return `${BEGIN}((?P<square>(?<=^\\[))?${digits})(?(square)(?=\\]))${END}`;
  return `((?:^|(?P<square>(?<=^\\[))|(?P<selinux>(?<=\\baudit\\()))${digits})(?:(?(selinux)(?=:\\d+\\)))|(?(square)(?=\\])))${END}`;
}

function yearText(year: number): string {
  const decades = Array.from({ length: Math.floor(((year + 3) % 100) / 10) + 1 }, (_, decade) => decade);
  return `(?P<Y>20[${decades.join('')}]\\d)`;
}

/** The whole as group 1, unless it has a group of its own. */
function grouped(text: string): string {
  if (/(?<!\(\?)(?<!\\)\((?!\?)/.test(text)) return text;
  return text.replace(/^(\^?)(.*?)(\$?)$/s, '$1($2)$3');
}

function bounded(text: string, bounds: 'none' | 'line' | 'word'): string {
  const begins = bounds === 'none' || /^\(*(?:\^|\(*\*\*|\((?:\?:)?\^)/.test(text);
  const ends = bounds === 'none' || /(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/.test(text);
  const begin = begins ? '' : bounds === 'line' ? BEGIN : '(?=^|\\b|\\W)';
  const unstarred = text.replace(/^(\(*)\*\*/, '$1').replace(/(?<!\\)\*\*(\)*)$/, '$1');
  return begin + unstarred + (ends ? '' : END);
}
