/**
 * The recorded logs of two mail hosts, one after the other, repeated to a size: a journal export and Apache's error log.
 * Takes a folder and how often; writes the files there. A shifted corpus moves each repetition's times a day on, so that
 * every ban is over and counting starts anew; an unshifted one meets those that are banned already.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../src/lib/package-root.js';

const DAY_US = 86_400_000_000;
const HOSTS = ['virtual', 'pam'] as const;

export interface Corpus {
  readonly exportPath: string;
  readonly errorLogPath: string;
  readonly bytes: number;
  readonly lines: number;
}

export function writeCorpus(folder: string, repetitions: number, shifted: boolean): Corpus {
  const journal = recorded('journal.export.gz');
  const errors = recorded('error.log.gz');
  const name = `${shifted ? 'shifted' : 'unshifted'}-${repetitions}`;
  const exportPath = join(folder, `${name}.export`);
  const errorLogPath = join(folder, `${name}.error.log`);
  const linesOnce = countOf(journal, /^MESSAGE[=\n]/gm) + countOf(errors, /\n/g);
  let bytes = 0;
  write(exportPath, repetitions, (repetition) => {
    const text = shifted ? later(journal, repetition * DAY_US) : journal;
    bytes += text.length;
    return text;
  });
  // Apache's few stamps are left as they are: 2 % of the lines.
  write(errorLogPath, repetitions, () => errors);
  return { exportPath, errorLogPath, bytes, lines: linesOnce * repetitions };
}

/** Latin-1, so that every byte stays what it is. */
function recorded(file: string): string {
  return HOSTS.map((host) =>
    gunzipSync(readFileSync(join(packageRoot, 'recordings', 'debian13', host, file))).toString('latin1'),
  ).join('');
}

function write(path: string, repetitions: number, textOf: (repetition: number) => string): void {
  const descriptor = openSync(path, 'w');
  for (let repetition = 0; repetition < repetitions; repetition += 1)
    writeSync(descriptor, Buffer.from(textOf(repetition), 'latin1'));
  closeSync(descriptor);
}

/** All times moved on: journald's, the program's own, and the hexadecimal one in the cursor. */
function later(journal: string, byUs: number): string {
  return journal
    .replace(/(REALTIME_TIMESTAMP=)(\d+)/g, (_, name: string, us: string) => `${name}${Number(us) + byUs}`)
    .replace(/;t=([0-9a-f]+)/g, (_, us: string) => `;t=${(Number.parseInt(us, 16) + byUs).toString(16)}`);
}

function countOf(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count += 1;
  return count;
}
