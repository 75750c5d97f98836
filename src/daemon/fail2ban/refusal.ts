/**
 * How Fail2Ban's server refuses: with an exception, whose arguments the client logs and whose text it prints.
 * Takes what is wrong; gives an Error that the speaker turns into an answer.
 */
import { type PythonValue, reprOf } from '../../lib/python-value.js';

export class Refusal extends Error {
  /** What the client logs as an error. */
  readonly log: readonly string[];

  /** `message` is printed on standard output; `log` stands for `NOK: (…)`. */
  constructor(message: string, log: readonly string[]) {
    super(message);
    this.log = log;
  }
}

/** An exception of one text. */
export function refusal(text: string): Refusal {
  return refusalOf(text, [text]);
}

/** An exception whose text is not its only argument. */
export function refusalOf(told: string, args: readonly PythonValue[]): Refusal {
  return new Refusal(told, [`NOK: ${reprOf({ tuple: args })}`]);
}

export function noJail(name: string): Refusal {
  return refusalOf(`Sorry but the jail '${name}' does not exist`, [name]);
}

/** The word at `index`. @throws Refusal where there is none. */
export function wordAt(words: readonly string[], index: number): string {
  const word = words[index];
  if (word === undefined) throw refusalOf('Sorry but the command is invalid', ['list index out of range']);
  return word;
}
