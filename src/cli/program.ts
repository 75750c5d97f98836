/**
 * Every command, option and example of `bailiff`, and which file does it; those files are loaded only when called.
 * Takes a function that runs a command and keeps its exit status; gives commander's program. Does not parse.
 */
import { Command } from 'commander';
import { packageVersion } from '../lib/package-root.js';
import { usageError } from './exit.js';
import { askOptions, asking, countOf } from './asking-command.js';
import { addKnownGoodCommands } from './program-known-good.js';
import { addReportCommands } from './program-reports.js';
import { addOfflineCommands } from './program-offline.js';
import type { Perform, Words } from './words.js';

/** The program, with an exit status for every command. */
export function buildProgram(perform: Perform): Command {
  const program = new Command('bailiff')
    .description('Keeps abusers out of a mail server. Reads the journal and log files, bans in nftables.')
    .version(packageVersion())
    .option('--config <dir>', 'read the configuration from this directory')
    .option('--as-fail2ban', 'read the configuration and behave as Fail2Ban does, to the letter')
    .option('--socket <path>', "the daemon's control socket")
    .option('--state <dir>', 'where bans, counts and places are kept')
    .enablePositionalOptions()
    .showHelpAfterError('Try it with --help.')
    .addHelpText('after', '\nExample:\n  bailiff status\n  bailiff explain 192.0.2.1')
    .exitOverride();
  addOfflineCommands(program, perform);
  addAskingCommands(program, perform);
  addReportCommands(program, perform);
  addKnownGoodCommands(program, perform);
  return program;
}

function addAskingCommands(program: Command, perform: Perform): void {
  asking(program.command('status'), 'bailiff status sshd')
    .description('the daemon and its jails now, or one jail in full')
    .argument('[jail]', 'only this jail')
    .action((jail: string | undefined, _words: Words, command: Command) =>
      perform(async () => (await import('./status.js')).status(jail, askOptions(command))),
    );
  asking(program.command('banned'), 'bailiff banned --json')
    .description('who is banned now')
    .argument('[jail]', 'only this jail')
    .action((jail: string | undefined, _words: Words, command: Command) =>
      perform(async () => (await import('./banned.js')).banned(jail, askOptions(command))),
    );
  asking(program.command('top'), 'bailiff top --limit 20')
    .description('which addresses, names and jails fail most')
    .option('-n, --limit <number>', 'entries of each kind', '10')
    .action((words: Words, command: Command) =>
      perform(async () => (await import('./top.js')).top(countOf(words.limit), askOptions(command))),
    );
  asking(program.command('ban'), 'bailiff ban sshd 192.0.2.1 2001:db8::/64 --for 1h')
    .description('ban by hand, at once')
    .argument('<jail>', 'the jail whose ports and actions are used')
    .argument('<address...>', 'addresses or networks')
    .option('--for <time>', "for how long, as 600, 10m, 1d12h; -1 = for ever (default: the jail's bantime)")
    .action((jail: string, targets: string[], words: Words, command: Command) =>
      perform(async () => {
        const seconds = words.for === undefined ? undefined : await secondsOf(words.for);
        return (await import('./ban.js')).ban(jail, targets, seconds, askOptions(command));
      }),
    );
  asking(program.command('unban'), 'bailiff unban 192.0.2.1 --jail sshd')
    .description('lift bans')
    .argument('[address...]', 'addresses or networks')
    .option('--jail <jail>', 'only in this jail')
    .option('--all', 'every ban of every jail')
    .action((targets: string[], words: Words, command: Command) =>
      perform(async () => {
        const { unban, unbanAll } = await import('./unban.js');
        const options = askOptions(command);
        if (words.all === true && words.jail === undefined && targets.length === 0) return unbanAll(options);
        if (words.all === true || targets.length === 0)
          throw usageError('Either addresses or --all alone.', '`bailiff unban --help` shows how.');
        return unban(targets, words.jail, options);
      }),
    );
  asking(program.command('release'), 'bailiff release sshd')
    .description('let the bans follow that are held back because too many came after a change')
    .argument('<jail>', 'the jail')
    .action((jail: string, _words: Words, command: Command) =>
      perform(async () => (await import('./release.js')).release(jail, askOptions(command))),
    );
  asking(program.command('explain'), 'bailiff explain 192.0.2.1')
    .description('why an address is banned, or not: evidence, decisions, effects')
    .argument('<address>', 'address or network')
    .action((address: string, _words: Words, command: Command) =>
      perform(async () => (await import('./explain.js')).explain(address, askOptions(command))),
    );
}

async function secondsOf(text: string): Promise<number> {
  const { parseDuration } = await import('../config/duration.js');
  let seconds: number;
  try {
    seconds = parseDuration(text);
  } catch {
    seconds = 0;
  }
  if (seconds < -1 || seconds === 0)
    throw usageError(
      `--for ${text} is no time.`,
      'Write seconds or units as in 600, 10m, 1d12h; -1 for ever.',
    );
  return seconds;
}
