/**
 * A sink that keeps what it is given and lets a test wait for it: no sleeping, a time limit instead.
 */
import { linesOf } from '../../src/source/line-table.js';
import type { JournalFields, Lines, Place, SourceNotice } from '../../src/source/lines.js';
import type { Sink } from '../../src/source/source.js';

const LIMIT_MS = 20_000;

export class CollectingSink implements Sink {
  readonly chunks: Lines[] = [];
  readonly notices: SourceNotice[] = [];
  readonly #waiting = new Set<() => void>();

  async lines(chunk: Lines): Promise<void> {
    this.chunks.push(chunk);
    this.#changed();
  }

  notice(notice: SourceNotice): void {
    this.notices.push(notice);
    this.#changed();
  }

  get texts(): string[] {
    return this.chunks.flatMap((chunk) => [...linesOf(chunk.lines)].map((line) => line.text));
  }

  get routes(): (JournalFields | undefined)[] {
    return this.chunks.flatMap((chunk) => [...linesOf(chunk.lines)].map((line) => chunk.routes[line.route]));
  }

  get place(): Place | undefined {
    return this.chunks.at(-1)?.place;
  }

  events(name: string): SourceNotice[] {
    return this.notices.filter((notice) => notice.event === name);
  }

  /** Resolves once `holds` does; rejects, telling what has come, after 20 s. */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(limit);
        this.#waiting.delete(check);
        resolve();
      };
      const limit = setTimeout(() => {
        this.#waiting.delete(check);
        const seen = JSON.stringify({ texts: this.texts.slice(-20), notices: this.notices });
        reject(new Error(`waited in vain for ${what}; came: ${seen}`));
      }, LIMIT_MS);
      this.#waiting.add(check);
    });
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }
}
