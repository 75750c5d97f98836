/**
 * The command line: what it says is done, and the process's exit status set. Prints errors once, made visible.
 */
import { basename } from 'node:path';
import { CommanderError } from 'commander';
import { BailiffError, describeError } from '../lib/errors.js';
import { visible } from '../lib/visible-text.js';
import { EXIT, exitStatusOf } from './exit.js';
import { buildProgram } from './program.js';
import { spokenWords } from './spoken-words.js';

function complain(thrown: unknown): void {
  const text =
    thrown instanceof BailiffError
      ? describeError(thrown)
      : `internal error, please report it: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
  process.stderr.write(`bailiff: ${text.split('\n').map(visible).join('\n')}\n`);
}

async function perform(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (thrown) {
    complain(thrown);
    process.exitCode = exitStatusOf(thrown);
  }
}

/** `script`: the name that the program was called by. */
export async function speak(script: string, words: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });

  try {
    await buildProgram(perform).parseAsync(spokenWords(basename(script), words), { from: 'user' });
  } catch (thrown) {
    // Commander has said it: help and version are 0, anything else is wrong use.
    if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
