/**
 * One filter: which line is evidence against, or for, whom.
 * Takes lines in order; gives Matches. Remembers connections and the last date; knows nothing of counting or banning.
 * Which lines are worth its while is found for all filters at once, see candidates.ts.
 */
import { compileNow } from '../lib/python-regex/linear-fallback.js';
import type { Line } from '../source/lines.js';
import { ByteJudge } from './byte-judge.js';
import { type Candidates, NO_CANDIDATES } from './candidates.js';
import type { ConnectionChange, KeptConnections } from './connections.js';
import { Decider } from './decider.js';
import type { Decision } from './decision.js';
import { EventTime, type TimedText } from './event-time.js';
import { compileExpressions, type Expressions } from './expressions.js';
import { type Hit, Judge } from './judge.js';
import { LineBuffer } from './line-buffer.js';
import { boundLine, LONGEST_WHOLE } from './long-lines.js';
import type { FilterOptions, Match } from './match.js';
import { type Requirement, requirementsOf, requirementsOfOneLine, withoutConditions } from './requirement.js';
import type { HeardLine, LineBytes, Surroundings } from './surroundings.js';
import type { FilterCounts, Judgement, LineVerdict } from './verdict.js';

export interface FilterEnvironment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** One slot, shared with who watches: the position in `expressions.all` of the one that is being tried. */
  readonly standing?: Int32Array;
  /** What is made of every expression before it is tried on lines: one that gives up. */
  readonly limit?: (regex: RegExp) => RegExp;
  /** Whether `takeChanges` will be called. */
  readonly tellsChanges?: boolean;
  /** How often an expression is tried on texts before it is written for bytes; for comparison. */
  readonly bytesAfter?: number | undefined;
  /** false: an expression is tried on every text, whatever the text begins with; for comparison. */
  readonly choosy?: boolean;
}

export class Filter {
  readonly name: string;
  readonly logtype: FilterOptions['logtype'];
  readonly expressions: Expressions;
  readonly counts: FilterCounts = { shortened: 0, invalid: 0, undated: 0 };
  readonly #now: () => number;
  readonly #judge: Judge;
  /** undefined: only texts are judged. */
  readonly #byteJudge: ByteJudge | undefined;
  readonly #times: EventTime;
  readonly #decider: Decider;
  /** undefined: one line at a time. */
  readonly #buffer: LineBuffer | undefined;
  /** What a line must hold for each expression to be worth trying. */
  readonly requirements: readonly Requirement[];
  /** The same where the lines before it can be asked for: then a line is buffered when another one is worth trying. */
  readonly requirementsAmongLines: readonly Requirement[];
  /** By stream: which line comes next to the buffer. */
  readonly #bufferedTo = new WeakMap<object, number>();

  /** Throws BailiffError `filter.regex`, `filter.no-address-group` or `filter.datepattern`. */
  constructor(options: FilterOptions, environment: FilterEnvironment) {
    this.name = options.name;
    this.logtype = options.logtype;
    this.expressions = compileExpressions(options, environment.limit);
    this.#now = () => environment.now();
    this.#decider = new Decider(this.expressions.groupNames, this.counts, {
      isRaw: options.usedns === 'raw',
      tellsChanges: environment.tellsChanges === true,
      now: this.#now,
    });
    this.#judge = new Judge(
      this.expressions,
      environment.standing ?? new Int32Array(1),
      environment.choosy !== false,
    );
    const isPlain =
      options.maxlines === 1 && options.ignoreregex.length === 0 && environment.choosy !== false;
    this.#byteJudge = isPlain ? new ByteJudge(this.expressions, environment.bytesAfter) : undefined;
    this.#times = new EventTime(options, environment.now());
    this.#buffer = options.maxlines > 1 ? new LineBuffer(options.maxlines) : undefined;
    // A buffered line may be needed by a later one, whatever it says.
    const requirements = requirementsOf(this.expressions);
    const isBuffered = this.#buffer !== undefined;
    this.requirements = isBuffered ? withoutConditions(requirements) : requirements;
    this.requirementsAmongLines = isBuffered ? requirementsOfOneLine(requirements) : requirements;
  }

  /** Lets V8 compile every expression now; it does so at the first attempt, which would be in the middle of an attack. */
  warm(): void {
    for (const { regex } of this.expressions.all) compileNow(regex);
    if (this.logtype === 'file') this.#times.warm(this.#now());
  }

  /**
   * Adds what the line proves to `out`; whether any expression recognised it. With `candidates` only those expressions
   * are tried. `around`: what stands around the line.
   */
  hear(line: HeardLine, out: Match[], candidates?: Candidates, around?: Surroundings): boolean {
    if (this.#byteJudge !== undefined && line.bytes !== undefined && candidates !== undefined) {
      const isHit = this.#hearBytes(this.#byteJudge, line, line.bytes, out, candidates, around);
      if (isHit !== undefined) return isHit;
    }
    const text = this.#bound(line.text);
    let body = text;
    let { timeMs } = line;
    let isDated = true;
    if (Number.isNaN(timeMs))
      ({ text: body, timeMs, dated: isDated } = this.#times.of(text, this.#now(), around, line.bytes));
    const hit =
      this.#buffer === undefined
        ? this.#judge.try(body, candidates)
        : this.#tryBuffered(this.#buffer, body, text, candidates, around);
    if (hit === undefined) return false;
    const { match } = this.#decider.decide(hit, this.#evidence(hit, text), timeMs, isDated);
    if (match !== undefined) out.push(match);
    return true;
  }

  /** The same by the bytes of the line; undefined: they do not tell. */
  #hearBytes(
    judge: ByteJudge,
    line: HeardLine,
    bytes: LineBytes,
    out: Match[],
    candidates: Candidates,
    around: Surroundings | undefined,
  ): boolean | undefined {
    let { timeMs } = line;
    let { start } = bytes;
    if (bytes.end - start > LONGEST_WHOLE) return undefined;
    if (Number.isNaN(timeMs)) {
      timeMs = this.#times.ofBytes(bytes, this.#now(), around);
      start += this.#times.stampEnd;
      if (Number.isNaN(timeMs) || start === bytes.start) return undefined;
    }
    const isHit = judge.try(bytes, start, candidates);
    const expression = isHit === true ? judge.hit : undefined;
    if (expression === undefined) return isHit;
    const { serial } = bytes;
    const { match } =
      this.#decider.recall(serial, expression, timeMs) ??
      this.#decider.decideOnce(serial, { expression, groups: judge.groups() }, line.text, timeMs);
    if (match !== undefined) out.push(match);
    return true;
  }

  /** On how many lines its expressions are tried at once. */
  get linesAtOnce(): number {
    return this.#buffer?.most ?? 1;
  }

  /**
   * Whether a line may match together with what is buffered, whatever it says; then it is to be heard, without candidates
   * as `NO_CANDIDATES`.
   */
  get isWaiting(): boolean {
    return this.#buffer?.isTelling === true;
  }

  /** Passes over a line for which no expression is a candidate: its stamp may be the time of the next ones. */
  pass(line: Line): void {
    if (Number.isNaN(line.timeMs)) this.#times.skip(line.text, this.#now);
  }

  /** The same as `hear`, telling everything; meant for people, so with all expressions. */
  examine(line: Line): LineVerdict {
    const text = this.#bound(line.text);
    const timed = this.#timed(text, line.timeMs);
    const hit =
      this.#buffer === undefined
        ? this.#judge.try(timed.text)
        : this.#tryBuffered(this.#buffer, timed.text, text, undefined, undefined);
    const judged =
      hit === undefined
        ? undefined
        : this.#decider.decide(hit, this.#evidence(hit, text), timed.timeMs, timed.dated);
    return {
      recognised: hit !== undefined,
      prefregex: this.expressions.prefregex === undefined ? undefined : this.#judge.prefixed,
      judgement: judged === undefined ? undefined : this.#told(judged),
      timeMs: timed.timeMs,
      dated: timed.dated,
    };
  }

  /** What changed of the connections since that was last asked for. */
  takeChanges(): readonly ConnectionChange[] {
    return this.#decider.connections.takeChanges();
  }

  /** What is remembered of connections. */
  get connections(): KeptConnections {
    return this.#decider.connections.all();
  }

  /** Takes over what a filter with the same options remembered. */
  restore(connections: KeptConnections): void {
    this.#decider.connections.restore(connections);
  }

  #tryBuffered(
    buffer: LineBuffer,
    body: string,
    text: string,
    candidates: Candidates | undefined,
    around: Surroundings | undefined,
  ): Hit | undefined {
    if (around !== undefined) this.#catchUp(buffer, around);
    buffer.add(body, text, candidates !== NO_CANDIDATES);
    return this.#judge.try(buffer.text);
  }

  /** Buffers the lines before this one that nobody needed. */
  #catchUp(buffer: LineBuffer, around: Surroundings): void {
    const { stream, number } = around;
    const texts = [...around.earlier(Math.max(this.#bufferedTo.get(stream) ?? 0, number - buffer.most))];
    for (const text of texts.reverse().map((line) => this.#bound(line)))
      buffer.add(this.#times.textOf(text, this.#now()), text, false);
    this.#bufferedTo.set(stream, number + 1);
  }

  #bound(text: string): string {
    const bounded = boundLine(text);
    if (bounded.length !== text.length) this.counts.shortened += 1;
    return bounded;
  }

  #timed(text: string, timeMs: number): TimedText {
    if (Number.isNaN(timeMs)) return this.#times.of(text, this.#now());
    return { text, timeMs, dated: true };
  }

  /** The text that a match is evidence of: the line, or those of the buffer, which are used up. */
  #evidence(hit: Hit, text: string): string {
    if (this.#buffer === undefined) return text;
    const lines = this.#buffer.use(hit.match, this.expressions.groupNames.record(hit.groups));
    return lines.length > 1 ? lines.join('\n') : text;
  }

  /** With the groups by name. */
  #told({ groups, ...decision }: Decision): Judgement {
    return { ...decision, data: this.expressions.groupNames.record(groups) };
  }
}
