/**
 * journalctl's match grammar: `FIELD=value` terms; different fields AND, the same field twice OR, `+` between groups OR.
 * Takes the words of a journalmatch setting; gives groups of field → accepted values; tests one entry's fields.
 * Does not read the journal.
 */
import { BailiffError } from './errors.js';

/** field → the values any of which it may have; all fields must hold. */
export type JournalMatchGroup = ReadonlyMap<string, ReadonlySet<string>>;

/** Any group may hold. Empty = matches nothing. */
export type JournalMatch = readonly JournalMatchGroup[];

/**
 * Parses one journalmatch, e.g. `_SYSTEMD_UNIT=ssh.service + _COMM=sshd`; each line of the setting is such a text and lines OR.
 * @throws BailiffError `config.journalmatch` for a term without `=` or an empty group.
 */
export function parseJournalMatch(text: string): JournalMatch {
  const groups: Map<string, Set<string>>[] = [];
  let group = new Map<string, Set<string>>();
  const words = journalMatchWords(text);
  for (const word of words) {
    if (word === '+') {
      if (group.size === 0) throw bad(text, '`+` has nothing on its left');
      groups.push(group);
      group = new Map();
      continue;
    }
    const equals = word.indexOf('=');
    if (equals < 1) throw bad(text, `\`${word}\` is not FIELD=value`);
    const field = word.slice(0, equals);
    if (!/^[A-Z0-9_]{1,64}$/.test(field)) throw bad(text, `\`${field}\` is no journal field name`);
    group.set(field, (group.get(field) ?? new Set()).add(word.slice(equals + 1)));
  }
  if (group.size === 0 && words.length > 0) throw bad(text, '`+` has nothing on its right');
  if (group.size > 0) groups.push(group);
  return groups;
}

/** Whether an entry with these fields is meant. */
export function meetsJournalMatch(
  match: JournalMatch,
  fields: Readonly<Record<string, string | undefined>>,
): boolean {
  return match.some((group) => {
    for (const [field, values] of group) {
      const value = fields[field];
      if (value === undefined || !values.has(value)) return false;
    }
    return true;
  });
}

/** The words as `journalctl` and Fail2Ban's status print them: `A=1 B=2 + C=3`. */
export function formatJournalMatch(match: JournalMatch): string {
  return match
    .map((group) =>
      [...group].flatMap(([field, values]) => [...values].map((value) => `${field}=${value}`)).join(' '),
    )
    .join(' + ');
}

/** The words of a journalmatch as a shell splits them: quotes hold together, a backslash takes the next sign as it is. */
export function journalMatchWords(text: string): readonly string[] {
  const words: string[] = [];
  const pattern = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)|(\s+))/gsu;
  let word: string | undefined;
  for (const [, double, single, escaped, plain, space] of text.matchAll(pattern)) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (double?.replace(/\\(.)/gsu, '$1') ?? single ?? escaped ?? plain ?? '');
  }
  if (word !== undefined) words.push(word);
  return words;
}

function bad(text: string, what: string): BailiffError {
  return new BailiffError('config.journalmatch', `journalmatch \`${text}\`: ${what}.`, {
    remedy: 'Write it as for journalctl: FIELD=value, `+` between alternatives.',
  });
}
