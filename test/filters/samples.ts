/**
 * Reads the samples beside the shipped filters (format: docs/filters.md).
 * Gives each line with what it must give, in which modes, and where a client chose its text.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/lib/package-root.js';

export type Kind = 'failure' | 'success' | 'helper' | 'none';
export type LogType = 'journal' | 'file';

export interface Sample {
  readonly place: string;
  readonly text: string;
  /** The line cut where clients chose text: fixed, chosen, fixed, … */
  readonly pieces: readonly string[];
  readonly logtype: LogType;
  readonly kind: Kind;
  readonly modes: readonly string[];
  readonly address: string | undefined;
  readonly user: string | undefined;
  readonly attempts: number | undefined;
  readonly seconds: number | undefined;
}

export interface SampleFile {
  readonly filter: string;
  readonly modes: readonly string[];
  readonly samples: readonly Sample[];
}

type Expectation = Pick<Sample, 'kind' | 'modes' | 'address' | 'user' | 'attempts' | 'seconds'>;

const folder = join(packageRoot, 'config/filter.d');
const EXPECTATION =
  /^(failure|success|helper|none)(?: ([0-9a-f.:]+))?((?: (?:in|attempts|seconds)=\S+)*)(?: user=(.*))?$/;

/** All sample files, by the filter they stand beside. */
export function readSamples(): readonly SampleFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.samples'));
  return names.map((name) => readFile(name.slice(0, -'.samples'.length)));
}

/** The shipped filters: every definition but the shared pieces. */
export function shippedFilters(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.conf') && name !== 'syslog-line.conf')
    .map((name) => name.slice(0, -'.conf'.length));
}

function readFile(filter: string): SampleFile {
  const samples: Sample[] = [];
  let modes: readonly string[] = [];
  let logtype: LogType = 'journal';
  let expected: Expectation | undefined;
  for (const [index, line] of readFileSync(join(folder, `${filter}.samples`), 'utf8')
    .split('\n')
    .entries()) {
    const place = `${filter}.samples:${index + 1}`;
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('modes ')) modes = line.slice('modes '.length).split(' ');
    else if (line === 'logtype journal' || line === 'logtype file')
      logtype = line === 'logtype file' ? 'file' : 'journal';
    else if (!line.startsWith('> ')) expected = readExpectation(line, modes, place);
    else if (expected === undefined) throw new Error(`${place}: a line without expectation`);
    else {
      const pieces = line.slice(2).split(/\{\{|\}\}/);
      samples.push({ ...expected, place, logtype, pieces, text: pieces.join('') });
    }
  }
  return { filter, modes, samples };
}

function readExpectation(line: string, modes: readonly string[], place: string): Expectation {
  const [, kind, address, options = '', user] = EXPECTATION.exec(line) ?? [];
  if (kind !== 'failure' && kind !== 'success' && kind !== 'helper' && kind !== 'none') {
    throw new Error(`${place}: not an expectation: ${line}`);
  }
  const option = (name: string): string | undefined => new RegExp(` ${name}=(\\S+)`).exec(options)?.[1];
  const number = (name: string): number | undefined => {
    const text = option(name);
    return text === undefined ? undefined : Number(text);
  };
  const chosen = option('in')?.split(',') ?? modes;
  for (const mode of chosen) if (!modes.includes(mode)) throw new Error(`${place}: no mode ${mode}`);
  return { kind, address, user, modes: chosen, attempts: number('attempts'), seconds: number('seconds') };
}
