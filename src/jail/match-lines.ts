/**
 * `match`: hands every line of an input to one filter and tells what it sees in each.
 * Takes a request; gives events in batches, the summary last. Which text the input is, a journal's or a log file's, is
 * found out from its first lines. Does not count.
 */
import { readFilterCall } from '../config/filter-call.js';
import { Filter } from '../filter/filter.js';
import type { FilterOptions } from '../filter/match.js';
import type { LineVerdict } from '../filter/verdict.js';
import type { Line } from '../source/lines.js';
import type { ExpressionHits, MatchEvent, MatchLine, MatchRequest } from './offline-events.js';
import { openInput } from './offline-input.js';

const SAMPLE_LINES = 200;

export async function* matchLines(request: MatchRequest): AsyncGenerator<readonly MatchEvent[]> {
  const startMs = performance.now();
  const options = readFilterCall(request.filter, request);
  const tally = new Tally();
  let filter: Filter | undefined;
  for await (const lines of openInput(request.input)) {
    filter ??= chooseFilter(options, lines);
    const events: MatchEvent[] = [];
    for (const line of lines) {
      const event = matchLine(filter, line, tally.next());
      tally.add(event, filter);
      if (request.eachLine) events.push(event);
    }
    events.push({ kind: 'progress', done: tally.lines, total: undefined, unit: 'lines' });
    yield events;
  }
  filter ??= new Filter(options.file, { now: () => Date.now() });
  yield [tally.summary(filter, performance.now() - startMs)];
}

/** The text of a journal has no date; where the first lines do not tell, what the filter recognises does. */
function chooseFilter(
  options: { journal: FilterOptions; file: FilterOptions },
  lines: readonly Line[],
): Filter {
  const sample = lines.slice(0, SAMPLE_LINES);
  const recognised = (candidate: FilterOptions): number => {
    const filter = new Filter(candidate, { now: () => Date.now() });
    return sample.filter((line) => filter.examine(timed(line, candidate)).recognised).length;
  };
  const [journal, file] = [recognised(options.journal), recognised(options.file)];
  const dated = new Filter(options.file, { now: () => Date.now() });
  const hasDates = sample.some((line) => Number.isNaN(line.timeMs) && dated.examine(line).dated);
  const isJournal = journal > file || (journal === file && !hasDates);
  return new Filter(isJournal ? options.journal : options.file, { now: () => Date.now() });
}

function timed(line: Line, { logtype }: FilterOptions): Line {
  if (logtype === 'file') return { ...line, timeMs: Number.NaN };
  return Number.isNaN(line.timeMs) ? { ...line, timeMs: Date.now() } : line;
}

function matchLine(filter: Filter, line: Line, number: number): MatchLine {
  const isUndated = Number.isNaN(line.timeMs) && filter.logtype === 'journal';
  const verdict = filter.examine(isUndated ? { ...line, timeMs: Date.now() } : line);
  const { judgement } = verdict;
  const match = judgement?.match;
  return {
    kind: 'line',
    line: number,
    text: line.text,
    verdict: wordFor(verdict),
    host: match === undefined ? undefined : (match.address ?? match.id),
    id: match === undefined || match.id === match.address ? undefined : match.id,
    user: match?.user ?? judgement?.data['user'],
    attempts: match?.attempts,
    timeMs: isUndated || !verdict.dated ? undefined : verdict.timeMs,
    regex: judgement?.expression,
  };
}

function wordFor({ judgement }: LineVerdict): MatchLine['verdict'] {
  if (judgement === undefined || judgement.outcome === 'invalid') return 'missed';
  return judgement.outcome;
}

class Tally {
  lines = 0;
  readonly #counts = { failure: 0, success: 0, ignored: 0, helper: 0, pending: 0, missed: 0 };
  #undated = 0;

  next(): number {
    this.lines += 1;
    return this.lines;
  }

  add({ verdict, timeMs }: MatchLine, filter: Filter): void {
    this.#counts[verdict] += 1;
    if (timeMs === undefined && filter.logtype === 'file') this.#undated += 1;
  }

  summary(filter: Filter, elapsedMs: number): MatchEvent {
    const { failure, success, ignored, helper, pending, missed } = this.#counts;
    return {
      kind: 'summary',
      filter: filter.name,
      lines: this.lines,
      failures: failure,
      successes: success,
      ignored,
      helpers: helper + pending,
      missed,
      undated: this.#undated,
      hits: hitsOf(filter),
      elapsedMs,
    };
  }
}

function hitsOf({ expressions }: Filter): readonly ExpressionHits[] {
  const { prefregex, failregex, ignoreregex, successregex } = expressions;
  return [prefregex ?? [], failregex, ignoreregex, successregex]
    .flat()
    .map(({ list, index, text, hits }) => ({ list, index, expression: text, hits }));
}
