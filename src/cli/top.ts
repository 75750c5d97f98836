/**
 * `bailiff top`: which addresses, names and jails fail most.
 * Takes the socket and how many to show; prints; gives the exit status.
 */
import type { TopEntry } from '../control/answers.js';
import { request } from '../control/client.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';
import { timeText } from './time-text.js';

export async function top(limit: number, options: AskOptions): Promise<number> {
  const { terminal, socketPath, json } = options;
  const report = await request(socketPath, { verb: 'top', limit });
  if (json) {
    terminal.json(report);
    return EXIT.ok;
  }
  const rows = (what: string, entries: readonly TopEntry[]): string[][] =>
    entries.map(({ name, failures, bans }) => [what, name, String(failures), String(bans)]);
  terminal.line(`Since ${timeText(report.sinceMs)}`, 'bold');
  terminal.table(
    ['WHAT', 'NAME', 'FAILURES', 'BANS'],
    [...rows('address', report.addresses), ...rows('user', report.users), ...rows('jail', report.jails)],
  );
  return EXIT.ok;
}
