/**
 * `bailiff replay`: recorded logs through the whole way, with their own time as the clock and no effects.
 * Takes events of `jail/offline.ts`; prints one a line, as text or JSON, the summary last.
 */
import type { ReplayEvent, ReplayRequest, ReplaySummary } from '../jail/offline-events.js';
import { EXIT } from './exit.js';
import type { PrintOptions } from './options.js';
import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';
import { timeText, untilText } from './time-text.js';

export async function replay(
  replayRecording: (request: ReplayRequest) => AsyncIterable<readonly ReplayEvent[]>,
  request: ReplayRequest,
  { terminal, json }: PrintOptions,
): Promise<number> {
  const progress = new Progress();
  for await (const events of replayRecording(request)) {
    const told = events.flatMap((event) => (event.kind === 'progress' ? [] : [event]));
    if (told.length > 0) progress.wipe();
    if (json) terminal.json(...told.map(eventJson));
    else for (const event of told) printEvent(terminal, event);
    const last = events.findLast((event) => event.kind === 'progress');
    if (last !== undefined) progress.update(last.done, last.total, last.unit);
  }
  progress.wipe();
  return EXIT.ok;
}

type Told = Exclude<ReplayEvent, { readonly kind: 'progress' }>;

/** The object of one event: times are ISO 8601 in UTC, `until` is null for a ban without end. */
export function eventJson(event: Told): object {
  switch (event.kind) {
    case 'ban': {
      const { kind, jail, address, failures, evidence } = event;
      return { kind, time: iso(event.timeMs), jail, address, until: iso(event.untilMs), failures, evidence };
    }
    case 'unban': {
      const { kind, jail, address, why } = event;
      return { kind, time: iso(event.timeMs), jail, address, why };
    }
    case 'summary': {
      const { fromMs, toMs, ...rest } = event;
      return { ...rest, from: iso(fromMs), to: iso(toMs) };
    }
    default:
      return event;
  }
}

function iso(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

function printEvent(terminal: Terminal, event: Told): void {
  switch (event.kind) {
    case 'ban': {
      const end = untilText(event.untilMs ?? null);
      terminal.line(
        `${timeText(event.timeMs)} ${event.jail}: ban ${event.address} ${end} (${event.failures} failures)`,
        'red',
      );
      return;
    }
    case 'unban':
      terminal.line(`${timeText(event.timeMs)} ${event.jail}: unban ${event.address} (${event.why})`);
      return;
    case 'notice':
      terminal.complain(`${event.level}: ${event.text}`);
      return;
    default:
      printSummary(terminal, event);
  }
}

function printSummary(terminal: Terminal, summary: ReplaySummary): void {
  const { lines, elapsedMs, fromMs, toMs } = summary;
  const rate =
    elapsedMs > 0 ? `, ${Math.round((lines / elapsedMs) * 1000).toLocaleString('en')} lines a second` : '';
  const span = fromMs === undefined || toMs === undefined ? '' : `, ${timeText(fromMs)} to ${timeText(toMs)}`;
  terminal.line(`${lines} lines${span} in ${(elapsedMs / 1000).toFixed(3)} s${rate}`, 'bold');
  terminal.line(`failures ${summary.failures}, bans ${summary.bans}, unbans ${summary.unbans}`);
  terminal.table(
    ['JAIL', 'LINES', 'RECOGNISED', 'FAILURES', 'BANS'],
    summary.jails.map(({ jail, lines, recognised, failures, bans }) =>
      [jail, lines, recognised, failures, bans].map(String),
    ),
  );
}
