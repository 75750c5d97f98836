/**
 * What of fail2ban.conf the daemon keeps to: the log's level and target where it behaves as Fail2Ban does, and what
 * fail2ban-client may ask for. Takes the program's settings; gives them as the daemon needs them.
 */
import type { Configuration } from '../../config/configuration.js';
import { parseDuration } from '../../config/duration.js';
import type { Level } from '../../lib/log.js';
import type { ServerSettings } from './server-settings.js';
import type { LogControl } from '../telling/log-control.js';
import type { LogSettings } from '../telling/log-targets.js';

const DAY_SECONDS = 86_400;
const LEVELS: Readonly<Record<string, Level>> = {
  CRITICAL: 'critical',
  ERROR: 'error',
  WARNING: 'warning',
  NOTICE: 'notice',
  INFO: 'info',
};

/** Bailiff's own log settings; with `--as-fail2ban`, fail2ban.conf's. */
export function logSettingsOf({ settings, asFail2ban }: Configuration, stateDirectory: string): LogSettings {
  const { logLevel, logTarget, fail2ban } = settings;
  if (!asFail2ban) return { logLevel, logTarget, stateDirectory };
  return {
    logLevel: LEVELS[(fail2ban['loglevel'] ?? '').toUpperCase()] ?? 'debug',
    logTarget: logTarget ?? fail2ban['logtarget'],
    stateDirectory,
  };
}

/** How past bans are kept: as many days as Bailiff's own setting says; with `--as-fail2ban`, fail2ban.conf's dbpurgeage. */
export function serverSettingsOf(
  { settings, asFail2ban }: Configuration,
  log: LogControl,
  databasePath: string,
): ServerSettings {
  return {
    log,
    databasePath,
    syslogSocket: settings.fail2ban['syslogsocket'] ?? 'auto',
    keptMatches: settings.keptMatches,
    purgeAgeSeconds: asFail2ban
      ? parseDuration(settings.fail2ban['dbpurgeage'] ?? '1d')
      : settings.historyDays * DAY_SECONDS,
  };
}
