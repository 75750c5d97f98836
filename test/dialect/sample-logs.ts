/**
 * Fail2Ban's own sample logs: log lines with comments that say what a filter has to see in them.
 * Takes the file of a filter (and those it adds); gives the checks, one for each line and set of options.
 * Source: the control lines as Fail2Ban's FILTERS document describes them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Check {
  readonly file: string;
  /** 1-based line of the log line. */
  readonly lineNumber: number;
  readonly text: string;
  /** The filter's parameters; the same object for all checks of one instance. */
  readonly options: Readonly<Record<string, string>>;
  readonly match: boolean;
  /** Local wall time, if the sample names one. */
  readonly time: string | undefined;
  /** What else it names: host, user, users, attempts, dns … */
  readonly expected: Readonly<Record<string, unknown>>;
}

type Options = Readonly<Record<string, string>>;
type Expectation = Readonly<Record<string, unknown>>;

const CONTROL = /^#+ ?(failJSON|filterOptions|fileOptions|addFILE):(.+)$/;
const NOT_COMPARED = new Set(['time', 'match', 'desc', 'constraint']);

/** Every check of a filter, in order. */
export function checksOf(filter: string, logs: string): readonly Check[] {
  const checks: Check[] = [];
  const files = [filter];
  let common: Options = {};
  // Which options hold goes on from one file to the next.
  let active: readonly Options[] = [{}];
  for (const file of files) {
    let ignored = false;
    const lines = readFileSync(join(logs, file), 'utf8').split(/\r?\n/);
    for (let at = 0; at < lines.length; at += 1) {
      const control = CONTROL.exec(lines[at] ?? '');
      let expectation: Expectation = {};
      if (control !== null) {
        const [, word, json = ''] = control;
        const value: unknown = JSON.parse(json);
        if (word === 'addFILE') files.push(String(value));
        if (word === 'fileOptions') common = value as Options;
        if (word === 'filterOptions') {
          const sets = (Array.isArray(value) ? value : [value]) as readonly Options[];
          const merged = sets.map((set): Options => ({ ...common, ...set }));
          active = merged.filter((set) => holds(set['test.condition'], filter, set));
          ignored = active.length === 0;
        }
        if (word !== 'failJSON') continue;
        expectation = value as Expectation;
        at += 1;
      } else if (/^(?:#|\s*$)/.test(lines[at] ?? '')) continue;
      if (ignored) continue;
      const constraint = expectation['constraint'];
      for (const options of active) {
        if (!holds(constraint, filter, options)) continue;
        checks.push({
          file,
          lineNumber: at + 1,
          text: (options['test.prefix-line'] ?? '') + (lines[at] ?? ''),
          options,
          match: expectation['match'] === true,
          time: expectation['time'] as string | undefined,
          expected: Object.fromEntries(Object.entries(expectation).filter(([key]) => !NOT_COMPARED.has(key))),
        });
      }
    }
  }
  return checks;
}

/** The few Python expressions that conditions and constraints are. */
function holds(expression: unknown, filter: string, options: Options): boolean {
  if (typeof expression !== 'string') return true;
  const name = /^\s*name\s*==\s*'([^']*)'\s*$/.exec(expression);
  if (name !== null) return name[1] === filter;
  const mode = /^\s*opts\.get\('(\w+)'\)\s*([!=])=\s*'([^']*)'\s*$/.exec(expression);
  if (mode === null) throw new Error(`A condition of another kind: ${expression}`);
  return (options[mode[1] ?? ''] === mode[3]) === (mode[2] === '=');
}
