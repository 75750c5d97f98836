/**
 * `bailiff unban ADDR… [--jail J]` and `unban --all`: lifts bans.
 * Takes targets as written; prints where each was lifted; gives 0, or 1 where one was not banned.
 */
import type { UnbanResult } from '../control/answers.js';
import { request } from '../control/client.js';
import { batches } from './batches.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';

export async function unban(
  targets: readonly string[],
  jail: string | undefined,
  options: AskOptions,
): Promise<number> {
  const lifted: UnbanResult['targets'][number][] = [];
  let unbanned = 0;
  for (const batch of batches(targets)) {
    const where = jail === undefined ? {} : { jail };
    const result = await request(options.socketPath, { verb: 'unban', targets: batch, ...where });
    lifted.push(...result.targets);
    unbanned += result.unbanned;
  }
  print(options, { unbanned, targets: lifted });
  return lifted.every(({ jails }) => jails.length > 0) ? EXIT.ok : EXIT.notFound;
}

/** Lifts every ban of every jail. */
export async function unbanAll(options: AskOptions): Promise<number> {
  print(options, await request(options.socketPath, { verb: 'unban-all' }));
  return EXIT.ok;
}

function print({ terminal, json }: AskOptions, result: UnbanResult): void {
  if (json) return terminal.json(result);
  for (const { target, jails } of result.targets)
    terminal.line(`${target}: ${jails.length > 0 ? `unbanned in ${jails.join(', ')}` : 'not banned'}`);
  if (result.targets.length === 0) terminal.line('Nobody is banned.');
}
