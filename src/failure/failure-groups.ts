/**
 * What a failure tells actions besides its address: the `<F-…>` groups of its line by lower-case name, the user among them.
 * Takes a failure, fresh or from the store; gives the groups, undefined where there are none.
 */
import type { Failure } from './ticket.js';

type Told = Pick<Failure, 'user' | 'connection' | 'data'>;

export function groupsOf({ user, connection, data }: Told): Readonly<Record<string, string>> | undefined {
  if (user === undefined && connection === undefined && data === undefined) return undefined;
  return {
    ...data,
    ...(user !== undefined && { user }),
    ...(connection !== undefined && { mlfid: connection }),
  };
}
