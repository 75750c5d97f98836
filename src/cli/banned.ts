/**
 * `bailiff banned [JAIL]`: who is kept out now, by which jail, until when.
 * Takes the socket and a jail's name; prints; gives the exit status.
 */
import { request } from '../control/client.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';
import { timeText, untilText } from './time-text.js';

export async function banned(jail: string | undefined, options: AskOptions): Promise<number> {
  const { terminal, socketPath, json } = options;
  const report = await request(
    socketPath,
    jail === undefined ? { verb: 'banned' } : { verb: 'banned', jail },
  );
  if (json) {
    terminal.json(report);
    return EXIT.ok;
  }
  const rows = report.jails.flatMap(({ jail, banned }) =>
    banned.map((ban) => [
      ban.target,
      jail,
      timeText(ban.sinceMs),
      untilText(ban.untilMs),
      String(ban.failures),
      ban.origin,
    ]),
  );
  if (rows.length > 0) terminal.table(['BANNED', 'JAIL', 'SINCE', 'UNTIL', 'FAILURES', 'BY'], rows);
  else if (terminal.interactive) terminal.line('Nobody is banned.');
  return EXIT.ok;
}
