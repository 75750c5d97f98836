/**
 * What `bailiff replay` is asked to read, from the words of its command line.
 * Takes the words; gives the request without its configuration.
 */
import type { OfflineConfiguration, ReplayRequest } from '../jail/offline-events.js';
import { usageError } from './exit.js';
import { parseTime } from './time-text.js';
import type { Words } from './words.js';

/** @throws BailiffError `cli.usage`. */
export function replayRequest(words: Words): Omit<ReplayRequest, keyof OfflineConfiguration> {
  const logs = (words.log ?? []).map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1 || equals === text.length - 1)
      throw usageError(`--log ${text} is not JAIL=FILE.`, 'Write --log sshd=/var/log/auth.log.');
    return { jail: text.slice(0, equals), path: text.slice(equals + 1) };
  });
  if (words.journal === undefined && words.journalExport === undefined && logs.length === 0)
    throw usageError('Nothing to replay.', 'Name --journal, --journal-export or --log JAIL=FILE.');
  const sinceMs = words.since === undefined ? undefined : parseTime(words.since);
  const untilMs = words.until === undefined ? undefined : parseTime(words.until);
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs > untilMs)
    throw usageError('--since lies after --until.', 'Swap them.');
  return { journalPath: words.journal, journalExport: words.journalExport, logs, sinceMs, untilMs };
}
