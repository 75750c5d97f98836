import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor, serve } from '../control/sample-server.js';
import { ClientOutput } from '../../src/cli/client-output.js';
import { shapeOf } from '../../src/cli/client-shapes.js';
import { MAIN, bailiff, run } from './run-bailiff.js';

test('what the daemon answers is printed, what it refuses is refused, with 255', async (t) => {
  const { path } = await serve(t);
  const ping = await bailiff('--socket', path, 'client', 'ping');
  assert.deepEqual([ping.status, ping.out], [0, 'Server replied: pong\n']);
  const { status, out, err } = await bailiff('client', '-s', path, 'nonsense');
  assert.deepEqual([status, out], [255, 'Invalid command\n']);
  assert.match(
    err,
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban {16}\[\d+\]: ERROR {3}NOK: \('Invalid command',\)\n$/,
  );
});

test('hidden characters of an answer are made visible, line by line', () => {
  const tree = [
    { tuple: ['Filter', [{ tuple: ['Journal matches', ['A=1 + B=2']] }]] },
    { tuple: ['Actions', [{ tuple: ['Banned IP list', ['192.0.2.1', 'x\u001b[2J']] }]] },
  ];
  let out = '';
  const output = new ClientOutput({ write: (text) => (out += text) }, { write: () => undefined });
  output.print(shapeOf(['status', 'sshd'], tree));
  assert.equal(
    out,
    [
      'Status for the jail: sshd',
      '|- Filter',
      '|  `- Journal matches:\tA=1 + B=2',
      '`- Actions',
      '   `- Banned IP list:\t192.0.2.1 x\\x1b[2J',
      '',
    ].join('\n'),
  );
});

test('the answers of a jail over the journal have the shapes of Fail2Ban', () => {
  assert.equal(
    shapeOf(['get', 'sshd', 'journalmatch'], [['A=1', 'B=2'], ['C=3']]),
    'Current match filter:\nA=1 B=2 + C=3',
  );
  assert.equal(
    shapeOf(['get', 'sshd', 'datepattern'], null),
    'Current date pattern set to: Not set/required',
  );
  assert.equal(shapeOf(['stats'], { dict: [] }), 'No jails found.');
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
  assert.equal(version.out, 'Fail2Ban v1.1.0\n');
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
  assert.deepEqual([failed.status, failed.out], [255, '']);
  assert.match(failed.err, /ERROR {3}.*config\.time[^]*ERROR {3}ERROR: test configuration failed\n$/);
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
