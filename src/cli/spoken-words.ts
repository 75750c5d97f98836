/**
 * Which command is meant: by the name that the program was called by, and for `match --as fail2ban`, whose words are
 * those of fail2ban-regex and not Bailiff's. Takes name and words; gives words that commander knows.
 */

/** Fail2Ban's names → Bailiff's commands. */
const COMMANDS: Readonly<Record<string, string>> = {
  'fail2ban-client': 'client',
  'fail2ban-regex': 'fail2ban-regex',
};

export function spokenWords(calledBy: string, words: readonly string[]): readonly string[] {
  const command = COMMANDS[calledBy];
  if (command !== undefined) return [command, ...words];
  const at = words.indexOf('match');
  // Before a command there are only options of the whole program and their values.
  const before = words.slice(0, at);
  if (
    at < 0 ||
    !before.every((word, index) => word.startsWith('--') || words[index - 1]?.startsWith('--') === true)
  )
    return words;
  const [as, form] = words.slice(at + 1);
  if (as === '--as=fail2ban') return [...before, 'fail2ban-regex', ...words.slice(at + 2)];
  return as === '--as' && form === 'fail2ban' ? [...before, 'fail2ban-regex', ...words.slice(at + 3)] : words;
}
