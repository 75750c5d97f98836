/**
 * The words of `fail2ban-regex`: options in any place, short ones joined (`-vv`, `-dPATTERN`), long ones cut short.
 * Takes the words; gives what is asked for, or what is wrong with them. Source: fail2ban-regex(1).
 */

export interface RegexOptions {
  readonly positional: readonly string[];
  readonly config: string | undefined;
  readonly datepattern: string | undefined;
  readonly timezone: string | undefined;
  readonly encoding: string;
  readonly raw: boolean;
  readonly usedns: string | undefined;
  readonly maxlines: number;
  readonly journalmatch: string | undefined;
  readonly verbose: number;
  readonly verboseDate: boolean;
  readonly debuggex: boolean;
  readonly checkAll: boolean;
  /** What is printed of each failure instead of the summary. */
  readonly out: string | undefined;
  readonly printNo: ReadonlySet<'missed' | 'ignored'>;
  readonly printAll: ReadonlySet<'matched' | 'missed' | 'ignored'>;
  readonly asked: 'help' | 'version' | 'short-version' | undefined;
}

type Name =
  | 'config' | 'datepattern' | 'timezone' | 'encoding' | 'raw' | 'usedns' | 'maxlines' | 'journalmatch' | 'log-level'
  | 'short-version' | 'verbose' | 'verbosity' | 'verbose-date' | 'debuggex' | 'no-check-all' | 'out' | 'help' | 'version'
  | 'print-no-missed' | 'print-no-ignored' | 'print-all-matched' | 'print-all-missed' | 'print-all-ignored'
  | 'log-traceback' | 'full-traceback'; // prettier-ignore

interface Option {
  readonly name: Name;
  readonly words: readonly string[];
  readonly value?: 'text' | 'integer';
}

const OPTIONS: readonly Option[] = [
  { name: 'config', words: ['-c', '--config'], value: 'text' },
  { name: 'datepattern', words: ['-d', '--datepattern'], value: 'text' },
  { name: 'timezone', words: ['--timezone', '--TZ'], value: 'text' },
  { name: 'encoding', words: ['-e', '--encoding'], value: 'text' },
  { name: 'raw', words: ['-r', '--raw'] },
  { name: 'usedns', words: ['--usedns'], value: 'text' },
  { name: 'maxlines', words: ['-L', '--maxlines'], value: 'integer' },
  { name: 'journalmatch', words: ['-m', '--journalmatch'], value: 'text' },
  { name: 'log-level', words: ['-l', '--log-level'], value: 'text' },
  { name: 'short-version', words: ['-V'] },
  { name: 'verbose', words: ['-v', '--verbose'] },
  { name: 'verbosity', words: ['--verbosity'], value: 'integer' },
  { name: 'verbose-date', words: ['--verbose-date', '--VD'] },
  { name: 'debuggex', words: ['-D', '--debuggex'] },
  { name: 'no-check-all', words: ['--no-check-all'] },
  { name: 'out', words: ['-o', '--out'], value: 'text' },
  { name: 'print-no-missed', words: ['--print-no-missed'] },
  { name: 'print-no-ignored', words: ['--print-no-ignored'] },
  { name: 'print-all-matched', words: ['--print-all-matched'] },
  { name: 'print-all-missed', words: ['--print-all-missed'] },
  { name: 'print-all-ignored', words: ['--print-all-ignored'] },
  { name: 'log-traceback', words: ['-t', '--log-traceback'] },
  { name: 'full-traceback', words: ['--full-traceback'] },
  { name: 'help', words: ['-h', '--help'] },
  { name: 'version', words: ['--version'] },
];

/** A text: what is wrong with the words. */
export function parseRegexOptions(words: readonly string[]): RegexOptions | string {
  const given = new Map<Name, string>();
  let verbose = 0;
  const positional: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      positional.push(...rest);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positional.push(word);
      continue;
    }
    const split = word.startsWith('--') ? splitLong(word) : splitShort(word, rest);
    if (typeof split === 'string') return split;
    const { option, shown } = split;
    let { value } = split;
    if (option.value !== undefined) {
      value ??= rest.shift();
      if (value === undefined) return `${shown} option requires 1 argument`;
      if (option.value === 'integer' && !/^[+-]?\d+$/.test(value.trim()))
        return `option ${shown}: invalid integer value: '${value}'`;
    } else if (value !== undefined) return `${shown} option does not take a value`;
    if (option.name === 'verbose') verbose += 1;
    if (option.name === 'verbosity') verbose = Number(value);
    given.set(option.name, value ?? '');
    if (/^(?:help|version|short-version)$/.test(option.name)) break;
  }
  return optionsOf(given, verbose, positional);
}

interface Split {
  readonly option: Option;
  readonly shown: string;
  readonly value: string | undefined;
}

function splitLong(word: string): Split | string {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const exact = OPTIONS.find(({ words }) => words.includes(name));
  if (exact !== undefined) return { option: exact, shown: name, value };
  const fitting = OPTIONS.flatMap((option) =>
    option.words.filter((each) => each.startsWith(name)).map((shown) => ({ option, shown })),
  );
  const [only] = fitting;
  if (only === undefined) return `no such option: ${name}`;
  if (fitting.length === 1) return { ...only, value };
  const names = fitting.map(({ shown }) => shown).sort();
  return `ambiguous option: ${name} (${names.join(', ')}?)`;
}

/** The first of joined short options; the others go back to the words. */
function splitShort(word: string, rest: string[]): Split | string {
  const shown = word.slice(0, 2);
  const option = OPTIONS.find(({ words }) => words.includes(shown));
  if (option === undefined) return `no such option: ${shown}`;
  const behind = word.slice(2);
  if (option.value !== undefined) return { option, shown, value: behind === '' ? undefined : behind };
  if (behind !== '') rest.unshift(`-${behind}`);
  return { option, shown, value: undefined };
}

function optionsOf(
  given: ReadonlyMap<Name, string>,
  verbose: number,
  positional: readonly string[],
): RegexOptions {
  const named = <Kind extends string>(prefix: string, kinds: readonly Kind[]): ReadonlySet<Kind> => {
    const names = new Set<string>(given.keys());
    return new Set(kinds.filter((kind) => names.has(`${prefix}-${kind}`)));
  };
  const asked = (['help', 'version', 'short-version'] as const).find((name) => given.has(name));
  return {
    positional,
    config: given.get('config'),
    datepattern: given.get('datepattern') || undefined,
    timezone: given.get('timezone') || undefined,
    encoding: given.get('encoding') ?? 'UTF-8',
    raw: given.has('raw'),
    usedns: given.get('usedns') || undefined,
    maxlines: Number(given.get('maxlines') ?? 0),
    journalmatch: given.get('journalmatch'),
    verbose,
    verboseDate: given.has('verbose-date'),
    debuggex: given.has('debuggex'),
    checkAll: !given.has('no-check-all'),
    out: given.get('out') || undefined,
    printNo: named('print-no', ['missed', 'ignored']),
    printAll: named('print-all', ['matched', 'missed', 'ignored']),
    asked,
  };
}
