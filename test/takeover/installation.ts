/**
 * A Fail2Ban installation for one test: its package's configuration, what an admin added, a database that its own code
 * wrote, and a dpkg that knows what the package laid down.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderWith } from '../config/folder.js';
import { fail2ban } from '../dialect/fail2ban.js';

export interface KnownBan {
  readonly jail: string;
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly bantime: number;
  readonly count?: number;
  readonly matches?: readonly (string | readonly string[])[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly lifted?: boolean;
}

export interface Installation {
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly database: string;
  readonly dpkg: string;
}

const { configuration, pythonPath } = fail2ban('1.1.0');

/** `own`: files of the admin. */
export function installation(
  context: TestContext,
  own: Readonly<Record<string, string>>,
  bans: readonly KnownBan[] = [],
): Installation {
  const root = folderWith(context, {});
  const from = join(root, 'etc');
  const dpkg = join(root, 'dpkg');
  cpSync(configuration, from, { recursive: true });
  const sums = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ` /etc/fail2ban/${relative(from, path)} ${md5(readFileSync(path))}`);
  mkdirSync(dpkg);
  writeFileSync(join(dpkg, 'status'), `Package: fail2ban\nConffiles:\n${sums.join('\n')}\n`);
  for (const [name, text] of Object.entries(own)) {
    mkdirSync(dirname(join(from, name)), { recursive: true });
    writeFileSync(join(from, name), text);
  }
  const database = join(root, 'fail2ban.sqlite3');
  if (bans.length > 0) writeDatabase(database, bans);
  return { from, dpkg, database, to: join(root, 'bailiff'), state: join(root, 'state') };
}

/** Writes with Fail2Ban's own code; again adds to what is there. */
export function writeDatabase(path: string, bans: readonly KnownBan[]): void {
  const script = join(packageRoot, 'test', 'takeover', 'fail2ban-database.py');
  const { status, stderr } = spawnSync('python3', [script, path], {
    input: JSON.stringify(bans),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1' },
  });
  assert.equal(status, 0, stderr);
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
