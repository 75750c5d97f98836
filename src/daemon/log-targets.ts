/**
 * Where the daemon's log goes: always to standard error (the journal, under systemd), and to a file.
 * Takes the settings and the state directory; gives the log. Does not rotate; SIGUSR1 opens the file again.
 */
import { join } from 'node:path';
import { type Level, Log, fileSink, type Sink, stderrSink } from '../lib/log.js';

export interface LogSettings {
  readonly logLevel: Level;
  /** A path, or one of Fail2Ban's words for standard error and the journal. */
  readonly logTarget: string | undefined;
  readonly stateDirectory: string;
}

const NO_FILE = /^(?:STDERR|STDOUT|SYSOUT|SYSLOG|SYSTEMD-JOURNAL)\b/i;

export function openLog(settings: LogSettings): Log {
  const sinks: Sink[] = [stderrSink(process.env['JOURNAL_STREAM'] !== undefined)];
  const target =
    settings.logTarget ?? join(process.env['LOGS_DIRECTORY'] ?? settings.stateDirectory, 'bailiff.log');
  if (!NO_FILE.test(target)) sinks.push(fileSink(target));
  return new Log(settings.logLevel, sinks);
}
