/**
 * `bailiff explain ADDR`: why an address is banned or not: evidence, decisions, effects, and when it ends.
 * Takes the address; prints everything the daemon knows of it, oldest first; gives 1 where it knows nothing.
 */
import type { Explanation } from '../control/answers.js';
import { request } from '../control/client.js';
import { EXIT } from './exit.js';
import type { AskOptions } from './options.js';
import type { Terminal } from './terminal.js';
import { timeText, untilText } from './time-text.js';

export async function explain(address: string, options: AskOptions): Promise<number> {
  const { terminal, socketPath, json } = options;
  const explanation = await request(socketPath, { verb: 'explain', address });
  if (json) terminal.json(explanation);
  else print(terminal, explanation);
  return isKnown(explanation) ? EXIT.ok : EXIT.notFound;
}

function isKnown(told: Explanation): boolean {
  const lists = [told.bans, told.history, told.evidence, told.decisions, told.effects, told.ignored];
  return told.knownClient !== null || lists.some((list) => list.length > 0);
}

function print(terminal: Terminal, told: Explanation): void {
  if (!isKnown(told)) return terminal.line(`Nothing is known of ${told.address}.`);
  for (const ban of told.bans)
    terminal.line(
      `${ban.target} is banned in ${ban.jail} since ${timeText(ban.sinceMs)}, ${untilText(ban.untilMs)}.`,
      'red',
    );
  if (told.bans.length === 0) terminal.line(`${told.address} is not banned.`, 'green');
  for (const { jail, because } of told.ignored) terminal.line(`${jail} never counts or bans it: ${because}.`);
  if (told.knownClient !== null) {
    const { user, lastLoginMs } = told.knownClient;
    terminal.line(`It is a known client: ${user ?? 'somebody'} logged in at ${timeText(lastLoginMs)}.`);
  }
  section(
    terminal,
    'Evidence',
    ['TIME', 'JAIL', 'COUNTED', 'USER', 'LINE'],
    told.evidence.map((line) => [
      timeText(line.timeMs),
      line.jail,
      line.counted ? String(line.attempts) : `no: ${line.because ?? 'unknown'}`,
      line.user ?? '',
      line.text,
    ]),
  );
  section(
    terminal,
    'Decisions',
    ['TIME', 'JAIL', 'DECISION', 'WHY'],
    told.decisions.map(({ timeMs, jail, kind, text }) => [timeText(timeMs), jail, kind, text]),
  );
  section(
    terminal,
    'Effects',
    ['TIME', 'JAIL', 'ACTION', 'STATE', 'WHAT'],
    told.effects.map(({ timeMs, jail, action, state, text }) => [
      timeText(timeMs),
      jail,
      action,
      state,
      text,
    ]),
  );
  section(
    terminal,
    'Earlier bans',
    ['BANNED', 'JAIL', 'SINCE', 'ENDED', 'WHY', 'FAILURES'],
    told.history.map((ban) => [
      ban.target,
      ban.jail,
      timeText(ban.sinceMs),
      ban.endedAtMs === null ? '' : timeText(ban.endedAtMs),
      ban.endedWhy ?? '',
      String(ban.failures),
    ]),
  );
}

function section(
  terminal: Terminal,
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (rows.length === 0) return;
  terminal.line();
  terminal.line(title, 'bold');
  terminal.table(header, rows);
}
