/**
 * Where the daemon's log goes: always to standard error (the journal, under systemd), and to a file.
 * Takes the settings and the state directory; gives the log. Does not rotate; SIGUSR1 opens the file again.
 */
import { join } from 'node:path';
import { LogControl } from './log-control.js';
import { isLogFile } from './log-target-words.js';
import { type Level, Log, fileSink, type Sink, stderrSink } from '../../lib/log.js';

export interface LogSettings {
  readonly logLevel: Level;
  /** A path; `journal`, `stderr`, `none` or Fail2Ban's words for them = no file; undefined = beside the state. */
  readonly logTarget: string | undefined;
  readonly stateDirectory: string;
}

const SYSTEM_STATE = '/var/lib/bailiff';
const SYSTEM_LOGS = '/var/log/bailiff';

/** The file that is written, if any. */
export function logFileOf({ logTarget, stateDirectory }: LogSettings): string | undefined {
  if (logTarget !== undefined) return isLogFile(logTarget) ? logTarget : undefined;
  const folder =
    process.env['LOGS_DIRECTORY'] ?? (stateDirectory === SYSTEM_STATE ? SYSTEM_LOGS : stateDirectory);
  return join(folder, 'bailiff.log');
}

export interface OpenedLog {
  readonly log: Log;
  readonly control: LogControl;
}

export function openLog(settings: LogSettings): OpenedLog {
  // Whoever read it may go away: that must not end what guards the host, and the file still tells.
  process.stderr.on('error', () => undefined);
  const file = logFileOf(settings);
  const always = stderrSink(process.env['JOURNAL_STREAM'] !== undefined);
  const sinks: Sink[] = [always];
  if (file !== undefined) sinks.push(fileSink(file));
  const log = new Log(settings.logLevel, sinks);
  process.once('exit', () => log.flush());
  const target = file ?? settings.logTarget ?? 'STDERR';
  return { log, control: new LogControl(log, always, { level: settings.logLevel, target }) };
}
