/**
 * What `fail2ban-regex` adds up: hits of each expression, and the lines that matched, were missed or ignored.
 * Takes tried lines; keeps as many of them as will be printed.
 */
import type { Fields, Finding, TriedLine } from '../jail/regex-trial-request.js';
import { isLines } from './field-repr.js';
import type { RegexOptions } from './fail2ban-regex-options.js';

export type LineKind = 'matched' | 'missed' | 'ignored';

export interface KeptLine {
  readonly text: string;
  /** What debuggex.com is shown: of several lines all, without their stamps. */
  readonly sample: string;
}

export interface Hit {
  readonly finding: Finding;
  /** Whether expressions before it had found the line as well. */
  readonly again: boolean;
}

export class RegexTally {
  readonly counts = { tested: 0, matched: 0, missed: 0, ignored: 0 };
  readonly kept: Readonly<Record<LineKind, KeptLine[]>> = { matched: [], missed: [], ignored: [] };
  /** How often each failregex matched. */
  readonly failHits: number[];
  /** With `-v`, what each found. */
  readonly hits: readonly Hit[][];
  readonly ignoreHits: number[];
  prefixed = 0;
  readonly prefixes: (Fields | '...')[] = [];
  /** More lines of a kind than this are not printed unless asked for. */
  readonly most: number;
  readonly #options: RegexOptions;

  constructor(failregexes: number, ignoreregexes: number, options: RegexOptions) {
    this.failHits = Array.from({ length: failregexes }, () => 0);
    this.hits = Array.from({ length: failregexes }, () => []);
    this.ignoreHits = Array.from({ length: ignoreregexes }, () => 0);
    this.#options = options;
    this.most = options.maxlines > 0 ? options.maxlines : 20;
  }

  add(line: TriedLine): void {
    for (const index of line.ignoredBy) this.ignoreHits[index] = (this.ignoreHits[index] ?? 0) + 1;
    let failures = 0;
    let isIgnored = line.ignoredBy.length > 0;
    for (const finding of line.findings) {
      this.#addHit(finding, failures > 1);
      if (isHelper(finding)) isIgnored = true;
      else failures += 1;
    }
    this.#addPrefix(line.prefix);
    const sample = this.#takeBack(line);
    this.counts.tested += 1;
    const kind = isIgnored ? 'ignored' : failures > 0 ? 'matched' : 'missed';
    this.counts[kind] += 1;
    if (this.#keeps(kind)) this.kept[kind].push({ text: line.text, sample });
  }

  #addHit(finding: Finding, again: boolean): void {
    const { expression } = finding;
    this.failHits[expression] = (this.failHits[expression] ?? 0) + 1;
    if (this.#options.verbose > 0) this.hits[expression]?.push({ finding, again });
  }

  #addPrefix(prefix: Fields | undefined): void {
    if (prefix === undefined) return;
    this.prefixed += 1;
    if (this.#options.verbose === 0 || this.prefixes.length > this.most) return;
    this.prefixes.push(this.prefixes.length === this.most ? '...' : prefix);
  }

  /** Takes back the lines that counted as missed until this one completed them; gives the text that matched. */
  #takeBack({ usedUp, text: own, stripped: end }: TriedLine): string {
    const { printAll, debuggex } = this.#options;
    const before: string[] = [];
    for (const line of usedUp) {
      const text = line.join('');
      const at = this.kept.missed.findIndex((missed) => missed.text === text);
      if (at >= 0) this.kept.missed.splice(at, 1);
      if (printAll.has('matched')) {
        if (debuggex) before.push(line[0] + line[2]);
        else this.kept.matched.push({ text, sample: text });
      }
      this.counts.matched += 1;
      this.counts.missed -= 1;
    }
    return before.length === 0 ? own : [...before, end].join('\n');
  }

  #keeps(kind: LineKind): boolean {
    const { printAll, printNo } = this.#options;
    if (kind === 'matched') return printAll.has(kind);
    return !printNo.has(kind) && (printAll.has(kind) || this.counts[kind] <= this.most + 1);
  }
}

/** A match that is no failure by itself. */
export function isHelper({ fields }: Finding): boolean {
  const helper = fields.get('nofail');
  return helper !== undefined && helper !== null && helper !== '' && !isLines(helper);
}
