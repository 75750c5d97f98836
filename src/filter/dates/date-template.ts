/**
 * One datepattern, compiled: finds a stamp in a line and reads it.
 * Takes the pattern as Fail2Ban writes it (`%` tokens, `{^LN-BEG}`, `{UNB}`, `**`, `EPOCH`, `TAI64N`); gives where the
 * stamp stands and its moment. Source of the dialect: Fail2Ban's jail.conf(5).
 */
import { translatePythonRegex, type TranslatedRegex } from '../../lib/python-regex/translate.js';
import { type DateFields, instantOf } from './instant.js';
import { expandDateTokens, hasNames } from './tokens.js';

export interface StampContext {
  readonly nowMs: number;
  /** Seconds east of UTC for stamps without a zone; undefined = the host's own. */
  readonly zoneSeconds: number | undefined;
}

export interface Stamp {
  /** Where the part to cut out begins and ends. */
  readonly start: number;
  readonly end: number;
  readonly fields: DateFields;
}

type Kind = 'fields' | 'epoch' | 'long-epoch' | 'tai64n';

const EPOCH = '(?P<epoch>[0-9]{10,11}\\b(?:\\.[0-9]{3,6})?)';
const LONG_EPOCH = '(?P<epoch>[0-9]{10,11}(?:[0-9]{3}(?:\\.[0-9]{1,6}|[0-9]{3})?)?)';
const TAI64N = '(?P<tai>@[0-9a-f]{24})';
/** Fail2Ban's boundary, `(?=^|\\b|\\W|$)`: not between two letters or digits. */
const WORD_EDGE = '(?:(?<!\\w)|(?!\\w))';
/** Where an epoch may stand without being anchored by hand. */
const EPOCH_PLACE = '(?:(?<=^)|(?<=^\\[)|(?<=\\baudit\\())';

export class DateTemplate {
  /** Whether it can only stand at the beginning (or the end) of a line. */
  readonly anchored: boolean;
  readonly pattern: string;
  readonly #kind: Kind;
  readonly #regex: RegExp;
  readonly #names: TranslatedRegex['names'];
  readonly #cut: number;
  /** Nothing is consumed behind the part to cut, so that its place need not be asked for, which is slow. */
  readonly #whole: boolean;

  /** Throws an Error or RegexSyntaxError for a pattern that is wrong. `year`: the current one. */
  constructor(pattern: string, year: number) {
    this.pattern = pattern;
    this.#kind = kindOf(pattern);
    const { text, names, whole } = expressionOf(pattern, this.#kind, year);
    this.#whole = whole;
    this.anchored = /^(?:\^|\((?:\?:)?\^(?!\|))/.test(text) || /(?:^|[^\\|])\$\)?$/.test(text);
    const translated = translatePythonRegex(text, {
      flags: { ignoreCase: names },
      textEnd: 'newline',
      keep: [1],
      spans: !whole,
    });
    this.#regex = translated.regex;
    this.#names = translated.names;
    this.#cut = translated.numbers.get(1) ?? 0;
  }

  /** The first stamp of a line. */
  find(line: string): Stamp | undefined {
    const match = this.#regex.exec(line);
    if (match === null) return undefined;
    const [start, end] = this.#whole
      ? this.#lastPart(match)
      : (match.indices?.[this.#cut] ?? [match.index, match.index]);
    const fields: Record<string, string> = {};
    for (const [name, number] of this.#names) {
      const value = match[number];
      if (value !== undefined) fields[name] = value;
    }
    return { start, end, fields };
  }

  #lastPart(match: RegExpExecArray): readonly [number, number] {
    const end = match.index + match[0].length;
    return [end - (match[this.#cut]?.length ?? 0), end];
  }

  /** The moment of a stamp that this template found; undefined if there is no such date. */
  read(stamp: Stamp, context: StampContext): number | undefined {
    const { fields } = stamp;
    if (this.#kind === 'fields') return instantOf(fields, context.nowMs, context.zoneSeconds);
    if (this.#kind === 'tai64n') return Number.parseInt((fields['tai'] ?? '').slice(2, 17), 16) * 1000;
    const text = fields['epoch'] ?? '';
    if (this.#kind === 'epoch' || text.length < 13) return Number(text) * 1000;
    return text.length >= 16 && !text.includes('.') ? Number(text) / 1000 : Number(text);
  }
}

function kindOf(pattern: string): Kind {
  if (/^(?:\{\^LN-BEG\}|\^)?TAI64N$/i.test(pattern)) return 'tai64n';
  if (/^(?:\{\^LN-BEG\}|\^)?EPOCH$/i.test(pattern) || /\{EPOCH\}/i.test(pattern)) return 'epoch';
  if (/^(?:\{\^LN-BEG\}|\^)?LEPOCH$/i.test(pattern) || /\{LEPOCH\}/i.test(pattern)) return 'long-epoch';
  return 'fields';
}

interface Shape {
  readonly text: string;
  /** Whether it holds names, which are read in any case. */
  readonly names: boolean;
  readonly whole: boolean;
}

function expressionOf(pattern: string, kind: Kind, year: number): Shape {
  const lineBegin = /^(?:\{\^LN-BEG\}|\^(?=L?EPOCH$|TAI64N$))/i.test(pattern);
  const unbound = pattern.startsWith('{UNB}');
  const unmarked = pattern.replace(/^\{(?:\^LN-BEG|UNB)\}/, '');
  // Flags of the whole expression stay in front of it.
  const flags = /^(?:\(\?[a-z]+\))*/.exec(unmarked)?.[0] ?? '';
  const bare = unmarked.slice(flags.length);
  const epoch = kind === 'long-epoch' ? LONG_EPOCH : EPOCH;
  if (/^\^?L?EPOCH$/i.test(bare)) {
    const text = lineBegin ? `^(?:\\W{0,2})?(${epoch})${WORD_EDGE}` : `(${EPOCH_PLACE}${epoch})${WORD_EDGE}`;
    return { text, names: false, whole: true };
  }
  if (kind === 'tai64n')
    return {
      text: `${lineBegin ? '^(?:\\W{0,2})?' : ''}(${TAI64N})${WORD_EDGE}`,
      names: false,
      whole: true,
    };
  const expanded = expandDateTokens(bare.trim(), year).replace(/\{L?EPOCH\}/gi, epoch);
  const grouped = kind === 'fields' ? grouping(expanded) : `(${expanded})`;
  const free = (edge: RegExp): boolean => unbound || edge.test(grouped);
  const begin = free(/^\(*(?:\^|\*\*|\((?:\?:)?\^)/) ? '' : lineBegin ? '^(?:\\W{0,2})?' : WORD_EDGE;
  const end = free(/(?:\$\)?|\\b|\\s|\*\*\)*)$/) ? '' : WORD_EDGE;
  const text = flags + begin + grouped.replace(/^(\(*)\*\*/, '$1').replace(/(?<!\\)\*\*(\)*)$/, '$1') + end;
  return { text, names: hasNames(bare), whole: grouped !== expanded };
}

/** The whole as group 1, unless the pattern has a group of its own that says what to cut. */
function grouping(expression: string): string {
  if (/(?<!\\)\((?!\?)/.test(expression)) return expression;
  const [, head = '', body = '', tail = ''] = /^(\^?)(.*?)(\$?)$/s.exec(expression) ?? [];
  return `${head}(${body})${tail}`;
}
