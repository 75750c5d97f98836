/**
 * What Fail2Ban calls a datepattern in its output: `%Y-%m-%d` is `Year-Month-Day`.
 * Takes the pattern as written; gives its name. Source: the output of fail2ban-regex 1.1.0 for each token.
 */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['a', 'DAY'],
  ['A', 'DAYNAME'],
  ['b', 'MON'],
  ['B', 'MONTH'],
  ['d', 'Day'],
  ['f', 'Microseconds'],
  ['H', '24hour'],
  ['I', '12hour'],
  ['j', 'Yearday'],
  ['m', 'Month'],
  ['M', 'Minute'],
  ['p', 'AMPM'],
  ['S', 'Second'],
  ['U', 'Yearweek'],
  ['w', 'Weekday'],
  ['W', 'Yearweek'],
  ['y', 'Year2'],
  ['Y', 'Year'],
  ['z', 'Zone offset'],
  ['Z', 'Zone name'],
]);

const TOKEN = /%(%|Ex[dHIklmMSyYzZ]|[a-zA-Z])/g;
/** A pattern that sets its own beginning. */
const OWN_BEGINNING = /^\(*(?:\(\?\w+\))?(?:\^|\(*\*\*|\((?:\?:)?\^)/;

export function templateName(pattern: string): string {
  const upper = pattern.toUpperCase();
  if (!pattern.includes('%')) {
    const special = /^(?:\{\^LN-BEG\}|\^)?(L?EPOCH|TAI64N)$/.exec(upper);
    const lineBegin = upper === special?.[1] ? '' : '{^LN-BEG}';
    if (special?.[1] === 'TAI64N') return `${lineBegin}TAI64N`;
    if (special !== null) return `${lineBegin}${special[1] === 'EPOCH' ? 'Epoch' : 'LongEpoch'}`;
  }
  if (/(?<!\\)\{L?EPOCH\}/i.test(pattern)) return pattern;
  const bare = (upper === '{NONE}' ? '{UNB}^' : pattern).replace(/^\{UNB\}/, '');
  const isLineBegin = bare.startsWith('{^LN-BEG}') && bare === pattern;
  const rest = bare.replace(/^\{\^LN-BEG\}/, '');
  const named = rest.replace(TOKEN, (token, name: string) => {
    if (name === '%') return '%';
    const word = WORDS.get(name.replace(/^Ex/, ''));
    if (word === undefined) return token;
    return name.startsWith('Ex') ? `Ex${word}` : word;
  });
  return isLineBegin && !OWN_BEGINNING.test(rest) ? `{^LN-BEG}${named}` : named;
}
