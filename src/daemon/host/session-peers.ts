/**
 * From which addresses somebody is signed in by SSH now: from systemd's sessions, and from utmp where that is kept.
 * Takes nothing; gives users by canonical address. A connection that has not signed in is nobody's session, so an attacker
 * gains nothing by opening one. Formats: /run/systemd/sessions as sd-login(3) reads it; utmp(5) of 64-bit Linux.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatAddress, parseAddress } from '../../lib/address.js';

const SESSIONS = 'run/systemd/sessions';
const UTMP = 'run/utmp';
const UTMP_BYTES = 384;
const USER_PROCESS = 7;
const AT = { pid: 4, user: 44, host: 76, address: 348 } as const;
const TEXT = { user: 32, host: 256 } as const;
/** More is no host that an admin signs in to. */
const MOST_SESSIONS = 4096;

/** `root`: of the file system. */
export function sessionPeers(root = '/'): ReadonlyMap<string, string> {
  return new Map([...utmpPeers(root), ...systemdPeers(root)]);
}

function systemdPeers(root: string): readonly (readonly [string, string])[] {
  return namesIn(join(root, SESSIONS))
    .slice(0, MOST_SESSIONS)
    .flatMap((name) => {
      const text = bytesOf(join(root, SESSIONS, name))?.toString('utf8') ?? '';
      const fields = new Map([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
      const address = parseAddress(fields.get('REMOTE_HOST') ?? '');
      const isSignedIn =
        fields.get('REMOTE') === '1' &&
        fields.get('SERVICE') === 'sshd' &&
        fields.get('CLASS')?.startsWith('user') === true &&
        fields.get('STATE') !== 'closing';
      return address !== undefined && isSignedIn ? [[address, fields.get('USER') ?? ''] as const] : [];
    });
}

function utmpPeers(root: string): readonly (readonly [string, string])[] {
  const file = bytesOf(join(root, UTMP));
  if (file === undefined) return [];
  const count = Math.min(Math.floor(file.length / UTMP_BYTES), MOST_SESSIONS);
  return Array.from({ length: count }, (_, index) =>
    file.subarray(index * UTMP_BYTES, (index + 1) * UTMP_BYTES),
  ).flatMap((entry) => {
    // A sign-in whose process is gone was never signed out of: a crash leaves such.
    if (entry.readInt16LE(0) !== USER_PROCESS || !isAlive(root, entry.readInt32LE(AT.pid))) return [];
    const address = addressIn(entry) ?? parseAddress(textIn(entry, 'host'));
    return address === undefined ? [] : [[address, textIn(entry, 'user')] as const];
  });
}

/** Four bytes for IPv4, the rest zero; undefined where there is none. */
function addressIn(entry: Buffer): string | undefined {
  const words = [0, 4, 8, 12].map((offset) => entry.readUInt32BE(AT.address + offset));
  const [first = 0, ...rest] = words;
  if (words.every((word) => word === 0)) return undefined;
  if (rest.every((word) => word === 0)) return formatAddress(4, BigInt(first));
  return formatAddress(
    6,
    words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n),
  );
}

function textIn(entry: Buffer, field: 'user' | 'host'): string {
  const text = entry.subarray(AT[field], AT[field] + TEXT[field]).toString('latin1');
  return text.split('\0', 1)[0] ?? '';
}

/** Where the processes of others cannot be seen (`ProtectProc=`), whoever is not signed out counts as signed in. */
function isAlive(root: string, pid: number): boolean {
  const isSeen = (each: number): boolean => existsSync(join(root, 'proc', String(each)));
  return isSeen(pid) || !isSeen(1);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.includes('.'));
  } catch {
    // No systemd-logind: then there are no sessions of it.
    return [];
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Not kept on this host, or gone since it was listed.
    return undefined;
  }
}
