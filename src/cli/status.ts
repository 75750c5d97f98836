/**
 * `bailiff status [JAIL]`: what the daemon is and hears now, or one jail in full.
 * Takes the socket and a jail's name; prints; gives the exit status.
 */
import { request } from '../control/client.js';
import type { JailStatus } from '../control/reports.js';
import { EXIT } from './exit.js';
import { printStatus, watchesText } from './jail-table.js';
import type { AskOptions } from './options.js';
import { spanText } from '../lib/span-text.js';
import { timeText, untilText } from './time-text.js';

export async function status(jail: string | undefined, options: AskOptions): Promise<number> {
  const { terminal, socketPath, json } = options;
  if (jail === undefined) {
    const report = await request(socketPath, { verb: 'status' });
    if (json) terminal.json(report);
    else printStatus(terminal, report);
    return EXIT.ok;
  }
  const report = await request(socketPath, { verb: 'jail', jail });
  if (json) terminal.json(report);
  else printJail(options, report);
  return EXIT.ok;
}

function printJail({ terminal }: AskOptions, jail: JailStatus): void {
  const { settings, hears } = jail;
  const heard = hears.lastHeardAtMs === null ? '' : `, last at ${timeText(hears.lastHeardAtMs)}`;
  const prefix = `IPv6 by /${settings.ipv6prefix}`;
  const find = `${settings.maxretry} failures in ${spanText(settings.findtimeSeconds)}`;
  terminal.line(`Jail ${jail.name}`, 'bold');
  const fields: (readonly [string, string])[] = [
    ...(jail.outdated === null ? [] : [['outdated', outdatedText(jail.outdated)] as const]),
    ['filter', jail.filter],
    ['watches', watchesText(jail)],
    ['hears', `${hears.state}: ${hears.text}${heard}`],
    ['counts', `${find}, ${prefix}`],
    ['bans', spanText(settings.bantimeSeconds)],
    ...jail.enforces.map(
      (action) =>
        [
          'enforces',
          `${action.action}${action.ports === null ? '' : ` ${action.ports}`}: ${action.state}: ${action.detail}`,
        ] as const,
    ),
    ['failed', `${jail.currentlyFailed} now, ${jail.totalFailed} in all`],
    ['banned', `${jail.currentlyBanned} now, ${jail.totalBanned} in all`],
    ...jail.dropped
      .filter(({ packets }) => packets > 0)
      .map(({ set, packets, bytes }) => ['dropped', `${packets} packets, ${bytes} bytes by ${set}`] as const),
    ...(jail.heldBack === 0 ? [] : [['held back', `${jail.heldBack} addresses`] as const]),
  ];
  for (const [name, text] of fields) terminal.line(`${`${name}:`.padEnd(10)}${text}`);
  if (jail.banned.length === 0) return;
  terminal.line();
  terminal.table(
    ['BANNED', 'SINCE', 'UNTIL', 'FAILURES', 'BY'],
    jail.banned.map((ban) => [
      ban.target,
      timeText(ban.sinceMs),
      untilText(ban.untilMs),
      String(ban.failures),
      ban.origin,
    ]),
  );
}

function outdatedText(because: string): string {
  return `it runs on with its last valid configuration; the new one is wrong: ${because}`;
}
