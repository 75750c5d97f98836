/**
 * Wakes its owner when something happens in one of many directories; a poll stays needed as a safety net (network file
 * systems, an exhausted inotify limit). Takes directories; gives a wake-up call, late by fractions of a millisecond.
 */
import { type FSWatcher, watch } from 'node:fs';

/** Told the directory, the name in it, and whether that name came or went (else it was written to). */
export type Wake = (directory: string, name: string, isRename: boolean) => void;

export class DirectoryWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #wake: Wake;

  constructor(wake: Wake) {
    this.#wake = wake;
  }

  /** Watches exactly these from now on. A directory that cannot be watched is tried again at the next call. */
  set(directories: ReadonlySet<string>): void {
    for (const [directory, watcher] of this.#watchers)
      if (!directories.has(directory)) this.#drop(directory, watcher);
    for (const directory of directories) if (!this.#watchers.has(directory)) this.#add(directory);
  }

  close(): void {
    this.set(new Set());
  }

  #add(directory: string): void {
    try {
      const watcher = watch(directory, (event, name) =>
        this.#wake(directory, name ?? '', event === 'rename'),
      );
      watcher.on('error', () => this.#drop(directory, watcher));
      this.#watchers.set(directory, watcher);
    } catch {
      // It is not there yet, or may not be watched: the owner's poll serves it.
      return;
    }
  }

  #drop(directory: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(directory);
  }
}
