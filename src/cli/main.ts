#!/usr/bin/env node
/**
 * Where `bailiff` starts, and `fail2ban-client` and `fail2ban-regex` where it is installed under those names too.
 * Takes the process's arguments; sets its exit status. Prints errors once, made visible.
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

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const [, script = '', ...words] = process.argv;
try {
  await buildProgram(perform).parseAsync(spokenWords(basename(script), words), { from: 'user' });
} catch (thrown) {
  // Commander has said it: help and version are 0, anything else is wrong use.
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
