/**
 * The options of fail2ban-client, read as getopt reads them: before the first word, clustered, long ones by their beginning.
 * Takes the words after the program's name; gives options and the words that are left, or undefined for wrong use.
 */

/** Letters that take a value have a colon behind them. */
const SHORT = 'hc:s:p:xfbdtviqV';
/** Names that take a value end in `=`. */
const LONG = [
  'loglevel=', 'logtarget=', 'syslogsocket=', 'test', 'async', 'conf=', 'pidfile=', 'pname=', 'socket=', 'timeout=',
  'str2sec=', 'help', 'version', 'dp', 'dump-pretty',
]; // prettier-ignore

export interface ClientOption {
  /** `-s`, `--socket` */
  readonly name: string;
  readonly value: string;
}

export interface ClientWords {
  readonly options: readonly ClientOption[];
  readonly words: readonly string[];
}

export function readClientOptions(argv: readonly string[]): ClientWords | undefined {
  const options: ClientOption[] = [];
  const rest = [...argv];
  for (let word = rest[0]; word?.startsWith('-') === true && word !== '-'; word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    const read = word.startsWith('--') ? longOption(word.slice(2), rest) : shortOptions(word.slice(1), rest);
    if (read === undefined) return undefined;
    options.push(...read);
  }
  return { options, words: rest };
}

function longOption(text: string, rest: string[]): readonly ClientOption[] | undefined {
  const at = text.indexOf('=');
  const [written, given] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const candidates = LONG.filter((name) => name.startsWith(written));
  const exact = candidates.filter((name) => name.replace('=', '') === written);
  const [found] = exact.length > 0 ? exact : candidates;
  if (found === undefined || (exact.length === 0 && candidates.length > 1)) return undefined;
  const name = `--${found.replace('=', '')}`;
  if (!found.endsWith('=')) return given === undefined ? [{ name, value: '' }] : undefined;
  const value = given ?? rest.shift();
  return value === undefined ? undefined : [{ name, value }];
}

function shortOptions(letters: string, rest: string[]): readonly ClientOption[] | undefined {
  const options: ClientOption[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? '';
    const known = SHORT.indexOf(letter);
    if (known < 0 || letter === ':') return undefined;
    if (SHORT[known + 1] !== ':') {
      options.push({ name: `-${letter}`, value: '' });
      continue;
    }
    const value = letters.slice(at + 1) || rest.shift();
    if (value === undefined) return undefined;
    options.push({ name: `-${letter}`, value });
    break;
  }
  return options;
}
