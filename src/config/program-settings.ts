/**
 * Bailiff's own settings and those of fail2ban.conf that it keeps to.
 * Takes the sections of bailiff.conf and fail2ban.conf; gives typed settings and what is wrong with them. A value that does
 * not hold gives way to its default and is told.
 */
import { BailiffError } from '../lib/errors.js';
import { hostPortOf } from '../lib/host-port.js';
import { parseDuration } from './duration.js';
import { interpolated } from './interpolate.js';
import { type Problem, problemOf } from './problem.js';
import type { Sections, Setting } from './sections.js';
import type { SettingDefinition } from './setting-definition.js';
import { type SettingsFile, defaultOf, findSetting } from './settings.js';
import { parseChoice, parseInteger } from './values.js';

export interface ProgramSettings {
  /** Undefined = not said anywhere: observe. */
  readonly enforce: 'nftables' | 'none' | undefined;
  readonly stateDirectory: string | undefined;
  readonly socketPath: string | undefined;
  readonly logLevel: 'error' | 'warning' | 'notice' | 'info' | 'debug';
  readonly logTarget: string | undefined;
  /** `HOST:PORT`; undefined = off. */
  readonly http: string | undefined;
  /** Whether actions with commands run; undefined = only as root. */
  readonly shellActions: boolean | undefined;
  /** The user to drop to when started as root. */
  readonly user: string;
  readonly mailer: 'smtp' | 'sendmail';
  /** `HOST:PORT` */
  readonly smtpHost: string;
  /** Messages to one receiver in an hour. */
  readonly mailRate: number;
  /** Whether receivers of mails and messages are told of start and end. */
  readonly mailStartStop: boolean;
  /** `HOST`, `HOST:PORT`, `rdap` or an https address; undefined = nobody is asked. */
  readonly whoisServer: string | undefined;
  readonly historyDays: number;
  /** How many reports may wait. */
  readonly reportQueue: number;
  readonly allowIpv6: 'auto' | 'yes' | 'no';
  /** Lines of evidence kept with a ban (dbmaxmatches). */
  readonly keptMatches: number;
  /** How long past bans count for what actions are told (dbpurgeage). */
  readonly pastSeconds: number;
  /** fail2ban.conf as text: what `config dump --as fail2ban` and `client get` tell. */
  readonly fail2ban: Readonly<Record<string, string>>;
}

/** What `fail2ban-client -d` tells of fail2ban.conf; dbmaxmatches and the stack size only where they are written. */
export const TOLD_SETTINGS = [
  'syslogsocket',
  'loglevel',
  'logtarget',
  'allowipv6',
  'dbfile',
  'dbmaxmatches',
  'dbpurgeage',
  'stacksize',
] as const;
/** Where a question by RDAP begins. */
const RDAP = /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w./-]*)?$/;
/** Only the form is looked at. */
const ANY_PORT = 1;
const ENFORCE = ['nftables', 'none'] as const;

/** Reads both; each problem goes to `tell`. */
export function readProgramSettings(
  own: Sections,
  fail2ban: Sections,
  tell: (problem: Problem) => void,
): ProgramSettings {
  const ownText = (name: string): string | undefined => checked('bailiff', own, name, tell);
  const theirText = (name: string): string => checked('fail2ban', fail2ban, name, tell) ?? '';
  const http = ownText('http') ?? 'off';
  const enforce = ownText('enforce');
  const whois = ownText('whoisserver') ?? 'whois.iana.org';
  const shellActions = ownText('shellactions');
  return {
    enforce: enforce === undefined ? undefined : parseChoice<'nftables' | 'none'>(enforce, ENFORCE),
    stateDirectory: ownText('statedir'),
    socketPath: ownText('socket'),
    logLevel: parseChoice(ownText('loglevel') ?? 'info', ['error', 'warning', 'notice', 'info', 'debug']),
    logTarget: ownText('logtarget'),
    http: /^(?:off|no|false|)$/i.test(http) ? undefined : http,
    shellActions: shellActions === undefined ? undefined : shellActions.toLowerCase() === 'yes',
    user: ownText('user') ?? 'bailiff',
    mailer: parseChoice(ownText('mailer') ?? 'smtp', ['smtp', 'sendmail']),
    smtpHost: ownText('smtphost') ?? '127.0.0.1:25',
    mailRate: Number(ownText('mailrate') ?? 20),
    mailStartStop: ownText('mailstartstop')?.toLowerCase() === 'yes',
    whoisServer: /^(?:off|no|false|)$/i.test(whois) ? undefined : whois,
    historyDays: Number(ownText('historydays') ?? 90),
    reportQueue: Number(ownText('reportqueue') ?? 20_000),
    allowIpv6: parseChoice(theirText('allowipv6'), ['auto', 'yes', 'no']),
    keptMatches: Number(theirText('dbmaxmatches')),
    pastSeconds: parseDuration(theirText('dbpurgeage')),
    fail2ban: Object.fromEntries(
      TOLD_SETTINGS.filter(
        (name) =>
          (name !== 'dbmaxmatches' || fail2ban.get('Definition', name) !== undefined) &&
          (name !== 'stacksize' || fail2ban.own('Thread', name) !== undefined),
      ).map((name) => [name, theirText(name)]),
    ),
  };
}

/** The text of a setting if it holds; else, told, the default. */
function checked(
  table: SettingsFile,
  sections: Sections,
  name: string,
  tell: (problem: Problem) => void,
): string | undefined {
  const fallback = defaultOf(table, name, false);
  const setting = sections.get('Definition', name) ?? sections.own('Thread', name);
  const definition = findSetting(table, name);
  if (setting === undefined || definition === undefined) return fallback;
  try {
    const text = interpolated(setting, { sections, section: setting.section });
    return text === '' ? fallback : validated(definition, text);
  } catch (error) {
    if (!(error instanceof BailiffError)) throw error;
    tell(problemOf(error, 'error', placeOf(setting)));
    return fallback;
  }
}

function validated(definition: SettingDefinition, text: string): string {
  const [least, most] = definition.range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  if (definition.choices !== undefined) parseChoice(text, definition.choices);
  if (definition.type === 'integer') parseInteger(text, least, most);
  if (definition.type === 'time') parseDuration(text);
  const isServer = hostPortOf(text, ANY_PORT) !== undefined;
  if (definition.type === 'server' && !isServer) throw noServer(text);
  if (definition.type === 'registry' && !isServer && !RDAP.test(text)) throw noServer(text);
  return text;
}

function noServer(text: string): BailiffError {
  return new BailiffError('config.server', `\`${text}\` is no HOST:PORT.`, {
    remedy: 'Write one such as 127.0.0.1:25.',
  });
}

function placeOf(setting: Setting): { file: string; line: number; section: string; option: string } {
  return { file: setting.file, line: setting.line, section: setting.section, option: setting.name };
}
