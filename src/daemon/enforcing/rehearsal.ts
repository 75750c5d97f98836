/**
 * The rehearsal: where no guarded service is found on the machine, a recorded attack goes the same way as real lines,
 * into nftables inside a private network namespace, so that a newcomer sees bans appear and nothing is touched.
 * Takes the jails; gives what to hear and how far to shift its times. Does not decide.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RecordedSource } from '../../jail/hear-messages.js';
import type { JailOptions } from '../../jail/options.js';
import { packageRoot } from '../../lib/package-root.js';

const FOLDER = join(packageRoot, 'recordings', 'debian13', 'virtual');
const JOURNAL = join(FOLDER, 'journal.export.gz');
/** The files of the recorded host, by the filter that reads them. */
const LOGS: Readonly<Record<string, string>> = { 'apache-auth': 'error.log.gz', rspamd: 'rspamd.log.gz' };

export interface Rehearsal {
  readonly recording: readonly RecordedSource[];
  /** Added to every time, so that the recording ends now. */
  readonly shiftMs: number;
  readonly jails: readonly JailOptions[];
}

/** Reads when the recording ended; the host that was recorded ran on UTC. */
export function prepareRehearsal(jails: readonly JailOptions[], nowMs: number): Rehearsal {
  const logs = jails.flatMap((jail): RecordedSource[] => {
    const file = LOGS[jail.filter.name.replace(/\[.*/, '')];
    return file === undefined ? [] : [{ path: join(FOLDER, file), jails: [jail.name] }];
  });
  return {
    recording: [{ path: JOURNAL, jails: undefined }, ...logs],
    shiftMs: nowMs - endOfRecording(),
    jails: jails.map((jail) => ({
      ...jail,
      filter: { ...jail.filter, logTimezoneSeconds: 0 },
      otherFilter: jail.otherFilter && { ...jail.otherFilter, logTimezoneSeconds: 0 },
    })),
  };
}

/** Milliseconds since the epoch of the last entry. */
function endOfRecording(): number {
  const text = gunzipSync(readFileSync(JOURNAL)).toString('latin1');
  const last = text.lastIndexOf('__REALTIME_TIMESTAMP=');
  return Number(/=(\d+)/.exec(text.slice(last, last + 60))?.[1] ?? 0) / 1000;
}
