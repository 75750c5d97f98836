/**
 * What the commands that ask the daemon have in common: the socket, JSON, an example, a number of entries.
 */
import type { Command } from 'commander';
import { clientSocketPath } from '../lib/paths.js';
import { usageError } from './exit.js';
import type { AskOptions } from './options.js';
import { type Words, printOptions } from './words.js';

export function asking(command: Command, example: string): Command {
  return command
    .option('--socket <path>', "the daemon's control socket")
    .option('--json', 'print JSON; docs/json.md names the fields')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

export function askOptions(command: Command): AskOptions {
  const words: Words = command.optsWithGlobals();
  return { ...printOptions(words), socketPath: words.socket ?? clientSocketPath() };
}

export function countOf(text: string | undefined): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw usageError(`--limit ${text ?? ''} is no number of entries.`, 'Write a number from 1 to 1000.');
  return count;
}
