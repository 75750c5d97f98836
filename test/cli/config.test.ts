import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../control/sample-server.js';
import { bailiff } from './run-bailiff.js';

/** A configuration directory with one jail that holds, and what `local` adds. */
function directory(t: TestContext, local: string): string {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'filter.d'));
  writeFileSync(join(folder, 'filter.d', 'own.conf'), '[Definition]\nfailregex = ^a <HOST>$\n');
  writeFileSync(join(folder, 'jail.conf'), `[own]\nenabled = true\nfilter = own\nlogpath = ${folder}/log\n`);
  writeFileSync(join(folder, 'jail.local'), local);
  return folder;
}

test('a configuration that holds is 0', async (t) => {
  const { status, out } = await bailiff('config', 'check', '--config', directory(t, ''));
  assert.equal(status, 0, out);
  assert.match(out, /^Jails: .*\bown\b/m);
});

test('a wrong time is told with file, line, section, option, remedy and code, and is 4', async (t) => {
  const folder = directory(t, '[own]\nfindtime = soon\n');
  const { status, out } = await bailiff('config', 'check', '--config', folder);
  assert.equal(status, 4);
  assert.match(out, /^Errors:$/m);
  const line = out.split('\n').find((text) => text.includes('config.time')) ?? '';
  assert.ok(line.startsWith(`${folder}/jail.local:2: [own] findtime: `), line);
  assert.match(line, /Write .*\(config\.time\)$/);
  assert.match(out, /^Left out: own$/m);
});

test('an unknown key is a warning, 0, and 4 with --strict', async (t) => {
  const folder = directory(t, '[own]\nbantiem = 1h\n');
  const lax = await bailiff('config', 'check', '--config', folder);
  assert.equal(lax.status, 0, lax.out);
  assert.match(lax.out, /^Warnings:\n.*bantiem.*bantime/m);
  assert.equal((await bailiff('config', 'check', '--strict', '--config', folder)).status, 4);
  const { problems } = JSON.parse((await bailiff('config', 'check', '--json', '--config', folder)).out);
  assert.deepEqual(
    problems.map(({ severity }: { severity: string }) => severity),
    ['warning'],
  );
});

test('an expression that does not compile is told where it stands, and is 4', async (t) => {
  const folder = directory(t, '');
  writeFileSync(join(folder, 'filter.d', 'own.conf'), '[Definition]\nfailregex = ^(a <HOST>$\n');
  const { status, out } = await bailiff('config', 'check', '--config', folder);
  assert.equal(status, 4);
  assert.match(out, /filter\.d\/own\.conf:2: /);
});

test('dump shows each jail and no secret', async (t) => {
  const folder = directory(t, '[own]\naction = tell[api_key=hush-hush, port=22]\nmaxretry = 7\n');
  mkdirSync(join(folder, 'action.d'));
  writeFileSync(
    join(folder, 'action.d', 'tell.conf'),
    '[Definition]\nactionban = true <api_key>\nactionunban =\n[Init]\napi_key =\nport =\n',
  );
  const { status, out, err } = await bailiff('config', 'dump', '--config', folder);
  assert.equal(status, 0, err);
  const own = JSON.parse(out).jails.find(({ name }: { name: string }) => name === 'own');
  assert.equal(own.failure.maxretry, 7);
  assert.equal(own.actions[0].parameters.port, '22');
  const json = await bailiff('config', 'dump', '--json', '--config', folder);
  assert.deepEqual(JSON.parse(json.out), JSON.parse(out));
  const stream = await bailiff('config', 'dump', '--as', 'fail2ban', '--config', folder);
  assert.match(stream.out, /^\['add', 'own', 'auto'\]$/m);
  assert.match(stream.out, /^\['set', 'own', 'addaction', 'tell'\]$/m);
  for (const text of [out, json.out, stream.out]) assert.ok(!text.includes('hush-hush'));
  assert.equal((await bailiff('config', 'dump', '--as', 'xml', '--config', folder)).status, 2);
});
