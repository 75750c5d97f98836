/**
 * `bailiff ban JAIL ADDR…`: bans by hand, at once, for the jail's time or the one given.
 * Takes targets as written; prints what became of each; gives 0, or 1 where one was refused.
 */
import type { BanOutcome } from '../control/answers.js';
import { request } from '../control/client.js';
import { batches } from './batches.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';

export async function ban(
  jail: string,
  targets: readonly string[],
  forSeconds: number | undefined,
  options: AskOptions,
): Promise<number> {
  const { terminal, socketPath, json } = options;
  const outcomes: BanOutcome[] = [];
  for (const batch of batches(targets)) {
    const time = forSeconds === undefined ? {} : { forSeconds };
    const result = await request(socketPath, { verb: 'ban', jail, targets: batch, ...time });
    outcomes.push(...result.targets);
  }
  const banned = outcomes.filter(({ outcome }) => outcome === 'banned').length;
  if (json) terminal.json({ banned, targets: outcomes });
  else for (const outcome of outcomes) terminal.line(outcomeText(jail, outcome));
  return outcomes.some(({ outcome }) => outcome === 'refused') ? EXIT.notFound : EXIT.ok;
}

function outcomeText(jail: string, { target, outcome, because }: BanOutcome): string {
  switch (outcome) {
    case 'banned':
      return `${target}: banned in ${jail}`;
    case 'prolonged':
      return `${target}: was banned in ${jail} already; stays so for longer`;
    case 'already':
      return `${target}: already banned in ${jail}`;
    default:
      return `${target}: refused: ${because ?? 'no reason given'}`;
  }
}
