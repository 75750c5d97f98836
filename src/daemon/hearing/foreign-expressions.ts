/**
 * Whether any jail runs expressions that are not Bailiff's own: ours are tried with hostile lines, others may run away.
 * Takes the jails as they are written; remembers those whose filter is, as a whole or in part, somebody else's.
 */
import { join, sep } from 'node:path';
import type { ReadJail } from '../../config/jail-reader.js';
import { packageRoot } from '../../lib/package-root.js';

const OURS = join(packageRoot, 'config') + sep;
/** What a jail may say of its filter without touching an expression. */
const HARMLESS = new Set(['journalmatch', 'maxlines', 'datepattern', 'usedns', 'logtimezone', 'logencoding']);

export class ForeignExpressions {
  readonly #jails = new Set<string>();

  constructor(read: readonly ReadJail[]) {
    this.take(read);
  }

  /** Takes jails that are new, or written otherwise by now. */
  take(read: readonly ReadJail[]): void {
    for (const { options, filter } of read) {
      const isOurs = [...filter.places].every(
        ([option, { file }]) => HARMLESS.has(option) || file.startsWith(OURS),
      );
      if (isOurs) this.#jails.delete(options.name);
      else this.#jails.add(options.name);
    }
  }

  get any(): boolean {
    return this.#jails.size > 0;
  }
}
