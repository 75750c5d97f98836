/**
 * `bailiff client …`, also installed as `fail2ban-client`: Fail2Ban's options and verbs with its output and exit status.
 * Takes the words after its name; prints as Fail2Ban does; gives 0 or 255. Verbs are in client-verbs.ts.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAIL2BAN_VERSION } from '../config/compatibility.js';
import { BailiffError, messageOf } from '../lib/errors.js';
import { packageVersion } from '../lib/package-root.js';
import { clientSocketPath } from '../lib/paths.js';
import { visible } from '../lib/visible-text.js';
import { ClientError, clientAnswer } from './client-verbs.js';
import { pythonRepr } from '../lib/python-repr.js';
import { timeText } from './time-text.js';

const FAILED = 255;
const HELP = `Usage: fail2ban-client [OPTIONS] COMMAND

Speaks to Bailiff as fail2ban-client speaks to Fail2Ban: same words, same output, exit status 0 or 255.

Options:
  -c, --conf DIR       configuration directory
  -s, --socket FILE    the daemon's socket
  -d                   print the configuration as Fail2Ban's command stream
  -t, --test           test the configuration
  --str2sec TIME       print a time in seconds
  -V                   print the version of Fail2Ban that is spoken
  --version            the same with a name
  -h, --help           this text

Commands:
  ping                                 is the daemon there
  version                              version of Fail2Ban that is spoken
  status [JAIL [basic|short]]          jails, or one jail
  banned [IP]...                       who is banned, or in which jails an address is
  unban --all | IP...                  lift bans in every jail
  set JAIL banip IP...                 ban
  set JAIL unbanip [--report-absent] IP...
  get JAIL banip [SEPARATOR|--with-time]
  get JAIL banned [IP]...
  reload, stop                         (reload is not in this version)

Example:
  fail2ban-client set sshd unbanip 192.0.2.1`;

/** What reads the configuration for -d, -t: handed in so that it is loaded only when asked for. */
export interface ClientConfiguration {
  dump(configDirectory: string | undefined): Promise<string>;
  isValid(configDirectory: string | undefined): Promise<boolean>;
  seconds(text: string): Promise<number>;
}

interface Output {
  write(text: string): unknown;
}

export interface ClientSurroundings {
  /** From options before `client`. */
  readonly socketPath: string | undefined;
  readonly configDirectory: string | undefined;
  readonly configuration: ClientConfiguration;
  readonly out: Output;
  readonly err: Output;
}

/** Runs one command; gives the exit status. */
export async function client(argv: readonly string[], around: ClientSurroundings): Promise<number> {
  const { out, err } = around;
  try {
    return await perform(argv, around);
  } catch (thrown) {
    if (thrown instanceof ClientError) {
      err.write(logLine(`NOK: (${pythonRepr(thrown.message)},)`));
      out.write(`${thrown.told.split('\n').map(visible).join('\n')}\n`);
    } else err.write(logLine(visible(messageOf(thrown))));
    return FAILED;
  }
}

async function perform(argv: readonly string[], around: ClientSurroundings): Promise<number> {
  const { options, words } = readOptions(argv);
  const { out, configuration } = around;
  const configDirectory = options.conf ?? around.configDirectory;
  const print = (text: string): number => {
    out.write(`${text}\n`);
    return 0;
  };
  if (options.help === true) return print(HELP);
  if (options.version === true) return print(`Fail2Ban v${FAIL2BAN_VERSION} (Bailiff ${packageVersion()})`);
  if (options.plain === true) return print(FAIL2BAN_VERSION);
  if (options.str2sec !== undefined) return print(String(await configuration.seconds(options.str2sec)));
  if (options.dump === true) return print(await configuration.dump(configDirectory));
  if (options.test === true) {
    if (await configuration.isValid(configDirectory)) return print('OK: configuration test is successful');
    print('ERROR: test configuration failed');
    return FAILED;
  }
  if (words.length === 0) {
    print(HELP);
    return FAILED;
  }
  const socketPath = options.socket ?? around.socketPath ?? clientSocketPath();
  try {
    return print(await clientAnswer(words, socketPath));
  } catch (thrown) {
    throw asFail2ban(thrown, words, socketPath);
  }
}

/** Options stand before the verb; what follows it is the verb's, dashes or not. */
function readOptions(argv: readonly string[]) {
  const takesValue = new Set(['-c', '--conf', '-s', '--socket', '-p', '--pidfile', '--pname', '--loglevel']);
  for (const name of ['--logtarget', '--syslogsocket', '--timeout', '--str2sec']) takesValue.add(name);
  let verbAt = 0;
  while (verbAt < argv.length && argv[verbAt]?.startsWith('-') === true)
    verbAt += takesValue.has(argv[verbAt] ?? '') ? 2 : 1;
  try {
    const { values } = parseArgs({
      args: argv.slice(0, verbAt),
      options: {
        conf: { type: 'string', short: 'c' },
        socket: { type: 'string', short: 's' },
        pidfile: { type: 'string', short: 'p' },
        pname: { type: 'string' },
        loglevel: { type: 'string' },
        logtarget: { type: 'string' },
        syslogsocket: { type: 'string' },
        timeout: { type: 'string' },
        str2sec: { type: 'string' },
        dump: { type: 'boolean', short: 'd' },
        test: { type: 'boolean', short: 't' },
        verbose: { type: 'boolean', short: 'v', multiple: true },
        quiet: { type: 'boolean', short: 'q' },
        help: { type: 'boolean', short: 'h' },
        plain: { type: 'boolean', short: 'V' },
        version: { type: 'boolean' },
      },
    });
    return { options: values, words: argv.slice(verbAt) };
  } catch (thrown) {
    throw new ClientError(messageOf(thrown), HELP);
  }
}

/** The daemon's errors in Fail2Ban's words. */
function asFail2ban(thrown: unknown, words: readonly string[], socketPath: string): unknown {
  if (!(thrown instanceof BailiffError)) return thrown;
  const jail = words[1] ?? '';
  switch (thrown.code) {
    case 'control.unknown-jail':
      return new ClientError(jail, `Sorry but the jail '${jail}' does not exist`);
    case 'control.no-daemon':
      return new Error(
        existsSync(socketPath)
          ? 'Unable to contact server. Is it running?'
          : `Failed to access socket path: ${socketPath}. Is fail2ban running?`,
      );
    case 'control.not-allowed':
      return new Error(`Permission denied to socket: ${socketPath}, (you must be root)`);
    default:
      return new ClientError(thrown.message);
  }
}

/** `2026-11-22 12:00:00,123 fail2ban                [4711]: ERROR   …` */
function logLine(text: string): string {
  const nowMs = Date.now();
  const millis = String(nowMs % 1000).padStart(3, '0');
  return `${timeText(nowMs)},${millis} ${'fail2ban'.padEnd(24)}[${process.pid}]: ERROR   ${text}\n`;
}
