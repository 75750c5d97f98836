/**
 * Which journal is meant: this machine's (one namespace of it), a directory, or single files.
 * Gives the source's name and journalctl's arguments. Does not open anything.
 */
import type { SourceId } from './lines.js';

export type JournalWhere =
  | { readonly kind: 'system'; readonly namespace: string | undefined }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

/** `journal`, `journal:NAMESPACE`, `journal:/path`. */
export function journalId(where: JournalWhere): SourceId {
  if (where.kind === 'directory') return `journal:${where.path}`;
  if (where.kind === 'files') return `journal:${where.paths.join(',')}`;
  return where.namespace === undefined ? 'journal' : `journal:${where.namespace}`;
}

/** Whether a source is a journal. */
export function isJournalId(source: SourceId): boolean {
  return source === 'journal' || source.startsWith('journal:');
}

/** journalctl's arguments for it; `--system` leaves out ordinary users' own processes, as the live reader does. */
export function journalctlWhere(where: JournalWhere): string[] {
  if (where.kind === 'directory') return [`--directory=${where.path}`];
  if (where.kind === 'files') return where.paths.map((path) => `--file=${path}`);
  return where.namespace === undefined ? ['--system'] : ['--system', `--namespace=${where.namespace}`];
}
