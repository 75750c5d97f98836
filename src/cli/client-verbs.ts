/**
 * The verbs of fail2ban-client that this version speaks: each asks the daemon and gives what Fail2Ban would print.
 * Takes the words of the command line; throws ClientError for what Fail2Ban refuses. Does not print.
 */
import { request } from '../control/client.js';
import { FAIL2BAN_VERSION } from '../config/compatibility.js';
import { parseNetwork, covers } from '../lib/address.js';
import { visible } from '../lib/visible-text.js';
import { batches } from './batches.js';
import { banLine, jailShape, statusShape } from './client-shapes.js';
import { pythonRepr } from '../lib/python-repr.js';

/** `NOK: (cause,)` on standard error, `told` on standard output, exit status 255. */
export class ClientError extends Error {
  readonly told: string;

  constructor(cause: string, told: string = cause) {
    super(cause);
    this.told = told;
  }
}

/** What to print for a command. @throws ClientError and what the control client throws. */
export async function clientAnswer(words: readonly string[], socketPath: string): Promise<string> {
  const [verb, ...rest] = words;
  switch (verb) {
    case 'ping':
      return `Server replied: ${await request(socketPath, { verb: 'ping' })}`;
    case 'version':
      await request(socketPath, { verb: 'ping' });
      return FAIL2BAN_VERSION;
    case 'status':
      return statusAnswer(rest, socketPath);
    case 'banned':
      return bannedAnswer(rest, socketPath);
    case 'unban':
      return unbanAnswer(rest, socketPath);
    case 'set':
      return setAnswer(rest, socketPath);
    case 'get':
      return getAnswer(rest, socketPath);
    case 'reload':
      await request(socketPath, { verb: 'reload' });
      return 'OK';
    case 'stop':
      if (rest.length > 0) throw new ClientError('Invalid command');
      await request(socketPath, { verb: 'stop' });
      return 'Shutdown successful';
    default:
      throw new ClientError('Invalid command');
  }
}

async function statusAnswer([jail, flavor]: readonly string[], socketPath: string): Promise<string> {
  if (jail !== undefined)
    return jailShape(await request(socketPath, { verb: 'jail', jail }), flavor ?? 'basic');
  const report = await request(socketPath, { verb: 'status' });
  return statusShape(report.jails.map(({ name }) => name));
}

async function bannedAnswer(targets: readonly string[], socketPath: string): Promise<string> {
  const { jails } = await request(socketPath, { verb: 'banned' });
  if (targets.length === 0)
    return pythonRepr(jails.map(({ jail, banned }) => ({ [jail]: banned.map(({ target }) => target) })));
  return pythonRepr(
    targets.map((target) => jails.filter(({ banned }) => isBanned(target, banned)).map(({ jail }) => jail)),
  );
}

async function unbanAnswer(targets: readonly string[], socketPath: string): Promise<string> {
  if (targets.length === 0) throw missingWord();
  if (targets[0] === '--all') return String((await request(socketPath, { verb: 'unban-all' })).unbanned);
  let unbanned = 0;
  for (const batch of batches(targets))
    unbanned += (await request(socketPath, { verb: 'unban', targets: batch })).unbanned;
  return String(unbanned);
}

async function setAnswer([jail, verb, ...words]: readonly string[], socketPath: string): Promise<string> {
  if (jail === undefined || verb === undefined) throw missingWord();
  if (verb !== 'banip' && verb !== 'unbanip')
    throw new ClientError(`Invalid command ${pythonRepr(verb)} (no set action or not yet implemented)`);
  const reportAbsent = verb === 'unbanip' && words[0] === '--report-absent';
  const targets = reportAbsent ? words.slice(1) : words;
  if (targets.length === 0) throw missingWord();
  let changed = 0;
  const absent: string[] = [];
  for (const batch of batches(targets)) {
    if (verb === 'banip') {
      changed += (await request(socketPath, { verb: 'ban', jail, targets: batch })).banned;
    } else {
      const result = await request(socketPath, { verb: 'unban', jail, targets: batch });
      changed += result.unbanned;
      absent.push(...result.targets.filter(({ jails }) => jails.length === 0).map(({ target }) => target));
    }
  }
  if (reportAbsent && absent.length > 0) throw new ClientError(`not banned: ${pythonRepr(absent)}`);
  return String(changed);
}

async function getAnswer([jail, verb, ...words]: readonly string[], socketPath: string): Promise<string> {
  if (jail === undefined || verb === undefined) throw missingWord();
  if (verb !== 'banip' && verb !== 'banned')
    throw new ClientError('Invalid command (no get action or not yet implemented)');
  const { banned } = await request(socketPath, { verb: 'jail', jail });
  const [first] = words;
  if (verb === 'banip') {
    if (first === '--with-time') return banned.map(banLine).join('\n');
    return banned.map(({ target }) => visible(target)).join(first ?? ' ');
  }
  if (first === undefined) return pythonRepr(banned.map(({ target }) => target));
  const found = words.map((target) => (isBanned(target, banned) ? 1 : 0));
  return pythonRepr(found.length === 1 ? (found[0] ?? 0) : found);
}

/** Whether a ban is of this very target, or of a network around it (IPv6 is banned by /64). */
function isBanned(written: string, banned: readonly { readonly target: string }[]): boolean {
  const wanted = parseNetwork(written);
  return banned.some(({ target }) => {
    if (wanted === undefined) return target === written;
    const network = parseNetwork(target);
    return network !== undefined && covers(network, wanted);
  });
}

function missingWord(): ClientError {
  return new ClientError('list index out of range', 'Sorry but the command is invalid');
}
