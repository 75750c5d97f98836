/**
 * Under which key and where reports go: from the parameters of the action, a file, or a systemd credential.
 * Takes the parameters; gives the account, undefined where no key is written anywhere, or a BailiffError. The key is
 * handed on to the courier alone.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BailiffError, messageOf } from '../../lib/errors.js';
import { isMissing } from '../../lib/missing-file.js';
import type { ActionDefect } from '../options.js';

/** `LoadCredential=abuseipdb_apikey:/path` of a unit. */
const CREDENTIAL = 'abuseipdb_apikey';
const URL_DEFAULT = 'https://api.abuseipdb.com/api/v2';

export interface Account {
  readonly key: string;
  /** Without a slash at its end. */
  readonly url: string;
}

/** @throws BailiffError `action.report-key` or `action.report-url`. */
export function accountOf(
  parameters: Readonly<Record<string, string>>,
  credentialsDirectory: string | undefined = process.env['CREDENTIALS_DIRECTORY'],
): Account | undefined {
  const file = parameters['abuseipdb_keyfile']?.trim() ?? '';
  const key =
    (file === '' ? undefined : readKey(file)) ??
    (credentialsDirectory === undefined ? undefined : readCredential(credentialsDirectory)) ??
    parameters['abuseipdb_apikey']?.trim() ??
    '';
  if (key === '') return undefined;
  if (!/^[\x21-\x7e]{1,512}$/.test(key))
    throw new BailiffError('action.report-key', 'The key of AbuseIPDB holds what no key holds.', {
      remedy: 'Copy it again, alone and on one line.',
    });
  return { key, url: urlOf(parameters['abuseipdb_url']?.trim() || URL_DEFAULT) };
}

/** What of the parameters does not hold, whoever reads them: a file that only Bailiff's user reads is left to him. */
export function accountDefects(parameters: Readonly<Record<string, string>>): readonly ActionDefect[] {
  try {
    accountOf(parameters);
    return [];
  } catch (error) {
    if (!(error instanceof BailiffError)) throw error;
    if (error.cause !== undefined && !isMissing(error.cause)) return [];
    const isInFile = (parameters['abuseipdb_keyfile']?.trim() ?? '') !== '';
    const ofKey = isInFile ? 'abuseipdb_keyfile' : 'abuseipdb_apikey';
    const parameter = error.code === 'action.report-url' ? 'abuseipdb_url' : ofKey;
    return [{ severity: 'error', parameter, error }];
  }
}

function urlOf(text: string): string {
  if (/^https:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/.test(text) && URL.canParse(text))
    return text.replace(/\/+$/, '');
  throw new BailiffError('action.report-url', '`abuseipdb_url` is no https address.', {
    remedy: `Leave it out, or write ${URL_DEFAULT}; the key goes there, so never without encryption.`,
  });
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new BailiffError('action.report-key', `The key of AbuseIPDB cannot be read: ${messageOf(error)}.`, {
      remedy: 'Let the user that Bailiff runs as read the file, or use a systemd credential.',
      cause: error,
    });
  }
}

/** undefined where the unit hands over no such credential. */
function readCredential(directory: string): string | undefined {
  const file = join(directory, CREDENTIAL);
  return existsSync(file) ? readKey(file) : undefined;
}
