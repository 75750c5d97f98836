/**
 * Keeps a known-good state in one file of the state directory, readable by its owner alone, and reads it back.
 * Takes the directory; gives the state, or a BailiffError. Whatever stood there before holds until the new one is whole.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BailiffError, messageOf } from '../lib/errors.js';
import { isMissing } from '../lib/missing-file.js';
import type { KnownGood } from './state.js';

const NAME = 'known-good.json';

/** Gives the file's path. @throws BailiffError `known-good.write`. */
export function keep(stateDirectory: string, state: KnownGood): string {
  const path = join(stateDirectory, NAME);
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o750 });
    rmSync(`${path}.new`, { force: true });
    // Made anew: a link that somebody left there is not followed.
    writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 1)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new BailiffError('known-good.write', `${path} cannot be written: ${messageOf(cause)}.`, {
      where: { file: path },
      remedy: 'Run it as root, or choose another directory with --state.',
      cause,
    });
  }
  return path;
}

/** @throws BailiffError `known-good.none` or `known-good.unreadable`. */
export function readKept(stateDirectory: string): KnownGood {
  const path = join(stateDirectory, NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause))
      throw new BailiffError('known-good.none', 'Nothing is kept as known good.', {
        where: { file: path },
        remedy: 'Keep the state of now with `bailiff known-good save`.',
      });
    throw unreadable(path, messageOf(cause));
  }
  try {
    const state: unknown = JSON.parse(text);
    // The parse boundary: a file that we wrote, of the version that we know.
    if (typeof state === 'object' && state !== null && 'version' in state && state.version === 1)
      return state as KnownGood;
  } catch (cause) {
    throw unreadable(path, messageOf(cause));
  }
  throw unreadable(path, 'it is of another version');
}

function unreadable(path: string, why: string): BailiffError {
  return new BailiffError('known-good.unreadable', `What is kept as known good cannot be read: ${why}.`, {
    where: { file: path },
    remedy: 'Run it as the user that saved it, or save anew.',
  });
}
