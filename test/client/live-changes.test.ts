import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { kernelSet } from '../action/kernel-set.js';
import { failedPassword, syslogLine } from '../daemon/attack.js';
import { Daemon, until } from '../daemon/daemon-process.js';
import { kernelHolds } from '../daemon/kernel-holds.js';
import { PrivateHost } from '../daemon/private-host.js';
import { type Ran, bailiff } from '../cli/run-bailiff.js';

const ENFORCE = { words: ['--enforce', 'nftables'] } as const;

interface Guarded {
  readonly host: PrivateHost;
  readonly daemon: Daemon;
  readonly log: string;
  /** Failures of an address, one a line. */
  readonly fail: (address: string, count: number) => void;
  readonly client: (...words: readonly string[]) => Promise<Ran>;
}

function jail(name: string, log: string, more: string): string {
  return `[${name}]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\nfindtime = 10m\nbantime = 1h\n${more}\n`;
}

async function guarded(t: TestContext, configuration: (log: string) => string): Promise<Guarded> {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(configuration(log));
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  let index = 0;
  return {
    host,
    daemon,
    log,
    fail: (address, count) => {
      for (let each = 0; each < count; each += 1) {
        index += 1;
        appendFileSync(log, syslogLine(failedPassword(address, index), index));
      }
    },
    client: (...words) => daemon.command('client', ...words),
  };
}

function failed(daemon: Daemon, name: string, count: number): Promise<unknown> {
  return daemon.until({ verb: 'jail', jail: name }, ({ totalFailed }) => totalFailed >= count);
}

test('a reload that changes maxretry keeps what was counted, and tells what it changed', async (t) => {
  const { host, daemon, log, fail, client } = await guarded(t, (path) => jail('sshd', path, 'maxretry = 9'));
  fail('192.0.2.1', 3);
  await failed(daemon, 'sshd', 3);
  host.configure(jail('sshd', log, 'maxretry = 4'));
  assert.deepEqual(await client('reload'), { status: 0, out: 'OK\n', err: '' });
  await daemon.says('Read again: changed sshd.');
  assert.equal((await client('get', 'sshd', 'maxretry')).out, '4\n');
  fail('192.0.2.1', 1);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);
  assert.equal((await daemon.ask({ verb: 'jail', jail: 'sshd' })).totalFailed, 4);
  await client('reload');
  await daemon.says('Read again: nothing changed.');
});

test('every line is counted once, however often the filter is changed meanwhile', async (t) => {
  const { host, daemon, log, fail, client } = await guarded(t, (path) =>
    jail('sshd', path, 'maxretry = 100000\nsameattempt = no'),
  );
  for (let round = 1; round <= 8; round += 1) {
    host.configure(jail('sshd', log, `maxretry = 100000\nsameattempt = no\nignoreregex = ^round ${round}$`));
    fail('192.0.2.1', 40);
    const reloaded = client('reload', 'sshd');
    fail('192.0.2.2', 40);
    assert.equal((await reloaded).status, 0);
  }
  await failed(daemon, 'sshd', 640);
  const { totalFailed } = await daemon.ask({ verb: 'jail', jail: 'sshd' });
  assert.equal(totalFailed, 640);
  const { counters } = await daemon.ask({ verb: 'status' });
  assert.equal(counters['workerRestarts'], 0);
});

test('a jail whose new configuration is broken runs on, and says so everywhere it is asked, until it is mended', async (t) => {
  const { host, daemon, log, fail, client } = await guarded(
    t,
    (path) => jail('sshd', path, 'maxretry = 3') + jail('other', path, 'maxretry = 50'),
  );
  fail('192.0.2.1', 1);
  await failed(daemon, 'sshd', 1);
  host.configure(
    jail('sshd', log, 'maxretry = 3\nfailregex = ^( <HOST>') + jail('other', log, 'maxretry = 60'),
  );
  const reloaded = await client('reload');
  assert.deepEqual([reloaded.status, reloaded.out], [0, 'OK\n']);
  assert.match(
    reloaded.err,
    /ERROR {3}Errors in jail 'sshd'\. It runs on with its last valid one\. .*filter\.regex/,
  );
  await daemon.says(
    /sshd: Its new configuration is wrong, so it runs on with its last valid one: .*filter\.regex/,
  );
  assert.equal((await client('get', 'other', 'maxretry')).out, '60\n', 'the others take theirs over');
  fail('192.0.2.1', 2);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);

  const told = await client('status', 'sshd');
  assert.match(told.out, /Currently banned:\t1\n/);
  assert.match(
    told.err,
    /WARNING Jail 'sshd' runs on with its last valid configuration; the new one is wrong: /,
  );
  const overview = await daemon.ask({ verb: 'jail', jail: 'sshd' });
  assert.match(overview.outdated ?? '', /filter\.regex/);
  assert.match((await daemon.command('status', 'sshd')).out, /^outdated: .*last valid configuration/m);
  assert.match((await daemon.command('status')).out, /sshd: Its new configuration is wrong/);
  const alone = await client('reload', 'sshd');
  assert.deepEqual([alone.status, alone.out], [255, '']);

  host.configure(jail('sshd', log, 'maxretry = 5') + jail('other', log, 'maxretry = 60'));
  assert.deepEqual(await client('reload'), { status: 0, out: 'OK\n', err: '' });
  assert.equal((await daemon.ask({ verb: 'jail', jail: 'sshd' })).outdated, null);
  assert.doesNotMatch((await daemon.command('status')).out, /Its new configuration is wrong/);
  assert.equal((await client('status', 'sshd')).err, '');
});

test('a file that cannot be read as a whole changes nothing, and the reload fails', async (t) => {
  const { host, daemon, log, client } = await guarded(
    t,
    (path) => jail('sshd', path, 'maxretry = 3') + jail('other', path, 'maxretry = 50'),
  );
  const mangled = jail('other', log, 'maxretry = 60').replace('[other]', '[other');
  host.configure(jail('sshd', log, 'maxretry = 4') + mangled);
  const reloaded = await client('reload');
  assert.deepEqual([reloaded.status, reloaded.out], [255, '']);
  assert.match(reloaded.err, /ERROR {3}Failed during configuration: .*config\./);
  assert.equal((await client('status')).out.split('\t').at(-1), 'other, sshd\n');
  assert.equal((await client('get', 'sshd', 'maxretry')).out, '3\n');
  assert.notEqual((await daemon.ask({ verb: 'jail', jail: 'other' })).outdated, null);
});

test('SIGHUP adds a jail, which looks back, and takes one away with its bans; brought back, it has them again', async (t) => {
  const { host, daemon, log, fail, client } = await guarded(t, (path) => jail('first', path, 'maxretry = 3'));
  fail('192.0.2.1', 3);
  await kernelHolds(host, 'first-4-32', ['192.0.2.1']);
  host.configure(jail('first', log, 'maxretry = 3') + jail('second', log, 'maxretry = 2'));
  process.kill(daemon.pid, 'SIGHUP');
  await daemon.says('Read again: added second.');
  await kernelHolds(host, 'second-4-32', ['192.0.2.1']);
  assert.ok(kernelSet(host, 'first-4-32').has('192.0.2.1'));

  host.configure(jail('second', log, 'maxretry = 2'));
  process.kill(daemon.pid, 'SIGHUP');
  await daemon.says('Read again: removed first.');
  await until('the set of the first jail to go', () => !/first-4-32/.test(host.run('nft', 'list', 'sets')));
  assert.equal((await client('status', 'first')).status, 255);

  host.configure(jail('second', log, 'maxretry = 2') + jail('first', log, 'maxretry = 3'));
  assert.equal((await client('reload')).status, 0);
  await daemon.says('[first] Restore Ban 192.0.2.1');
  await kernelHolds(host, 'first-4-32', ['192.0.2.1']);
});

test('expressions and files that are added hold from the next line on', async (t) => {
  const { host, daemon, fail, client } = await guarded(t, (path) => jail('sshd', path, 'maxretry = 3'));
  const extra = join(host.folder, 'extra.log');
  writeFileSync(extra, '');
  const line = (pid: number): string => syslogLine('intruder from 192.0.2.50', pid);
  assert.equal((await client('set', 'sshd', 'addlogpath', extra)).status, 0);
  assert.equal((await client('set', 'sshd', 'addfailregex', '^intruder from <HOST>$')).status, 0);
  appendFileSync(extra, line(1) + line(2) + line(3));
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.50']);
  fail('192.0.2.51', 3);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.50', '192.0.2.51']);
  assert.equal((await client('set', 'sshd', 'addignoreip', '192.0.2.52')).status, 0);
  fail('192.0.2.52', 3);
  await daemon.says('[sshd] Ignore 192.0.2.52 by ip', 3);
});

test('an ignorecommand that is set is asked from the next failure on, until the next reload', async (t) => {
  const { host, daemon, fail, client } = await guarded(t, (path) => jail('sshd', path, 'maxretry = 3'));
  assert.equal((await client('set', 'sshd', 'ignorecommand', 'test "<ip>" = 192.0.2.52')).status, 0);
  fail('192.0.2.52', 3);
  await daemon.says('[sshd] Ignore 192.0.2.52 by command', 3);
  fail('192.0.2.53', 3);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.53']);
  await client('reload');
  fail('192.0.2.52', 3);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.52', '192.0.2.53']);
});

test('a jail that was idle counts what was logged meanwhile', async (t) => {
  const { host, fail, client } = await guarded(
    t,
    (path) => jail('sshd', path, 'maxretry = 3') + jail('other', path, 'maxretry = 2'),
  );
  assert.equal((await client('set', 'sshd', 'idle', 'on')).out, 'True\n');
  fail('192.0.2.1', 3);
  await kernelHolds(host, 'other-4-32', ['192.0.2.1']);
  assert.equal(kernelSet(host, 'sshd-4-32').size, 0);
  assert.equal((await client('set', 'sshd', 'idle', 'off')).out, 'False\n');
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);
});

test('a reload wakes a jail that was told to be idle, and a slip in `enabled` takes no jail away', async (t) => {
  const { host, log, fail, client } = await guarded(t, (path) => jail('sshd', path, 'maxretry = 3'));
  await client('set', 'sshd', 'idle', 'on');
  fail('192.0.2.1', 3);
  assert.equal((await client('reload')).status, 0);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);
  host.configure(jail('sshd', log, 'maxretry = 3').replace('enabled = true', 'enabled = tru'));
  const { out, err } = await client('reload');
  assert.equal(out, 'OK\n');
  assert.match(err, /Errors in jail 'sshd'\. It runs on with its last valid one\. .*enabled/);
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);
});

test('`start` begins a daemon in the background, `restart` another one', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(jail('sshd', log, 'maxretry = 3'));
  host.settings(`statedir = ${join(host.folder, 'state')}\nenforce = none\n`);
  const socket = join(host.folder, 'bailiff.sock');
  const client = (...words: readonly string[]): Promise<Ran> =>
    bailiff('--config', join(host.folder, 'config'), '--socket', socket, 'client', ...words);
  // Not after the test: the folder with its socket would be gone by then.
  try {
    assert.deepEqual(await client('start'), { status: 0, out: 'Server ready\n', err: '' });
    assert.match((await client('start')).err, /ERROR {3}Server already running\n$/);
    const { out, status } = await client('restart');
    assert.deepEqual([status, out], [0, 'Shutdown successful\nServer ready\n']);
    assert.match((await client('status')).out, /sshd/);
  } finally {
    await client('stop');
  }
});
