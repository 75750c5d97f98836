/**
 * `name[key=value, key2="a, b"][key3='c']`: how a jail calls filters and actions.
 * Takes the text of the option; gives names and parameters. Does not look for the files.
 */
import { BailiffError } from '../lib/errors.js';
import { quotable } from './secrets.js';

export interface Call {
  readonly name: string;
  /** In the order written; a later parameter of the same key wins. */
  readonly parameters: ReadonlyMap<string, string>;
}

const CALL = /^([^[\s]+)\s*((?:\[.*\])?)$/su;
const PARAMETER =
  /\s*([\w\-.]+(?:\?family=inet6)?)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\]"']*))\s*(,|\]\s*\[|\]\s*$)/suy;

/**
 * Splits the calls of an `action` option: one a line, or several in a line with spaces between.
 * Brackets and quotes hold together what is inside them.
 */
export function splitCalls(text: string): readonly string[] {
  const calls: string[] = [];
  let call = '';
  let depth = 0;
  let quote = '';
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (depth > 0 && (character === '"' || character === "'")) quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']') depth = Math.max(0, depth - 1);
    if (depth === 0 && /\s/u.test(character)) {
      if (call !== '') calls.push(call);
      call = '';
    } else call += character;
  }
  if (call !== '') calls.push(call);
  return calls;
}

/**
 * Parses one call. Blanks at the ends of a value are dropped, inside quotes as well, as Fail2Ban does.
 * @throws BailiffError `config.parameters` when it does not follow the grammar.
 */
export function parseCall(text: string): Call {
  const [, name, written] = CALL.exec(text.trim()) ?? [];
  if (name === undefined || written === undefined) throw bad(text);
  const parameters = new Map<string, string>();
  if (written === '' || /^\[\s*\]$/.test(written)) return { name, parameters };
  PARAMETER.lastIndex = 1;
  let end = 0;
  for (let match = PARAMETER.exec(written); match !== null; match = PARAMETER.exec(written)) {
    const [, key, double, single, plain] = match;
    if (key !== undefined) parameters.set(key, (double ?? single ?? plain ?? '').trim());
    end = PARAMETER.lastIndex;
    if (end === written.length) break;
  }
  if (end !== written.length) throw bad(text);
  return { name, parameters };
}

function bad(text: string): BailiffError {
  return new BailiffError('config.parameters', `\`${quotable(text)}\` is no name[key=value, …].`, {
    remedy: 'Write name[key=value, key2="a, b"]; quote values that hold commas, brackets or quotes.',
  });
}
