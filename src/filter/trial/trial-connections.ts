/**
 * What a trial remembers of connections (`<F-MLFID>`): fields and lines add up until a failure has its address.
 * Takes the fields of one match; gives those of the connection, changed in place as later lines come.
 * Other than `../connections.ts` it keeps every field and every line, as Fail2Ban's own output shows them.
 */
import type { Fields, FieldValue, StampedLine } from './trial-line.js';

const MOST_CONNECTIONS = 100;

export class TrialConnections {
  readonly #known = new Map<string, Fields>();

  /** Merges a match into its connection. `lines`: those that it was found in. */
  merge(key: string, match: Fields, lines: readonly StampedLine[]): Fields {
    const isGain = isSet(match.get('mlfgained'));
    if (isGain && !isSet(match.get('nofail'))) match.set('nofail', match.get('mlfgained') ?? null);
    const isHelper = isSet(match.get('nofail'));
    const forgets = isSet(match.get('mlfforget'));
    match.delete('mlfforget');
    const known = this.#known.get(key);
    const fields = known === undefined ? match : addTo(known, match, isGain);
    if (known === undefined && !forgets) {
      addUser(fields, match.get('user'));
      this.#keep(key, fields);
    } else if (forgets) this.#known.delete(key);
    const users = fields.get('users');
    // A failure that waited, or a second user, is not undone by a helper line.
    const isWaiting = isSet(fields.get('mlfpending'));
    fields.delete('mlfpending');
    const stays = isWaiting || (users instanceof Set && users.size > 1);
    if (stays) {
      fields.delete('nofail');
      fields.delete('mlfgained');
    }
    this.#addLines(fields, lines, { isHelper: isHelper && !stays, isGain: isGain && !stays, forgets });
    return fields;
  }

  #addLines(
    fields: Fields,
    lines: readonly StampedLine[],
    { isHelper, isGain, forgets }: { isHelper: boolean; isGain: boolean; forgets: boolean },
  ): void {
    if (!isHelper) {
      const earlier = [...linesOf(fields.get('nofail-matches')), ...linesOf(fields.get('matches'))];
      fields.delete('nofail-matches');
      fields.delete('matches');
      fields.set('matches', isGain ? earlier : [...earlier, ...lines]);
    } else if (!forgets) fields.set('nofail-matches', [...linesOf(fields.get('nofail-matches')), ...lines]);
  }

  #keep(key: string, fields: Fields): void {
    if (this.#known.size >= MOST_CONNECTIONS) {
      const oldest = this.#known.keys().next();
      if (oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#known.set(key, fields);
  }
}

/** The known fields with those of the match over them; what only the last line may say is dropped before. */
function addTo(known: Fields, match: Fields, isGain: boolean): Fields {
  const wasHelper = isSet(known.get('nofail')) || isSet(known.get('mlfgained'));
  addUser(known, match.get('user'));
  known.delete('nofail');
  known.delete('mlfgained');
  if (isGain) known.delete('mlfpending');
  // Lines of a failure that was given already.
  if (!wasHelper && !isSet(known.get('mlfpending'))) known.delete('matches');
  for (const [name, value] of match) if (value !== null) known.set(name, value);
  return known;
}

function addUser(fields: Fields, user: FieldValue | undefined): void {
  if (typeof user !== 'string' || user === '') return;
  const known = fields.get('users');
  fields.set('users', new Set<string>([...(known instanceof Set ? known : []), user]));
}

export function linesOf(value: FieldValue | undefined): readonly StampedLine[] {
  return isLines(value) ? value : [];
}

function isLines(value: FieldValue | undefined): value is readonly StampedLine[] {
  return Array.isArray(value);
}

export function isSet(value: FieldValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && value !== 0;
}
