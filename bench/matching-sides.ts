/**
 * One log through every program that is compared: Fail2Ban's filters, SSHGuard's parser, `grep -c` for the texts that
 * Bailiff's own filters look for, and Bailiff, with the lines made beforehand and with the file read. Takes the lines and
 * the jails; gives for each what measures it once, in microseconds of processor time a line. Reads no clock on the wall.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Filter } from '../src/filter/filter.js';
import type { JailOptions } from '../src/jail/options.js';
import { logRecording } from '../src/source/recording-log.js';
import type { Fail2BanMatching } from './fail2ban-rounds.js';
import { earsFor, Hearing } from './hearing.js';
import type { Measure } from './rounds.js';
import { spent } from './spent.js';

export const SIDES = ['fail2ban', 'sshguard', 'grepF', 'grepE', 'bailiff', 'bailiffReading'] as const;
export type Side = (typeof SIDES)[number];

/** A file of so many lines is what processes of their own are given. */
const LEAST_LINES = 50_000;
/** Fail2Ban is given so many. */
const THEIR_LINES = 4000;
/** grep is given the file so often in one go: its time would be too short for the shell's milliseconds. */
const GREPPED = 12;
const LEAST_SECONDS = 0.1;

export interface Log {
  readonly name: string;
  readonly folder: string;
  readonly texts: readonly string[];
  readonly jails: readonly JailOptions[];
  readonly theirs: Fail2BanMatching;
  readonly sshguard: string;
}

export function sidesOf(log: Log): Readonly<Record<Side, Measure>> {
  const { name, folder, texts, jails, theirs } = log;
  const write = (kind: string, leastLines: number): { readonly path: string; readonly lines: number } => {
    const times = Math.max(1, Math.ceil(leastLines / texts.length));
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}-${kind}`);
    writeFileSync(
      path,
      texts
        .map((text) => `${text}\n`)
        .join('')
        .repeat(times),
    );
    return { path, lines: texts.length * times };
  };
  const long = write('long.log', LEAST_LINES);
  const short = write('short.log', THEIR_LINES);
  const literals = literalsOf(jails);
  const patterns = join(folder, `${name.replaceAll(/\W/g, '-')}-literals`);
  writeFileSync(patterns, literals.map((literal) => `${literal}\n`).join(''));
  const alternation = literals.map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const grep = (...pattern: readonly string[]): number => {
    const paths = Array.from({ length: GREPPED }, () => long.path);
    const output = join(folder, 'counts');
    const { cpuSeconds } = spent(['grep', '-c', ...pattern, ...paths], { output, statuses: [0, 1] });
    return (cpuSeconds / GREPPED / long.lines) * 1e6;
  };
  const hearing = new Hearing(jails, texts).warm();
  const names = jails.map((jail) => jail.name);
  return {
    fail2ban: () => theirs.perLine(names, short.path),
    sshguard: () => (spent([log.sshguard], { input: long.path }).cpuSeconds / long.lines) * 1e6,
    grepF: () => grep('-F', '-f', patterns),
    grepE: () => grep('-E', '-e', alternation),
    bailiff: () => hearing.perLine(),
    bailiffReading: () => readingPerLine(jails, long.path, long.lines),
  };
}

/** What some expression of the jails' filters needs in a line. */
export function literalsOf(jails: readonly JailOptions[]): readonly string[] {
  const requirements = jails.flatMap(
    ({ filter }) => new Filter(filter, { now: () => Date.now() }).requirements,
  );
  return [...new Set(requirements.flatMap((sets) => (sets === 'never' ? [] : sets.flat())))];
}

/** Reading, splitting, decoding and hearing, all threads. */
async function readingPerLine(jails: readonly JailOptions[], path: string, lines: number): Promise<number> {
  const ears = earsFor(jails);
  const names = jails.map(({ name }) => name);
  const before = process.cpuUsage();
  let [seconds, passes] = [0, 0];
  for (; seconds < LEAST_SECONDS; passes += 1) {
    await logRecording(path).run({
      lines: async (chunk) => void ears.hearFile(chunk, names),
      notice: ({ text }) => process.stderr.write(`${text}\n`),
    });
    const { user, system } = process.cpuUsage(before);
    seconds = (user + system) / 1e6;
  }
  return (seconds / passes / lines) * 1e6;
}
