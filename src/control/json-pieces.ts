/**
 * Spells a large answer piece by piece, so that a list of every ban does not hold the event loop up.
 * Takes plain data; gives texts that joined are JSON.stringify's and a newline. A small answer is one piece.
 */

/** Items of a list that are spelled at a time: about half a millisecond. */
const ITEMS = 500;
/** Pieces are gathered up to this many characters. */
const CHARACTERS = 65_536;
/** How deep a long list may lie in an answer: `result.jails[].banned`. */
const DEPTH = 5;

export function* jsonLinePieces(value: unknown): Generator<string, undefined> {
  let gathered = '';
  for (const piece of spelled(value, DEPTH)) {
    gathered += piece;
    if (gathered.length < CHARACTERS) continue;
    yield gathered;
    gathered = '';
  }
  yield `${gathered}\n`;
  return undefined;
}

function* spelled(value: unknown, depth: number): Generator<string> {
  if (!holdsLongList(value, depth)) yield JSON.stringify(value);
  else if (Array.isArray(value)) yield* spelledList(value, depth);
  else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* spelled(item, depth - 1);
      before = ',';
    }
    yield '}';
  }
}

function* spelledList(list: readonly unknown[], depth: number): Generator<string> {
  let before = '[';
  if (list.length > ITEMS) {
    for (let from = 0; from < list.length; from += ITEMS) {
      yield before + JSON.stringify(list.slice(from, from + ITEMS)).slice(1, -1);
      before = ',';
    }
  } else {
    for (const item of list) {
      yield before;
      yield* spelled(item ?? null, depth - 1);
      before = ',';
    }
  }
  yield ']';
}

function holdsLongList(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (Array.isArray(value) && value.length > ITEMS) return true;
  for (const item of Object.values(value)) if (holdsLongList(item, depth - 1)) return true;
  return false;
}
