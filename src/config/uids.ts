/**
 * Uids of this host's users, from passwd(5).
 * Takes the file's path; a user that is not in it (LDAP and the like) is unknown here.
 */
import { readFileSync } from 'node:fs';

/** A look-up that reads the file at its first question. */
export function uidsFrom(passwdFile: string): (user: string) => number | undefined {
  let uids: ReadonlyMap<string, number> | undefined;
  return (user) => {
    uids ??= readUids(passwdFile);
    return uids.get(user);
  };
}

function readUids(passwdFile: string): ReadonlyMap<string, number> {
  const uids = new Map<string, number>();
  let text: string;
  try {
    text = readFileSync(passwdFile, 'utf8');
  } catch {
    // Nobody is known: only root is trusted.
    return uids;
  }
  for (const [, name, uid] of text.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm)) {
    if (name !== undefined && uid !== undefined) uids.set(name, Number(uid));
  }
  return uids;
}
