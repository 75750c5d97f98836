/**
 * A journal read in every way that is compared: journalctl's export thrown away, the same taken by Bailiff's reader, entry by
 * entry through libsystemd, and a whole replay. Takes the journal and the jails; gives for each what measures it once, in
 * microseconds by the clock for each entry.
 */
import { interestOf, RouteTable } from '../src/source/route-table.js';
import { readJournalExport } from '../src/source/journal-export.js';
import { LiveJournal } from '../src/source/journal-live.js';
import type { JournalWhere } from '../src/source/journal-where.js';
import { loadLibsystemd } from '../src/source/libsystemd.js';
import { lengthOf } from '../src/source/line-table.js';
import type { Lines } from '../src/source/lines.js';
import type { JailOptions } from '../src/jail/options.js';
import { MAIN } from '../test/cli/run-bailiff.js';
import { earsFor } from './hearing.js';
import type { JournalFiles } from './journal-files.js';
import type { Measure } from './rounds.js';
import { spent } from './spent.js';

export const SIDES = ['journalctl', 'export', 'library', 'replay'] as const;
export type Side = (typeof SIDES)[number];

interface Jails {
  /** Their configuration directory. */
  readonly directory: string;
  readonly options: readonly JailOptions[];
}

export function sidesOf(journal: JournalFiles, jails: Jails): Readonly<Record<Side, Measure>> {
  const { directory, entries } = journal;
  const where: JournalWhere = { kind: 'directory', path: directory };
  const interest = interestOf(earsFor(jails.options).journalMatches());
  const perEntry = (seconds: number): number => (seconds / entries) * 1e6;
  const replay = ['replay', '--json', '--config', jails.directory, '--journal', directory];
  return {
    journalctl: () =>
      perEntry(
        spent(['journalctl', '--output=export', '--quiet', '--no-pager', `--directory=${directory}`])
          .wallSeconds,
      ),
    export: async () => perEntry(await seconds(readOut)),
    library: async () => perEntry(await seconds(followed)),
    replay: () => perEntry(spent([process.execPath, MAIN, ...replay]).wallSeconds),
  };

  async function readOut(): Promise<void> {
    let lines = 0;
    const routes = new RouteTable(interest);
    await readJournalExport(
      { where, routes, place: undefined, sinceUs: 0, isFollowed: false },
      { lines: async (chunk) => void (lines += lengthOf(chunk)), notice: () => undefined },
      new AbortController().signal,
    );
    hold(lines);
  }

  async function followed(): Promise<void> {
    const library = await loadLibsystemd();
    if (library === undefined) throw new Error('libsystemd cannot be loaded (npm package koffi).');
    let lines = 0;
    const closing = new AbortController();
    const take = async (chunk: Lines): Promise<void> => {
      lines += lengthOf(chunk);
      if (lines >= entries) closing.abort();
    };
    const live = new LiveJournal(
      {
        where,
        routes: new RouteTable(interest),
        library,
        wait: undefined,
        place: undefined,
        sinceUs: 0,
        onHandle: () => undefined,
      },
      { lines: take, notice: () => undefined },
      closing.signal,
    );
    await live.run();
    hold(lines);
  }

  function hold(lines: number): void {
    if (lines !== entries) throw new Error(`${lines} lines were read of ${entries} entries.`);
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
