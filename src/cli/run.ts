/**
 * `bailiff run`: the daemon in the foreground. Takes the command line's words, gives them to the daemon as options,
 * and prints its table of jails when it is ready.
 */
import type { RunOptions } from '../daemon/options.js';
import { usageError } from './exit.js';
import { printStatus } from './jail-table.js';
import type { ReadOptions } from './options.js';

export interface RunWords {
  readonly state?: string | undefined;
  readonly socket?: string | undefined;
  readonly enforce?: string | undefined;
  readonly http?: string | undefined;
}

/** @throws BailiffError `cli.usage`. */
export function runOptions(words: RunWords, options: ReadOptions): RunOptions {
  const { terminal, json, configDirectory, asFail2ban } = options;
  return {
    configDirectory,
    asFail2ban,
    stateDirectory: words.state,
    socketPath: words.socket,
    enforce: enforcement(words.enforce),
    http: words.http === undefined || words.http === 'off' ? words.http : hostAndPort(words.http),
    announce: (report) => (json ? terminal.json(report) : printStatus(terminal, report)),
  };
}

function enforcement(word: string | undefined): RunOptions['enforce'] {
  if (word === undefined || word === 'nftables' || word === 'none') return word;
  throw usageError(`--enforce ${word} is unknown.`, 'Write nftables or none.');
}

function hostAndPort(text: string): RunOptions['http'] {
  const [, host, port] = /^(?:\[([0-9a-fA-F:.]+)\]|[^:[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (port === undefined || number > 65_535)
    throw usageError(`--http ${text} is no HOST:PORT.`, 'Write 127.0.0.1:8480, [::1]:8480 or off.');
  return { host: host ?? text.slice(0, text.lastIndexOf(':')), port: number };
}
