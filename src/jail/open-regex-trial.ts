/**
 * Opens a trial as `fail2ban-regex` does: reads what its words name, and tells line by line what it uses.
 * Takes a request and whom to tell; gives the trial. What is wrong is thrown with the words that Fail2Ban has for it.
 */
import { type NamedCall, readRegexCall, type RegexCall } from '../config/regex-call.js';
import { zoneSeconds } from '../filter/dates/zones.js';
import { RankedTemplates } from '../filter/trial/ranked-templates.js';
import { BailiffError } from '../lib/errors.js';
import { parseJournalMatch } from '../lib/journal-match.js';
import { regexInput, type RegexInput } from './regex-input.js';
import { pythonRepr } from '../lib/python-repr.js';
import type { RegexTrialRequest } from './regex-trial-request.js';
import { RegexTrial, type TrialSetting } from './regex-trial.js';

/** Opens a trial; tells line by line what it uses. Throws as RegexTrial and `readRegexCall` do. */
export function openRegexTrial(request: RegexTrialRequest, say: (line: string) => void): RegexTrial {
  const isJournal = request.log.startsWith('systemd-journal');
  if (request.maxlines < 0)
    throw new BailiffError('config.number', 'maxlines must be integer greater than zero');
  const zone = zoneOf(request.timezone);
  if (request.maxlines > 0) say(`Use         maxlines : ${request.maxlines}`);
  const templatesOf = (pattern: string): RankedTemplates => {
    const lines = pattern.split('\n').map((line) => line.trim());
    const made = rankedTemplates(lines.filter((line) => line !== ''));

    say(`Use      datepattern : ${pattern} : ${made.title}`);
    return made;
  };
  const own = request.datepattern === undefined ? undefined : templatesOf(request.datepattern);
  const call = readCall(request, isJournal ? 'journal' : 'file', say);
  if (call === undefined) say(`Use   failregex line : ${shortened(request.regex)}`);
  else if (request.verbose > 1) say(`Real  filter options : ${pythonRepr(Object.fromEntries(call.real))}`);
  if (call?.told.maxlines !== undefined && request.maxlines === 0)
    say(`Use         maxlines : ${call.told.maxlines}`);
  const told = call?.told.datepattern;
  const templates = own ?? (told === undefined ? rankedTemplates([]) : templatesOf(told));
  if (request.ignoreregex !== undefined) say(`Use ignoreregex line : ${shortened(request.ignoreregex)}`);
  const written = request.journalmatch ?? call?.journalMatch.at(-1) ?? '';
  const setting: TrialSetting = {
    prefregex: call?.options.prefregex,
    failregex: call?.options.failregex ?? [request.regex],
    ignoreregex:
      request.ignoreregex === undefined ? (call?.options.ignoreregex ?? []) : [request.ignoreregex],
    maxlines: request.maxlines > 0 ? request.maxlines : (call?.told.maxlines ?? 1),
    journalMatch: written === '' || !isJournal ? undefined : parseJournalMatch(written),
    zone,
    dated: own !== undefined || told !== undefined,
  };
  const input = regexInput(request.log, request.encoding);
  const trial = new RegexTrial(request, setting, input, templates);
  sayInput(input, request, trial.multiline, say);
  if (input.kind === 'journal' && written !== '') say(`Use    journal match : ${written}`);
  return trial;
}

function zoneOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const zone = /^[A-Z]/i.test(text) || /^[+-]/.test(text) ? zoneSeconds(text) : undefined;
  if (zone === undefined)
    throw new BailiffError('config.zone', `Unknown or unsupported time zone: ${pythonRepr(text)}`);
  return zone;
}

function rankedTemplates(patterns: readonly string[]): RankedTemplates {
  try {
    return new RankedTemplates(patterns, new Date().getFullYear());
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (cause.message.startsWith('There is already')) throw cause;
    const message = `Failed to set datepattern ${pythonRepr(patterns.join('\n'))} (may be an invalid format or unescaped percent char): ${cause.message}`;
    throw new BailiffError('filter.datepattern', message, { cause });
  }
}

/** What Fail2Ban says of a jail or filter that cannot be read is the message, why it is so the cause. */
function readCall(
  { regex, configDirectory }: RegexTrialRequest,
  logtype: 'journal' | 'file',
  say: (line: string) => void,
): RegexCall | undefined {
  let kind: NamedCall['kind'] | undefined;
  const found = (named: NamedCall): void => {
    kind = named.kind;
    sayCall(named, say);
  };
  try {
    return readRegexCall(regex, { configDirectory, logtype, found });
  } catch (cause) {
    if (!(cause instanceof BailiffError) || kind === undefined) throw cause;
    const message =
      kind === 'jail' ? `Failed to get jail for ${pythonRepr(regex)}` : `failed to load filter ${regex}`;
    throw new BailiffError(cause.code, message, { cause });
  }
}

function sayCall({ kind, name, directory, parameters }: NamedCall, say: (line: string) => void): void {
  if (kind === 'jail') say(`Use             jail : ${name}`);
  else if (kind === 'filter') say(`Use      filter file : ${name}, basedir: ${directory}`);
  else say(`Use      filter file : ${name}`);
  const options = pythonRepr(Object.fromEntries(parameters));
  const label = kind === 'jail' ? 'Use jail/flt options' : 'Use   filter options';
  if (parameters.size > 0) say(`${label} : ${options}`);
}

function sayInput(
  input: RegexInput,
  { log, encoding }: RegexTrialRequest,
  multiline: boolean,
  say: (line: string) => void,
): void {
  if (input.kind === 'text') return sayText(input.text, multiline, say);
  if (input.kind === 'journal') say('Use         systemd journal');
  else say(`Use         log file : ${log}`);
  say(`Use         encoding : ${encoding}`);
}

function sayText(text: string, multiline: boolean, say: (line: string) => void): void {
  if (!multiline && !text.includes('\n')) return say(`Use      single line : ${shortened(text)}`);
  const lines = text.split('\n');
  say(`Use      multi line : ${lines.length} line(s)`);
  for (const [index, line] of lines.slice(0, 5).entries())
    say(
      `| ${String(index + 1)
        .padStart(2)
        .slice(0, 2)}: ${shortened(line)}`,
    );
  if (lines.length > 5) say('| ...');
  say('`-');
}

/** As Fail2Ban shows long texts. */
function shortened(text: string): string {
  return text.length > 53 ? `${text.slice(0, 50)}...` : text;
}
