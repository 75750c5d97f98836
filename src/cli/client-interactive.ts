/**
 * `fail2ban-client -i`: one command a line, until `exit` or the end of what is typed.
 * Takes the first command, if there is one, and the lines; prints as Fail2Ban does; gives whether it went well.
 */
import { createInterface } from 'node:readline/promises';
import { FAIL2BAN_VERSION } from '../config/compatibility.js';
import { CLIENT_HELP } from './client-help.js';
import type { ClientOutput } from './client-output.js';
import type { ClientSession } from './client-session.js';

const PROMPT = 'fail2ban> ';
const HEAD = `Bailiff, spoken to as Fail2Ban v${FAIL2BAN_VERSION}. \`help\` lists the commands, \`exit\` ends.\n`;

export async function converse(
  first: readonly string[],
  session: ClientSession,
  output: ClientOutput,
  input: NodeJS.ReadableStream,
): Promise<boolean> {
  if (first.length > 0 && !(await session.perform(first))) return false;
  output.print(HEAD);
  const lines = createInterface({ input });
  try {
    output.prompt(PROMPT);
    for await (const line of lines) {
      if (line === 'exit' || line === 'quit') return true;
      if (line === 'help') output.print(CLIENT_HELP);
      else if (line !== '') await perform(line, session, output);
      output.prompt(PROMPT);
    }
  } finally {
    lines.close();
  }
  output.print('');
  output.log('ERROR', 'EOF when reading a line');
  return false;
}

async function perform(line: string, session: ClientSession, output: ClientOutput): Promise<void> {
  const words = shellWords(line);
  if (words === undefined) output.log('ERROR', 'No closing quotation');
  else if (words.length > 0) await session.perform(words);
}

/** Words as a shell splits them, without any of its other powers; undefined where a quote is not closed. */
export function shellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    const isEscape = sign === '\\' && quote !== "'";
    if (isEscape) {
      at += 1;
      const next = line[at] ?? '';
      word = (word ?? '') + (quote === '"' && next !== '"' && next !== '\\' ? sign + next : next);
    } else if (quote !== '') {
      if (sign === quote) quote = '';
      else word = (word ?? '') + sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
