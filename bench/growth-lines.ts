/**
 * What a replay takes, the whole way and its start included, as the recording grows: 1, 2, 4 and 8 times as many lines.
 * Takes a folder and a number of rounds; gives seconds by the clock and of the processor.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';
import { MAIN } from '../test/cli/run-bailiff.js';
import { type Corpus, writeCorpus } from './recorded-corpus.js';
import { type Measured, measuredOf } from './rounds.js';
import { spent } from './spent.js';

const TIMES = [1, 2, 4, 8] as const;
/** Of 7.5 MB each. */
const REPETITIONS = 10;
const POLICY = join(packageRoot, 'config', 'policy');

export interface LinesGrowth {
  readonly lines: number;
  readonly wall: Measured;
  readonly cpu: Measured;
}

export function growthOverLines(folder: string, rounds: number): readonly LinesGrowth[] {
  const corpora = TIMES.map((times) => writeCorpus(folder, times * REPETITIONS, true));
  // What the disk still has to write would be written beside the measuring.
  spawnSync('sync');
  const all = Array.from({ length: rounds }, () => corpora.map(replay));
  return corpora.map(({ lines }, index) => {
    const own = all.flatMap((round) => round[index] ?? []);
    return {
      lines,
      wall: measuredOf(own.map(({ wallSeconds }) => wallSeconds)),
      cpu: measuredOf(own.map(({ cpuSeconds }) => cpuSeconds)),
    };
  });
}

function replay({ exportPath, errorLogPath }: Corpus): ReturnType<typeof spent> {
  const words = ['replay', '--json', '--config', POLICY, '--journal-export', exportPath];
  return spent([process.execPath, MAIN, ...words, '--log', `apache-auth=${errorLogPath}`]);
}
