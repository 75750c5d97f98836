/**
 * The parse boundary of the control socket: bytes that anyone in group `bailiff` may write become a ControlRequest.
 * Takes one line of JSON; gives the request with its targets canonical, or a BailiffError `control.bad-request`.
 * Does not know which jails there are.
 */
import { formatNetwork, parseNetwork } from '../lib/address.js';
import { BailiffError } from '../lib/errors.js';
import { visible } from '../lib/visible-text.js';
import type { ControlRequest, RequestId } from './protocol.js';

const MAX_TARGETS = 1000;
/** Longest text taken for a jail, a target or an id; an `<F-ID>` is any text. */
const MAX_TEXT = 1024;
/** A hundred years: later ends do not fit everywhere a time is kept. */
const MAX_SECONDS = 100 * 366 * 86_400;
const MAX_TOP = 1000;

type Fields = Readonly<Record<string, unknown>>;

/** Takes a JSON line apart, so that even a refused request can be answered under its id. */
export function readRequestLine(line: string): {
  readonly id: RequestId | undefined;
  readonly fields: Fields;
} {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw bad('A request is one JSON object on one line.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('A request is a JSON object.');
  const fields: Fields = Object.fromEntries(Object.entries(value));
  const { id } = fields;
  if (id === undefined || typeof id === 'number') return { id, fields };
  if (typeof id !== 'string' || id.length > MAX_TEXT) throw bad('`id` is a number or a short text.');
  return { id, fields };
}

/** @throws BailiffError `control.bad-request` that names the field. */
export function parseRequest(fields: Fields): ControlRequest {
  const { verb } = fields;
  switch (verb) {
    case 'ping':
    case 'version':
    case 'status':
    case 'unban-all':
    case 'stop':
    case 'reload':
    case 'reports-flush':
      allowOnly(fields, []);
      return { verb };
    case 'jail':
    case 'release':
      allowOnly(fields, ['jail']);
      return { verb, jail: text(fields, 'jail') };
    case 'banned':
      allowOnly(fields, ['jail']);
      return { verb, ...optionalJail(fields) };
    case 'ban':
      allowOnly(fields, ['jail', 'targets', 'forSeconds']);
      return { verb, jail: text(fields, 'jail'), targets: targets(fields), ...optionalSeconds(fields) };
    case 'unban':
      allowOnly(fields, ['targets', 'jail']);
      return { verb, targets: targets(fields), ...optionalJail(fields) };
    case 'explain':
    case 'reports-forget':
      allowOnly(fields, ['address']);
      return { verb, address: canonical(text(fields, 'address')) };
    case 'top':
    case 'reports':
    case 'reports-preview':
      allowOnly(fields, ['limit']);
      if (fields['limit'] === undefined) return { verb };
      return { verb, limit: integer(fields, 'limit', 1, MAX_TOP) };
    case 'fail2ban':
      allowOnly(fields, ['words']);
      return { verb, words: words(fields) };
    default:
      throw bad(`\`verb\` is ${typeof verb === 'string' ? `unknown: ${shown(verb)}` : 'missing'}.`);
  }
}

function allowOnly(fields: Fields, names: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (name !== 'id' && name !== 'verb' && !names.includes(name))
      throw bad(`This verb has no field ${shown(name)}.`);
  }
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (!isText(value)) throw bad(`\`${name}\` is a text of 1 to ${MAX_TEXT} characters.`);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}

function targets(fields: Fields): string[] {
  const value = fields['targets'];
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0 || list.length > MAX_TARGETS)
    throw bad(`\`targets\` is a list of 1 to ${MAX_TARGETS} addresses.`);
  if (!list.every(isText)) throw bad(`A target is a text of 1 to ${MAX_TEXT} characters.`);
  return [...new Set(list.map(canonical))];
}

/** What fail2ban-client was given: any text, an expression may be long. */
function words(fields: Fields): readonly string[] {
  const value = fields['words'];
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const isWord = (word: unknown): word is string => typeof word === 'string';
  if (list.length === 0 || !list.every(isWord)) throw bad('`words` is a list of texts.');
  return list;
}

function integer(fields: Fields, name: string, least: number, most: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw bad(`\`${name}\` is a whole number from ${least} to ${most}.`);
  return value;
}

function optionalJail(fields: Fields): { readonly jail?: string } {
  return fields['jail'] === undefined ? {} : { jail: text(fields, 'jail') };
}

function optionalSeconds(fields: Fields): { readonly forSeconds?: number } {
  if (fields['forSeconds'] === undefined) return {};
  const seconds = integer(fields, 'forSeconds', -1, MAX_SECONDS);
  if (seconds === 0) throw bad('`forSeconds` is not 0.');
  return { forSeconds: seconds };
}

/** One spelling for what is an address or a network; other ids stay as they are. */
function canonical(target: string): string {
  const network = parseNetwork(target);
  return network === undefined ? target : formatNetwork(network);
}

function shown(name: string): string {
  return `\`${visible(name.slice(0, 64))}\``;
}

function bad(message: string): BailiffError {
  return new BailiffError('control.bad-request', message, { remedy: 'docs/control.md lists the requests.' });
}
