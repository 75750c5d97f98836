/**
 * `bailiff release JAIL`: the bans that are held back because too many came after a change follow.
 * Takes the jail; prints how many; gives 0, or 1 where none was held back.
 */
import { request } from '../control/client.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';

export async function release(jail: string, { terminal, socketPath, json }: AskOptions): Promise<number> {
  const result = await request(socketPath, { verb: 'release', jail });
  if (json) terminal.json(result);
  else terminal.line(result.banned === 0 ? 'No ban was held back.' : `${result.banned} banned in ${jail}.`);
  return result.banned === 0 ? EXIT.notFound : EXIT.ok;
}
