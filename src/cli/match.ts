/**
 * `bailiff match FILTER [FILE|-]`: what a filter sees in lines, without daemon, counting or bans.
 * Takes events of `jail/offline.ts`; prints a summary, each line marked up (`--lines`), or one JSON object a line.
 * Gives 0 where a line matched, 1 where none did.
 */
import type { MatchEvent, MatchLine, MatchRequest, MatchSummary } from '../jail/offline-events.js';
import { EXIT } from './exit.js';
import type { PrintOptions } from './options.js';
import { Progress } from './progress.js';
import type { Style, Terminal } from './terminal.js';

const STYLES: Readonly<Partial<Record<MatchLine['verdict'], Style>>> = {
  failure: 'red',
  success: 'green',
  missed: 'dim',
};

export async function match(
  matchLines: (request: MatchRequest) => AsyncIterable<readonly MatchEvent[]>,
  request: MatchRequest,
  { terminal, json }: PrintOptions,
): Promise<number> {
  const progress = new Progress();
  let failures = 0;
  for await (const events of matchLines(request)) {
    for (const event of events) {
      if (event.kind === 'progress') {
        progress.update(event.done, event.total, event.unit);
        continue;
      }
      progress.wipe();
      if (event.kind === 'summary') {
        failures = event.failures;
        if (!json) printSummary(terminal, event);
      } else if (json) terminal.json(lineJson(event));
      else printLine(terminal, event);
    }
  }
  return failures > 0 ? EXIT.ok : EXIT.notFound;
}

/** The object of one line: fields that it has nothing for are left out. */
export function lineJson(line: MatchLine): object {
  const { verdict, timeMs } = line;
  return {
    line: line.line,
    text: line.text,
    match: verdict === 'failure',
    ...(verdict === 'ignored' ? { ignored: true } : {}),
    ...(verdict === 'success' ? { success: true } : {}),
    host: line.host,
    id: line.id,
    user: line.user,
    attempts: line.attempts,
    time: timeMs === undefined || Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString(),
    regex: line.regex,
  };
}

function printLine(terminal: Terminal, line: MatchLine): void {
  const found = [
    line.host,
    line.id === undefined ? undefined : `id ${line.id}`,
    line.user === undefined ? undefined : `user ${line.user}`,
    line.attempts === undefined || line.attempts === 1 ? undefined : `${line.attempts} attempts`,
    line.regex === undefined ? undefined : `expression ${line.regex}`,
  ].filter((part) => part !== undefined);
  const what = found.length === 0 ? '' : ` (${found.join(', ')})`;
  terminal.line(
    `${String(line.line).padStart(6)} ${line.verdict.padEnd(8)} ${line.text}${what}`,
    STYLES[line.verdict],
  );
}

function printSummary(terminal: Terminal, summary: MatchSummary): void {
  const { lines, elapsedMs } = summary;
  const rate =
    elapsedMs > 0 ? `, ${Math.round((lines / elapsedMs) * 1000).toLocaleString('en')} lines a second` : '';
  terminal.line(
    `Filter ${summary.filter}: ${lines} lines in ${(elapsedMs / 1000).toFixed(3)} s${rate}`,
    'bold',
  );
  const counts = {
    failures: summary.failures,
    successes: summary.successes,
    ignored: summary.ignored,
    helpers: summary.helpers,
    missed: summary.missed,
    undated: summary.undated,
  };
  terminal.line(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  );
  terminal.table(
    ['HITS', 'EXPRESSION', ''],
    summary.hits.map(({ list, index, expression, hits }) => [String(hits), `${list} ${index}`, expression]),
  );
}
