/**
 * Whether a jail listens to a source, as who hears would decide it. Takes the jail's options; opens nothing but folders.
 */
import { resolve } from 'node:path';
import { journalId, isJournalId } from '../source/journal-where.js';
import type { SourceId } from '../source/lines.js';
import { pathsOf } from './look-back.js';
import type { JailOptions } from './options.js';

/** `heardBefore`: it has heard its configured way in this boot, and listens on no other. */
export function follows(jail: JailOptions, source: SourceId, heardBefore: boolean): boolean {
  const { watch, otherFilter } = jail;
  const way = isJournalId(source) ? 'journal' : 'file';
  if (watch.backend !== way && (heardBefore || otherFilter === undefined)) return false;
  if (way === 'file') return watch.files.some(({ glob }) => pathsOf(resolve(glob)).includes(pathOf(source)));
  const id = journalId({ kind: 'system', namespace: watch.journalNamespace });
  return id === source && watch.journalMatch.length > 0;
}

function pathOf(source: SourceId): string {
  return source.replace(/^file:/, '');
}
