import { setTimeout as sleep } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { journalSource } from '../../src/source/journal-source.js';
import { interestOf } from '../../src/source/route-table.js';
import { CollectingSink } from './collecting-sink.js';
import { RemoteJournal, canUse, exportEntry } from './test-journals.js';

const line = (number: number): string => exportEntry(number, { MESSAGE: `line ${number}` });

/** A journal, and what a source in this thread hears of it by libsystemd. */
async function followed(t: TestContext): Promise<{ journal: RemoteJournal; sink: CollectingSink }> {
  const journal = new RemoteJournal(t);
  journal.write(line(1));
  const sink = new CollectingSink();
  let isLive: () => void = () => undefined;
  const live = new Promise<void>((resolve) => {
    isLive = resolve;
  });
  const source = journalSource({
    where: { kind: 'directory', path: journal.directory },
    interest: interestOf([]),
    start: { place: undefined, sinceMs: 0 },
    onHandle: () => isLive(),
  });
  const run = source.run(sink);
  t.after(async () => {
    await source.close();
    await run;
  });
  await live;
  await sink.until('line 1', () => sink.texts.length === 1);
  return { journal, sink };
}

test('two journals of one thread, each of which blocks it, are both heard, and its timers come', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const both = [await followed(t), await followed(t)];
  for (let number = 2; number < 12; number += 1) {
    for (const { journal, sink } of both) {
      journal.write(line(number));
      await sink.until(`line ${number}`, () => sink.texts.length === number);
    }
    await sleep(1);
  }
});
