import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderFor, serve } from '../control/sample-server.js';
import { bailiff } from './run-bailiff.js';

test('reports tells what was sent and answered, and what waits', async (t) => {
  const { path } = await serve(t);
  const { status, out } = await bailiff('reports', '--socket', path);
  assert.equal(status, 0);
  assert.match(out, /^working: reports to AbuseIPDB: 998 of 1000 left today$/m);
  assert.match(out, /^abuseipdb\t192\.0\.2\.1\tsshd\t.*\twaiting\tdue 2026-11-22 12:05:00\t/m);
  assert.match(out, /\taccepted\t.*\taccepted \(HTTP 200\)\t\[18,22\] SSH: 5 failed logins\.$/m);
  assert.match(out, /^working: mail to root@localhost from root@mx; 1 accepted$/m);
  assert.match(
    out,
    /^mail to root@localhost from root@mx\t192\.0\.2\.1\t.*\[Bailiff\] sshd: banned 192\.0\.2\.1 from mx$/m,
  );
  assert.equal((await bailiff('reports', 'list', '--limit', '0', '--socket', path)).status, 2);
});

test('what waits is previewed, sent at once, or taken back', async (t) => {
  const { path } = await serve(t);
  const preview = await bailiff('reports', 'preview', '--socket', path);
  assert.match(preview.out, /192\.0\.2\.1 \(sshd\): \[18,22\] SSH/);
  assert.match(preview.out, /not sent: too-few/);
  assert.match((await bailiff('reports', 'flush', '--socket', path)).out, /^1 were held back/);
  const forgotten = await bailiff('reports', 'forget', '192.0.2.1', '--socket', path);
  assert.equal(forgotten.status, 0);
  assert.match(forgotten.out, /1 that waited are not sent/);
  assert.equal((await bailiff('reports', 'forget', '192.0.2.2', '--socket', path)).status, 1);
});

test('the preview of a recorded day says of each ban what would be sent, or the rule that decided', async (t) => {
  const folder = folderFor(t);
  const recorded = (file: string): string => {
    const path = join(folder, file);
    writeFileSync(path, gunzipSync(readFileSync(join(packageRoot, 'recordings/debian13/pam', `${file}.gz`))));
    return path;
  };
  const words = [
    '--config',
    join(packageRoot, 'config/policy'),
    '--journal-export',
    recorded('journal.export'),
  ];
  const replayed = await bailiff(
    'replay',
    '--json',
    ...words,
    '--log',
    `apache-auth=${recorded('error.log')}`,
  );
  const { status, out } = await bailiff(
    'reports',
    'preview',
    '--json',
    ...words,
    '--log',
    `apache-auth=${recorded('error.log')}`,
  );
  assert.equal(status, 0);
  // A parse boundary: our own output.
  const read = (text: string): readonly Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const reporting = new Set(['apache-auth', 'postfix', 'postfix-sasl', 'dovecot']);
  const bans = read(replayed.out).filter(({ kind, jail }) => kind === 'ban' && reporting.has(String(jail)));
  const told = read(out).filter(({ kind }) => kind === 'report');
  const jails = told.flatMap((each) => each['jails'] as readonly string[]);
  assert.ok(bans.length > 50);
  assert.equal(jails.length, bans.length, 'each ban of a jail that reports is spoken of once');
  for (const { report, because } of told) assert.notEqual(report === null, because === null);
  const summary = read(out).at(-1);
  assert.equal(summary?.['kind'], 'summary');
  assert.equal(summary?.['sent'], told.filter(({ report }) => report !== null).length);
});
