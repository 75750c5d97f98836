/**
 * What jails new to the store look back at in sources that others have read already: the stretch before the kept place,
 * heard by the new jails alone, before anything goes on. Kept under names of its own, so that the others' places stay.
 * Takes the start and the ears; hands each chunk to a sink. A stretch that cannot be read is told and left out.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf } from '../lib/errors.js';
import { expandGlob } from '../source/file-glob.js';
import { readFileStretch } from '../source/file-stretch.js';
import { readJournalExport } from '../source/journal-export.js';
import { parseJournalPlace } from '../source/journal-place.js';
import { journalId } from '../source/journal-where.js';
import type { SourceId } from '../source/lines.js';
import type { WatchOptions } from '../source/options.js';
import { interestOf, RouteTable } from '../source/route-table.js';
import type { Sink } from '../source/source.js';
import type { Batch } from './batch.js';
import type { Ears } from './ears.js';
import type { HearingStart } from './hear-messages.js';
import type { ListenedGlob } from './listened-globs.js';

/** First each jail on its own way; then, where it is deaf on that, on the other one. */
const PASSES = ['own', 'other'] as const;
type Pass = (typeof PASSES)[number];

/** The name under which a stretch of `source` is kept until all of it was heard. */
function lookBackName(source: SourceId, pass: Pass): SourceId {
  return `${source} (new: ${pass})`;
}

/** Under which names it is kept how far stretches of `source` were heard. */
export function lookBackNames(source: SourceId): readonly SourceId[] {
  return PASSES.map((pass) => lookBackName(source, pass));
}

/** Whether a name is one of those. */
export function isLookBack(source: SourceId): boolean {
  return PASSES.some((pass) => source.endsWith(lookBackName('', pass)));
}

export interface LookBack {
  readonly start: Pick<HearingStart, 'jails' | 'places' | 'newJails'>;
  readonly ears: Ears;
  readonly signal: AbortSignal;
  /** Hears something, and hands over what was heard. */
  readonly give: (hear: () => Batch) => Promise<void>;
  readonly notice: Sink['notice'];
}

/** Hears every stretch, one after the other. */
export async function lookBackForNewJails(options: LookBack): Promise<void> {
  for (const pass of PASSES) {
    for (const namespace of options.ears.journalNamespaces())
      await told(journalId({ kind: 'system', namespace }), options.notice, (source) =>
        hearJournalStretch(source, namespace, pass, options),
      );
    for (const [path, listened] of filesOf(pass, options))
      await told(`file:${path}`, options.notice, (source) =>
        hearFileStretch(source, path, listened, pass, options),
      );
  }
}

async function hearJournalStretch(
  source: SourceId,
  namespace: string | undefined,
  pass: Pass,
  options: LookBack,
): Promise<void> {
  const { start, ears, signal, give, notice } = options;
  const until = parseJournalPlace(start.places.get(source));
  const jails = newOn('journal', pass, options);
  const sinceMs = ears.sinceMs('journal', jails);
  if (until === undefined || !Number.isFinite(sinceMs)) return;
  const name = lookBackName(source, pass);
  const sink: Sink = {
    notice,
    lines: (chunk) => give(() => ears.hearJournal({ ...chunk, source: name }, namespace, jails)),
  };
  await readJournalExport(
    {
      where: { kind: 'system', namespace },
      routes: new RouteTable(interestOf(ears.journalMatches())),
      place: parseJournalPlace(start.places.get(name)),
      sinceUs: sinceMs * 1000,
      untilUs: until.realtimeUs,
      isFollowed: false,
    },
    sink,
    signal,
  );
}

async function hearFileStretch(
  source: SourceId,
  path: string,
  { encoding, probe }: ListenedGlob,
  pass: Pass,
  options: LookBack,
): Promise<void> {
  const { start, ears, signal, give } = options;
  const until = start.places.get(source);
  if (until === undefined) return;
  const among = newOn('file', pass, options);
  const jails = ears
    .globs()
    .flatMap(({ glob, jail }) => (among.includes(jail) && pathsOf(glob).includes(path) ? [jail] : []));
  const name = lookBackName(source, pass);
  const from = start.places.get(name);
  const sinceMs = ears.sinceMs('file', jails);
  for (const chunk of readFileStretch({ path, source: name, until, from, sinceMs, encoding, probe })) {
    if (signal.aborted) return;
    await give(() => ears.hearFile(chunk, jails));
  }
}

/** The new jails whose own way (or other way, as the pass says) is `way`. */
function newOn(way: WatchOptions['backend'], pass: Pass, { start }: LookBack): readonly string[] {
  return start.jails
    .filter(({ watch }) => (watch.backend === way) === (pass === 'own'))
    .map(({ name }) => name)
    .filter((name) => start.newJails.includes(name));
}

/** Each file that a new jail listens to, and how it does. */
function filesOf(pass: Pass, options: LookBack): ReadonlyMap<string, ListenedGlob> {
  const among = newOn('file', pass, options);
  return new Map(
    options.ears
      .globs()
      .filter(({ jail }) => among.includes(jail))
      .flatMap((listened) => pathsOf(listened.glob).map((path) => [path, listened] as const)),
  );
}

/** The paths that the source of files would name its chunks by. */
export function pathsOf(glob: string): readonly string[] {
  return expandGlob(resolve(glob)).paths.map((path) => join(realpathSync(dirname(path)), basename(path)));
}

async function told(
  source: SourceId,
  notice: Sink['notice'],
  hear: (source: SourceId) => Promise<void>,
): Promise<void> {
  try {
    await hear(source);
  } catch (error) {
    const text = `What came before a jail that is new cannot be read: ${messageOf(error)}.`;
    notice({ source, level: 'warning', event: 'look-back', text });
  }
}
