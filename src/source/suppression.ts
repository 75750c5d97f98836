/**
 * journald's own word that it threw messages of a service away (its rate limit): an attacker may be blinding us.
 * Takes MESSAGE_ID, MESSAGE and _UID of an entry; gives the unit and how many. Source: systemd, sd-messages.h.
 */
import type { SourceId, SourceNotice } from './lines.js';

export const SUPPRESSED_ID = 'a596d6fe7bfa4994828e72309e95d61e';

/** The alarm for an entry with that MESSAGE_ID; undefined where the entry is not journald's (a user can send any id). */
export function suppressionNotice(source: SourceId, message: string, uid: string): SourceNotice | undefined {
  if (uid !== '0') return undefined;
  const found = /^Suppressed (\d{1,12}) messages from (.{1,256})$/s.exec(message);
  const count = found?.[1] ?? 'an unknown number of';
  const unit = (found?.[2] ?? 'a service').replace(/^.*\/(?=.)/s, '');
  return {
    source,
    level: 'alarm',
    event: 'suppressed',
    text: `journald suppressed ${count} messages from ${unit}: its rate limit was reached, and lines of that service are missing.`,
  };
}
