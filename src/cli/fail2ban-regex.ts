/**
 * `bailiff match --as fail2ban` and `fail2ban-regex`: a filter tried on lines, with Fail2Ban's options, output and exit
 * status (0; 255 where something is wrong; 2 for an unknown option). Takes its words; prints.
 */
import { FAIL2BAN_VERSION } from '../config/compatibility.js';
import type { RegexTrialRequest } from '../jail/regex-trial-request.js';
import { openRegexTrial } from '../jail/open-regex-trial.js';
import type { RegexTrial } from '../jail/regex-trial.js';
import { BailiffError } from '../lib/errors.js';
import { parseRegexOptions, type RegexOptions } from './fail2ban-regex-options.js';
import { formatOf } from './fail2ban-regex-out.js';
import { regexReport } from './fail2ban-regex-report.js';
import { isHelper, RegexTally } from './fail2ban-regex-tally.js';
import type { Sink } from './terminal.js';

const FAILED = 255;
const WRONG_WORDS = 2;

const USAGE = 'Usage: bailiff match --as fail2ban [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]';
const HELP = `${USAGE}

Tries a filter on lines, in fail2ban-regex's words and with its output.

LOG          a log file, - for standard input, systemd-journal[journalpath=DIR], or the line itself
REGEX        a jail or filter with its options (sshd[mode=aggressive]), the path of a filter, or an expression
IGNOREREGEX  an expression: what it matches is ignored

  -c, --config DIR             the configuration directory
  -d, --datepattern PATTERN    instead of the filter's
  -e, --encoding NAME          of the file
  -L, --maxlines N             lines that an expression sees at once
  -m, --journalmatch MATCH     instead of the filter's
  -o, --out TOKEN              print of each failure only its id, ip, msg, row, a field, or a text with <tags>
  -r, --raw; --usedns HOW      names are not looked up; yes, warn, no or raw
      --timezone ZONE          of stamps without one
  -v, --verbose; --verbose-date; -D, --debuggex; --no-check-all
      --print-all-matched, --print-all-missed, --print-all-ignored, --print-no-missed, --print-no-ignored
  -V; --version                the version of Fail2Ban whose dialect is spoken

Example:
  bailiff match --as fail2ban /var/log/auth.log 'sshd[mode=aggressive]'`;

export interface RegexStreams {
  readonly out: Sink;
  readonly err: Sink;
  /** Of `bailiff --config`; `-c` goes before it. */
  readonly configDirectory: string | undefined;
}

export async function fail2banRegex(words: readonly string[], streams: RegexStreams): Promise<number> {
  const print = (line: string): void => void streams.out.write(`${line}\n`);
  const complain = (line: string): void => void streams.err.write(`${line}\n`);
  const options = parseRegexOptions(words);
  if (typeof options === 'string') {
    complain(`${USAGE}\n\nfail2ban-regex: error: ${options}`);
    return WRONG_WORDS;
  }
  if (options.asked !== undefined) {
    print(
      { help: HELP, version: `fail2ban-regex ${FAIL2BAN_VERSION}`, 'short-version': FAIL2BAN_VERSION }[
        options.asked
      ],
    );
    return 0;
  }
  const errors = errorsIn(options);
  if (errors.length > 0) {
    print(HELP);
    complain(`\n${errors.join('\n')}`);
    return FAILED;
  }
  const say = options.out === undefined ? print : (): void => undefined;
  for (const line of ['', 'Running tests', '=============', '']) say(line);
  let trial: RegexTrial;
  try {
    trial = openRegexTrial(requestOf(options, streams.configDirectory), say);
  } catch (error) {
    print(errorText(error, options));
    return FAILED;
  }
  say('');
  return options.out === undefined ? summarise(trial, options, print) : format(trial, options.out, print);
}

async function summarise(
  trial: RegexTrial,
  options: RegexOptions,
  print: (line: string) => void,
): Promise<number> {
  const startMs = performance.now();
  const tally = new RegexTally(trial.failregex.length, trial.ignoreregex.length, options);
  for await (const line of trial.lines()) tally.add(line);
  for (const line of regexReport(trial, tally, options, performance.now() - startMs)) print(line);
  return 0;
}

async function format(trial: RegexTrial, token: string, print: (line: string) => void): Promise<number> {
  const formatted = formatOf(token);
  for await (const { findings } of trial.lines())
    for (const line of formatted(findings.filter((finding) => !isHelper(finding)))) print(line);
  return 0;
}

function errorsIn({ positional, printNo, printAll }: RegexOptions): readonly string[] {
  const both = (['missed', 'ignored'] as const).filter((kind) => printNo.has(kind) && printAll.has(kind));
  return [
    ...both.map((kind) => `ERROR: --print-no-${kind} and --print-all-${kind} are mutually exclusive.`),
    ...(positional.length === 2 || positional.length === 3 ? [] : ['ERROR: provide both <LOG> and <REGEX>.']),
  ];
}

function requestOf(options: RegexOptions, configDirectory: string | undefined): RegexTrialRequest {
  const [log = '', regex = '', ignoreregex] = options.positional;
  return {
    ...options,
    configDirectory: options.config ?? configDirectory,
    log,
    regex,
    ignoreregex,
    all: options.checkAll,
    formatted: options.out !== undefined,
  };
}

function errorText(error: unknown, { positional }: RegexOptions): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof BailiffError)) return `ERROR: ${message}`;
  if (error.code === 'filter.no-address-group') return `ERROR: No failure-id group in '${message}'`;
  if (error.code === 'config.parameters')
    return `ERROR: Wrong filter name or options: ${message}\n       while parsing: ${positional[1] ?? ''}`;
  return `ERROR: ${message}`;
}
