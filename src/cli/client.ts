/**
 * `bailiff client …`, also installed as `fail2ban-client`: Fail2Ban's options and verbs with its output and exit status.
 * Takes the words after its name; prints as Fail2Ban does; gives 0 or 255. What verbs do is the daemon's business.
 */
import { existsSync } from 'node:fs';
import { FAIL2BAN_VERSION } from '../config/compatibility.js';
import { messageOf } from '../lib/errors.js';
import { clientSocketPath } from '../lib/paths.js';
import { CLIENT_HELP } from './client-help.js';
import { converse } from './client-interactive.js';
import { type ClientOption, readClientOptions } from './client-options.js';
import { ClientOutput, type Stream } from './client-output.js';
import { ClientSession } from './client-session.js';

const FAILED = 255;
const LOG_LEVEL = /^(?:critical|error|warning|notice|info|debug|tracedebug|heavydebug|\d+)$/i;

/** What reads the configuration for -d, -t: handed in so that it is loaded only when asked for. */
export interface ClientConfiguration {
  dump(configDirectory: string | undefined): Promise<string>;
  /** What is wrong, a sentence each; empty = it holds. */
  faults(configDirectory: string | undefined): Promise<readonly string[]>;
  /** A time in seconds, as Python shows it; a sentence where it is none. */
  seconds(text: string): Promise<{ readonly shown: string } | { readonly fault: string }>;
}

export interface ClientSurroundings {
  /** From options before `client`. */
  readonly socketPath: string | undefined;
  readonly configDirectory: string | undefined;
  readonly asFail2ban?: boolean;
  readonly configuration: ClientConfiguration;
  readonly out: Stream;
  readonly err: Stream;
  /** What is typed in interactive mode. */
  readonly input?: NodeJS.ReadableStream;
}

interface Settings {
  readonly configDirectory: string | undefined;
  readonly socketPath: string;
  readonly timeoutMs: number;
  readonly isDump: boolean;
  readonly isTest: boolean;
  readonly isInteractive: boolean;
  readonly logLevel: string | undefined;
}

/** Runs one command; gives the exit status. */
export async function client(argv: readonly string[], around: ClientSurroundings): Promise<number> {
  const output = new ClientOutput(around.out, around.err);
  const read = readClientOptions(argv);
  if (read === undefined) {
    output.print(CLIENT_HELP);
    output.bare('Init of command line failed');
    return FAILED;
  }
  const early = await answerEarly(read.options, output, around);
  if (early !== undefined) return early ? 0 : FAILED;
  try {
    const settings = await settingsOf(read.options, around);
    output.verbosity += count(read.options, '-v') - count(read.options, '-q');
    const done = await perform(read.words, settings, output, around);
    return done ? 0 : FAILED;
  } catch (thrown) {
    output.log('ERROR', messageOf(thrown));
    return FAILED;
  }
}

/** Options that are an answer by themselves: the first of them is given. */
async function answerEarly(
  options: readonly ClientOption[],
  output: ClientOutput,
  { configuration }: ClientSurroundings,
): Promise<boolean | undefined> {
  for (const { name, value } of options) {
    switch (name) {
      case '-h':
      case '--help':
        output.print(CLIENT_HELP);
        return true;
      case '-V':
        output.print(FAIL2BAN_VERSION);
        return true;
      case '--version':
        output.print(`Fail2Ban v${FAIL2BAN_VERSION}`);
        return true;
      case '--str2sec':
      case '--timeout': {
        const seconds = await configuration.seconds(value);
        if ('fault' in seconds) {
          output.print(`ERROR: ${seconds.fault}`);
          output.bare('Init of command line failed');
          return false;
        }
        if (name === '--timeout') break;
        output.print(seconds.shown);
        return true;
      }
    }
  }
  return undefined;
}

async function settingsOf(
  options: readonly ClientOption[],
  { socketPath, configDirectory, configuration }: ClientSurroundings,
): Promise<Settings> {
  const last = (...names: readonly string[]): string | undefined =>
    options.filter(({ name }) => names.includes(name)).at(-1)?.value;
  const has = (...names: readonly string[]): boolean => options.some(({ name }) => names.includes(name));
  const timeout = last('--timeout');
  const seconds = timeout === undefined ? undefined : await configuration.seconds(timeout);
  return {
    configDirectory: last('-c', '--conf') ?? configDirectory,
    socketPath: last('-s', '--socket') ?? socketPath ?? clientSocketPath(),
    timeoutMs: seconds !== undefined && 'shown' in seconds ? Number(seconds.shown) * 1000 : 30_000,
    isDump: has('-d', '--dp', '--dump-pretty'),
    isTest: has('-t', '--test'),
    isInteractive: has('-i'),
    logLevel: last('--loglevel'),
  };
}

async function perform(
  words: readonly string[],
  settings: Settings,
  output: ClientOutput,
  around: ClientSurroundings,
): Promise<boolean> {
  const { configDirectory, socketPath, isDump, isTest, logLevel } = settings;
  const { configuration } = around;
  if (configDirectory !== undefined && !existsSync(configDirectory))
    return wrongStart(`Base configuration directory ${configDirectory} does not exist `, output);
  if (logLevel !== undefined && !LOG_LEVEL.test(logLevel))
    return wrongStart(`Invalid log level '${logLevel}'`, output);
  output.log('INFO', `Using socket file ${socketPath}`);
  if (isDump) output.print(await configuration.dump(configDirectory));
  if (isDump && !isTest) return true;
  if (isTest) {
    const faults = await configuration.faults(configDirectory);
    for (const fault of faults) output.log('ERROR', fault);
    if (faults.length > 0) {
      output.log('ERROR', 'ERROR: test configuration failed');
      return false;
    }
    if (words.length === 0) {
      output.print('OK: configuration test is successful');
      return true;
    }
  }
  const session = new ClientSession({
    socketPath,
    configDirectory,
    asFail2ban: around.asFail2ban ?? false,
    timeoutMs: settings.timeoutMs,
    output,
    isInteractive: settings.isInteractive,
  });
  if (settings.isInteractive) return converse(words, session, output, around.input ?? process.stdin);
  if (words.length === 0) {
    output.print(CLIENT_HELP);
    return false;
  }
  return session.perform(words);
}

function wrongStart(text: string, output: ClientOutput): boolean {
  output.print(`ERROR: ${text}`);
  output.log('ERROR', 'Init of command line failed');
  return false;
}

function count(options: readonly ClientOption[], wanted: string): number {
  return options.filter(({ name }) => name === wanted).length;
}
