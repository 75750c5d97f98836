/**
 * The commands that read the configuration themselves: `run`, `match`, `replay`, `config`, and `client`.
 * Takes the program to add them to. Does not parse.
 */
import type { Command } from 'commander';
import { usageError } from './exit.js';
import type { ReadOptions } from './options.js';
import { type Perform, type Words, printOptions } from './words.js';

export function addOfflineCommands(program: Command, perform: Perform): void {
  reading(program.command('run'), 'bailiff run --enforce nftables')
    .description('the daemon, in the foreground')
    .option('--state <dir>', 'where bans, counts and places are kept')
    .option('--socket <path>', 'where the control socket is made')
    .option('--enforce <how>', 'nftables or none; without it as bailiff.conf says, else none: it observes')
    .option('--http <host:port>', 'dashboard and metrics, or off; without it as bailiff.conf says')
    .action((_words: Words, command: Command) =>
      perform(async () => {
        const { runOptions } = await import('./run.js');
        const options = runOptions(command.optsWithGlobals<Words>(), readOptions(command));
        // Other commands end when nobody reads what they print; the daemon outlives its reader.
        process.stdout.removeAllListeners('error').on('error', () => undefined);
        return (await import('../daemon/start.js')).startDaemon(options);
      }),
    );
  reading(program.command('match'), "bailiff match 'sshd[mode=aggressive]' /var/log/auth.log --lines")
    .description('what a filter sees in lines')
    .argument('<filter>', "a filter and its options: sshd, 'postfix[mode=more]'")
    .argument('[file]', 'a log file, or - for standard input')
    .option('--line <text>', 'this line instead of a file; may be repeated', collect, [])
    .option('--lines', 'print each line marked up, not the summary alone')
    .option('--as <form>', 'fail2ban: the words and the output of fail2ban-regex; to be written first')
    .action((filter: string, file: string | undefined, words: Words, command: Command) =>
      perform(async () => {
        if (words.as !== undefined)
          throw usageError(
            `--as ${words.as} stands in the wrong place, or is unknown.`,
            'Write `bailiff match --as fail2ban LOG REGEX`.',
          );
        const { match } = await import('./match.js');
        const { configDirectory, asFail2ban, ...print } = readOptions(command);
        const eachLine = words.lines === true || print.json;
        const request = {
          configDirectory,
          asFail2ban,
          filter,
          eachLine,
          input: inputOf(file, words.line ?? []),
        };
        return match((await import('../jail/offline.js')).matchLines, request, print);
      }),
    );
  reading(program.command('replay'), 'bailiff replay --journal /var/log/journal --since 2026-11-22 --json')
    .description('recorded logs through the whole way, without effects')
    .option('--journal <path>', 'a journal file or directory')
    .option('--journal-export <file>', 'what journalctl --output=export wrote')
    .option('--log <jail=file>', 'a log file for a jail; may be repeated', collect, [])
    .option('--since <time>', 'from this time on: 2026-11-22, "2026-11-22 12:00:00", ISO 8601, @SECONDS')
    .option('--until <time>', 'up to this time')
    .action((words: Words, command: Command) =>
      perform(async () => {
        const { replay } = await import('./replay.js');
        const { replayRequest } = await import('./replay-request.js');
        const { configDirectory, asFail2ban, ...print } = readOptions(command);
        const request = { ...replayRequest(words), configDirectory, asFail2ban };
        return replay((await import('../jail/offline.js')).replayRecording, request, print);
      }),
    );
  addConfigCommands(program, perform);
  program
    .command('fail2ban-regex')
    .description('match, with the words, the output and the exit status of fail2ban-regex')
    .argument('[words...]', 'as for fail2ban-regex')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((argv: string[], _words: Words, command: Command) =>
      perform(async () => {
        const { fail2banRegex } = await import('./fail2ban-regex.js');
        const { config }: Words = command.optsWithGlobals();
        return fail2banRegex(argv, { out: process.stdout, err: process.stderr, configDirectory: config });
      }),
    );
  program
    .command('client')
    .description('every word of fail2ban-client that is spoken, with its output and exit status')
    .argument('[words...]', 'as for fail2ban-client; `bailiff client --help` lists them')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((argv: string[], _words: Words, command: Command) =>
      perform(async () => {
        const { client } = await import('./client.js');
        const { clientConfiguration } = await import('./client-configuration.js');
        const words: Words = command.optsWithGlobals();
        return client(argv, {
          socketPath: words.socket,
          configDirectory: words.config,
          asFail2ban: words.asFail2ban === true,
          configuration: clientConfiguration,
          out: process.stdout,
          err: process.stderr,
        });
      }),
    );
}

function addConfigCommands(program: Command, perform: Perform): void {
  const config = program.command('config').description('read and show the configuration');
  reading(config.command('check'), 'bailiff config check --strict')
    .description('what is wrong with the configuration')
    .option('--strict', 'warnings are errors')
    .action((words: Words, command: Command) =>
      perform(async () => {
        const { configCheck } = await import('./config-check.js');
        const { readConfiguration } = await import('./read-configuration.js');
        const options = readOptions(command);
        const read = await readConfiguration(options);
        const { lint } = await import('../jail/lint/lint.js');
        const problems = [...read.problems, ...(await lint(read))];
        return configCheck({ ...read, problems }, words.strict === true, options);
      }),
    );
  reading(config.command('dump'), 'bailiff config dump --as fail2ban')
    .description('the configuration as it is understood')
    .option('--as <form>', 'fail2ban: what fail2ban-client -d prints (implies --as-fail2ban)')
    .action((words: Words, command: Command) =>
      perform(async () => {
        if (words.as !== undefined && words.as !== 'fail2ban')
          throw usageError(`--as ${words.as} is unknown.`, 'Write --as fail2ban, or leave it out.');
        const { configDump } = await import('./config-dump.js');
        return configDump(words.as === 'fail2ban', readOptions(command));
      }),
    );
  config
    .command('import')
    .description('take over a Fail2Ban installation: its configuration, its bans and their history')
    .argument('[directory]', 'where its configuration lies', '/etc/fail2ban')
    .option('--db <file>', 'its database, or none; without it the one that its configuration names')
    .option('--to <dir>', "where Bailiff's configuration is written", '/etc/bailiff')
    .option('--state <dir>', 'where bans are kept')
    .option('--replace', 'files that differ give way to those of Fail2Ban; they are put aside')
    .option('--dry-run', 'tell what would be done, and write nothing')
    .option('--json', 'print JSON; docs/json.md names the fields')
    .addHelpText('after', '\nExample:\n  bailiff config import /etc/fail2ban --dry-run')
    .action((directory: string, _words: Words, command: Command) =>
      perform(async () => {
        const words: Words = command.optsWithGlobals();
        const { takeOver } = await import('../daemon/fail2ban/take-over.js');
        const { configImport } = await import('./config-import.js');
        const isWritten = words.dryRun !== true;
        const done = takeOver(
          {
            from: directory,
            to: words.to,
            database: words.db,
            stateDirectory: words.state,
            replace: words.replace === true,
            write: isWritten,
          },
          Date.now(),
        );
        return configImport(done, isWritten, printOptions(words));
      }),
    );
  config.addHelpText('after', '\nExample:\n  bailiff config check');
}

function reading(command: Command, example: string): Command {
  return command
    .option('--config <dir>', 'read the configuration from this directory')
    .option('--as-fail2ban', 'read the configuration and behave as Fail2Ban does, to the letter')
    .option('--json', 'print JSON; docs/json.md names the fields')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

function readOptions(command: Command): ReadOptions {
  const words: Words = command.optsWithGlobals();
  return { ...printOptions(words), configDirectory: words.config, asFail2ban: words.asFail2ban === true };
}

function inputOf(file: string | undefined, lines: readonly string[]) {
  if (lines.length > 0) {
    if (file !== undefined) throw usageError('Either a file or --line.', 'Leave one of them out.');
    return { kind: 'lines', lines } as const;
  }
  if (file !== undefined && file !== '-') return { kind: 'file', path: file } as const;
  if (file === undefined && process.stdin.isTTY)
    throw usageError('No lines to match.', 'Name a file, - for standard input, or --line TEXT.');
  return { kind: 'stdin' } as const;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
