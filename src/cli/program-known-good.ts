/**
 * The commands of `bailiff known-good`. Takes the program to add them to. Does not parse.
 */
import type { Command } from 'commander';
import { clientSocketPath } from '../lib/paths.js';
import type { KnownGoodOptions } from './known-good.js';
import { type Perform, type Words, printOptions } from './words.js';

export function addKnownGoodCommands(program: Command, perform: Perform): void {
  const knownGood = program
    .command('known-good')
    .description('keep this state of configuration and host; what differs from it now')
    .addHelpText('after', '\nExample:\n  bailiff known-good save');
  keeping(knownGood.command('save'), 'bailiff known-good save')
    .description('keep the state of now as known good, in place of the one before')
    .action((_words: Words, command: Command) =>
      perform(async () => {
        const { knownGoodSave } = await import('./known-good.js');
        return knownGoodSave(optionsOf(command), Date.now());
      }),
    );
  keeping(knownGood.command('check'), 'bailiff known-good check || mail -s changed root')
    .description('what differs now from what is kept')
    .action((_words: Words, command: Command) =>
      perform(async () => {
        const { knownGoodCheck } = await import('./known-good.js');
        return knownGoodCheck(optionsOf(command), Date.now());
      }),
    );
  keeping(knownGood.command('show'), 'bailiff known-good show > mail-host.txt')
    .description('what is kept, as a document')
    .action((_words: Words, command: Command) =>
      perform(async () => (await import('./known-good.js')).knownGoodShow(optionsOf(command))),
    );
}

function keeping(command: Command, example: string): Command {
  return command
    .option('--config <dir>', 'read the configuration from this directory')
    .option('--as-fail2ban', 'read the configuration and behave as Fail2Ban does, to the letter')
    .option('--state <dir>', 'where it is kept')
    .option('--socket <path>', "the daemon's control socket")
    .option('--json', 'print JSON; docs/json.md names the fields')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

function optionsOf(command: Command): KnownGoodOptions {
  const words: Words = command.optsWithGlobals();
  return {
    ...printOptions(words),
    configDirectory: words.config,
    asFail2ban: words.asFail2ban === true,
    stateDirectory: words.state,
    socketPath: words.socket ?? clientSocketPath(),
  };
}
