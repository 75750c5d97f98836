/**
 * Tells that a jail's bans are held back because too many followed a change, until they are not.
 * Takes the jail; posts an alarm or withdraws it. Decides nothing.
 */
import type { Jail } from '../../jail/jail.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import type { NoticeBoard } from '../telling/notice-board.js';

const EVENT = 'held-back';

export function tellHeldBack({ name, breaker }: Jail, notices: NoticeBoard): void {
  if (breaker.heldSinceMs === undefined) return notices.withdraw(name, EVENT);
  const error = new BailiffError(
    'daemon.held-back',
    `More than ${breaker.limit} bans within a minute after the jail was changed: those that follow are held back.`,
    {
      remedy: `See with \`bailiff banned ${name}\` whether they are right. If so, \`bailiff release ${name}\`; if not, correct the filter, reload, and \`bailiff unban\` the others.`,
    },
  );
  notices.post('alarm', name, EVENT, messageOf(error));
}
