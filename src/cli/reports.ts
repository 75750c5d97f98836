/**
 * `bailiff reports`: what was reported, what waits and what would be sent; sends at once, takes back.
 * Takes the socket, or events of a preview over recordings; prints; gives the exit status.
 */
import { request } from '../control/client.js';
import type { SentReport } from '../control/outgoing-answers.js';
import type { PreviewedReport, PreviewEvent } from '../jail/report-preview.js';
import { EXIT } from './exit.js';
import type { AskOptions, PrintOptions } from './options.js';
import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';
import { timeText } from './time-text.js';

export async function reportsList(
  limit: number,
  { terminal, socketPath, json }: AskOptions,
): Promise<number> {
  const told = await request(socketPath, { verb: 'reports', limit });
  if (json) terminal.json(told);
  else {
    terminal.line(`${told.state}: ${told.detail}`, 'bold');
    if (Object.keys(told.counters).length > 0) terminal.line(countersText(told.counters));
    for (const { state, detail, counters } of told.receivers)
      terminal.line(
        `${state}: ${[detail, countersText(counters)].filter((text) => text !== '').join('; ')}`,
        'bold',
      );
    terminal.table(
      ['WHERE', 'ADDRESS', 'JAIL', 'BANNED', 'STATE', 'SENT', 'ANSWER', 'WHAT'],
      told.entries.map((entry) => [
        entry.courier,
        entry.address,
        entry.jail,
        timeText(entry.writtenAtMs),
        entry.state,
        entry.askedAtMs === null ? `due ${timeText(entry.dueAtMs)}` : timeText(entry.askedAtMs),
        entry.answer ?? '',
        entry.report === null ? (entry.title ?? '') : wordsOf(entry.report),
      ]),
    );
  }
  return EXIT.ok;
}

function countersText(counters: Readonly<Record<string, number>>): string {
  return Object.entries(counters)
    .map(([state, entries]) => `${entries} ${state}`)
    .join(', ');
}

/** What waits in the daemon. */
export async function reportsPreview(
  limit: number,
  { terminal, socketPath, json }: AskOptions,
): Promise<number> {
  const told = await request(socketPath, { verb: 'reports-preview', limit });
  if (json) terminal.json(told);
  else for (const { report, ...entry } of told.entries) printPreview(terminal, { ...entry, report });
  return EXIT.ok;
}

/** What a recorded day would have come to. */
export async function reportsPreviewOf(
  events: AsyncIterable<PreviewEvent>,
  { terminal, json }: PrintOptions,
): Promise<number> {
  const progress = new Progress();
  const counts = { sent: 0, declined: new Map<string, number>() };
  for await (const event of events) {
    if (event.kind === 'progress') {
      progress.update(event.done, event.total, event.unit);
      continue;
    }
    progress.wipe();
    if (event.kind === 'notice') {
      if (json) terminal.json(event);
      else terminal.complain(`${event.level}: ${event.text}`);
      continue;
    }
    if (event.report === undefined) {
      const rule = event.because?.split(':')[0] ?? '';
      counts.declined.set(rule, (counts.declined.get(rule) ?? 0) + 1);
    } else counts.sent += 1;
    if (json) terminal.json(previewJson(event));
    else printPreview(terminal, { ...event, report: event.report ?? null, because: event.because ?? null });
  }
  progress.wipe();
  const counters = Object.fromEntries(counts.declined);
  if (json) terminal.json({ kind: 'summary', sent: counts.sent, counters });
  else {
    const not = Object.entries(counters).map(([rule, entries]) => `${entries} ${rule}`);
    terminal.line(`${counts.sent} would be sent; not sent: ${not.join(', ') || 'none'}`, 'bold');
  }
  return EXIT.ok;
}

export async function reportsFlush({ terminal, socketPath, json }: AskOptions): Promise<number> {
  const told = await request(socketPath, { verb: 'reports-flush' });
  if (json) terminal.json(told);
  else terminal.line(`${told.hastened} were held back; all that wait are sent now.`);
  return EXIT.ok;
}

export async function reportsForget(
  address: string,
  { terminal, socketPath, json }: AskOptions,
): Promise<number> {
  const told = await request(socketPath, { verb: 'reports-forget', address });
  if (json) terminal.json(told);
  else {
    terminal.line(`${told.address}: ${told.cancelled} that waited are not sent.`);
    if (told.sent > 0)
      terminal.line(
        `${told.sent} were sent before: AbuseIPDB's page lets you delete your reports of it.`,
        'yellow',
      );
  }
  return told.cancelled > 0 ? EXIT.ok : EXIT.notFound;
}

/** The object of one previewed report: times are ISO 8601 in UTC. */
export function previewJson({ kind, atMs, address, jails, report, because }: PreviewedReport): object {
  const time = new Date(atMs).toISOString();
  return { kind, time, address, jails, report: report ?? null, because: because ?? null };
}

interface Shown {
  readonly atMs: number;
  readonly address: string;
  readonly jails: readonly string[];
  readonly report: SentReport | null;
  readonly because: string | null;
}

function printPreview(terminal: Terminal, { atMs, address, jails, report, because }: Shown): void {
  const what = report === null ? `not sent: ${because ?? ''}` : wordsOf(report);
  terminal.line(
    `${timeText(atMs)} ${address} (${jails.join(', ')}): ${what}`,
    report === null ? undefined : 'green',
  );
}

function wordsOf({ categories, comment }: SentReport): string {
  return `[${categories.join(',')}] ${comment}`;
}
