import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor, serve } from '../control/sample-server.js';
import { MAIN, bailiff, run } from './run-bailiff.js';

test('the verbs of the cheat sheet print what fail2ban-client prints', async (t) => {
  const { path } = await serve(t);
  const said = async (...words: readonly string[]) =>
    (await bailiff('--socket', path, 'client', ...words)).out;
  assert.equal(await said('ping'), 'Server replied: pong\n');
  assert.equal(await said('version'), '1.1.0\n');
  assert.equal(await said('status'), 'Status\n|- Number of jail:\t2\n`- Jail list:\tdovecot, sshd\n');
  assert.equal(
    await said('status', 'sshd'),
    [
      'Status for the jail: sshd',
      '|- Filter',
      '|  |- Currently failed:\t3',
      '|  |- Total failed:\t40',
      '|  `- Journal matches:\t_SYSTEMD_UNIT=ssh.service + _COMM=sshd',
      '`- Actions',
      '   |- Currently banned:\t1',
      '   |- Total banned:\t9',
      '   `- Banned IP list:\t192.0.2.1',
      '',
    ].join('\n'),
  );
  assert.match(
    await said('status', 'dovecot'),
    /^\| {2}`- File list:\t\/var\/log\/a\.log \/var\/log\/b\.log$/m,
  );
  assert.match(await said('status', 'sshd', 'short'), /^ {3}`- Total banned:\t9\n$/m);
  assert.equal(await said('banned'), "[{'sshd': ['192.0.2.1']}, {'dovecot': []}]\n");
  assert.equal(await said('banned', '192.0.2.1', '192.0.2.2'), "[['sshd'], []]\n");
  assert.equal(await said('set', 'sshd', 'banip', '192.0.2.1', '192.0.2.2'), '1\n');
  assert.equal(await said('get', 'sshd', 'banip'), '192.0.2.1 192.0.2.2\n');
  assert.equal(await said('get', 'sshd', 'banip', ','), '192.0.2.1,192.0.2.2\n');
  assert.equal(await said('get', 'sshd', 'banned'), "['192.0.2.1', '192.0.2.2']\n");
  assert.equal(await said('get', 'sshd', 'banned', '192.0.2.2'), '1\n');
  assert.equal(await said('get', 'sshd', 'banned', '192.0.2.2', '192.0.2.3'), '[1, 0]\n');
  assert.equal(
    await said('get', 'sshd', 'banip', '--with-time'),
    '192.0.2.1 \t2026-11-22 12:00:00 + 3600 = 2026-11-22 13:00:00\n' +
      '192.0.2.2 \t2026-11-22 12:00:00 + 600 = 2026-11-22 12:10:00\n',
  );
  assert.equal(await said('set', 'sshd', 'unbanip', '192.0.2.2', '192.0.2.3'), '1\n');
  assert.equal(await said('unban', '192.0.2.1'), '1\n');
  assert.equal(await said('unban', '--all'), '0\n');
  assert.equal(await said('stop'), 'Shutdown successful\n');
});

test('what Fail2Ban refuses is refused in its words, with 255', async (t) => {
  const { path } = await serve(t);
  for (const [words, told, cause] of [
    [['status', 'x'], "Sorry but the jail 'x' does not exist", "NOK: ('x',)"],
    [['set', 'x', 'banip', '::1'], "Sorry but the jail 'x' does not exist", "NOK: ('x',)"],
    [['set', 'sshd', 'banip'], 'Sorry but the command is invalid', "NOK: ('list index out of range',)"],
    [['nonsense'], 'Invalid command', "NOK: ('Invalid command',)"],
    [
      ['set', 'sshd', 'unbanip', '--report-absent', '192.0.2.9'],
      "not banned: ['192.0.2.9']",
      `NOK: ("not banned: ['192.0.2.9']",)`,
    ],
  ] as const) {
    const { status, out, err } = await bailiff('client', '-s', path, ...words);
    assert.equal(status, 255, words.join(' '));
    assert.equal(out, `${told}\n`);
    assert.match(err, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban {16}\[\d+\]: ERROR {3}NOK: /);
    assert.ok(err.trimEnd().endsWith(cause), err);
  }
  const reload = await bailiff('client', '-s', path, 'reload');
  assert.equal(reload.status, 255);
  assert.match(reload.out, /not in this version/);
});

test('without a daemon the client says where it looked, with 255', async (t) => {
  const path = join(folderFor(t), 'none.sock');
  const { status, out, err } = await bailiff('client', '-s', path, 'ping');
  assert.deepEqual([status, out], [255, '']);
  assert.ok(err.includes(`ERROR   Failed to access socket path: ${path}. Is fail2ban running?`));
});

test('installed under the name fail2ban-client it is the client', async (t) => {
  const { path } = await serve(t);
  const link = join(folderFor(t), 'fail2ban-client');
  symlinkSync(MAIN, link);
  const { status, out } = await run(process.execPath, [link, '-s', path, 'ping']);
  assert.deepEqual([status, out], [0, 'Server replied: pong\n']);
  const version = await run(process.execPath, [link, '--version']);
  assert.match(version.out, /^Fail2Ban v1\.1\.0 /);
  assert.match((await run(process.execPath, [link, '--help'])).out, /^Usage: fail2ban-client /);
  assert.equal((await run(process.execPath, [link])).status, 255);
});

test('-d prints the configuration as commands, -t judges it', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'filter.d'));
  writeFileSync(join(folder, 'filter.d', 'own.conf'), '[Definition]\nfailregex = ^a <HOST>$\n  ^b <HOST>$\n');
  writeFileSync(
    join(folder, 'jail.conf'),
    `[own]\nenabled = true\nfilter = own\nlogpath = ${folder}/log\nbantime = 1h\nmaxretry = 3\nfindtime = 10m\n`,
  );
  const dump = await bailiff('client', '-c', folder, '-d');
  assert.equal(dump.status, 0, dump.err);
  const lines = dump.out.trimEnd().split('\n');
  assert.ok(lines.includes("['multi-set', 'own', 'addfailregex', ['^a <HOST>$', '^b <HOST>$']]"), dump.out);
  assert.ok(lines.includes("['set', 'own', 'bantime', '1h']"), dump.out);
  assert.equal(lines.at(-1), "['start', 'own']");
  const test = await bailiff('client', '-c', folder, '-t');
  assert.deepEqual([test.status, test.out], [0, 'OK: configuration test is successful\n']);
  writeFileSync(join(folder, 'jail.local'), '[own]\nbantime = soon\n');
  const failed = await bailiff('client', '-c', folder, '-t');
  assert.deepEqual([failed.status, failed.out], [255, 'ERROR: test configuration failed\n']);
  assert.equal((await bailiff('client', '--str2sec', '1d12h')).out, '129600\n');
});

test('-d of a jail.local alone lays it over our own files, as the daemon does', async (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'jail.local'), '[sshd]\nenabled = true\naction = %(action_abuseipdb)s\n');
  const { status, out } = await bailiff('client', '-c', folder, '-d');
  assert.equal(status, 0);
  assert.match(out, /^\['set', 'sshd', 'addaction', 'abuseipdb'\]$/m);
  assert.match(out, /^\['start', 'sshd'\]$/m);
});
