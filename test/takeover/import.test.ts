/**
 * `config import`: the configuration and the bans of a Fail2Ban installation, from its package and its own database code.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configImport } from '../../src/cli/config-import.js';
import { Terminal } from '../../src/cli/terminal.js';
import { loadConfiguration } from '../../src/config/configuration.js';
import { type TakeOver, takeOver, type TakeOverRequest } from '../../src/daemon/fail2ban/take-over.js';
import { BailiffError } from '../../src/lib/errors.js';
import { Store } from '../../src/store/store.js';
import { Daemon } from '../daemon/daemon-process.js';
import { kernelHolds } from '../daemon/kernel-holds.js';
import { PrivateHost } from '../daemon/private-host.js';
import { installation, type Installation, writeDatabase } from './installation.js';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const NOW = NOW_MS / 1000;
const HOUR = 3600;

const OWN = {
  'jail.local':
    '[DEFAULT]\nbantime = 1h\nignoreip = 198.51.100.0/24\n[sshd]\nenabled = true\nbackend = systemd\n' +
    '[exim]\nenabled = true\nlogpath = /var/log/exim4/mainlog\n' +
    '[mine]\nenabled = true\nport = 4000\nlogpath = /var/log/mine.log\naction = mine\n',
  'filter.d/mine.conf':
    '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^%(__prefix_line)sbad <HOST>$\n',
  'action.d/mine.conf': '[Definition]\nactionban = echo <ip>\nactionunban =\n',
  'jail.d/old.conf.bak': 'rubbish',
};

const BANS = [
  {
    jail: 'sshd',
    id: '192.0.2.1',
    time: NOW - HOUR / 2,
    bantime: HOUR,
    matches: ['one line', ['Nov 22 ', '11:30', ' the rest']],
    data: { user: 'root' },
  },
  { jail: 'sshd', id: '192.0.2.2', time: NOW - 2 * HOUR, bantime: HOUR, count: 3, matches: ['over'] },
  { jail: 'sshd', id: '192.0.2.3', time: NOW - 60, bantime: -1 },
  { jail: 'sshd', id: '2001:db8::5', time: NOW - 60, bantime: HOUR },
  { jail: 'sshd', id: '203.0.113.0/24', time: NOW - 60, bantime: HOUR },
  { jail: 'sshd', id: '198.51.100.9', time: NOW - 60, bantime: HOUR },
  { jail: 'sshd', id: '127.0.0.1', time: NOW - 60, bantime: HOUR },
  { jail: 'mine', id: 'account 7', time: NOW - 60, bantime: HOUR },
  { jail: 'gone', id: '192.0.2.8', time: NOW - 60, bantime: HOUR },
  { jail: 'sshd', id: '192.0.2.9', time: NOW - 60, bantime: HOUR, lifted: true },
  { jail: 'sshd', id: '192.0.2.10', time: NOW - 400 * 24 * HOUR, bantime: HOUR },
];

/** What Node is given to import the installation as an admin would. */
function importWords({ from, to, state, database }: Installation): string[] {
  const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.js');
  return [main, 'config', 'import', from, '--to', to, '--state', state, '--db', database];
}

function run(place: Installation, request: Partial<TakeOverRequest> = {}): TakeOver {
  const { from, to, state: stateDirectory, dpkg, database } = place;
  return takeOver(
    {
      from,
      to,
      database: existsSync(database) ? database : 'none',
      stateDirectory,
      replace: false,
      write: true,
      environment: { dpkg },
      ...request,
    },
    NOW_MS,
  );
}

function printed(done: TakeOver): { readonly status: number; readonly text: string } {
  let text = '';
  const terminal = new Terminal({ write: (part) => (text += part) }, { write: () => undefined });
  const status = configImport(done, true, { terminal, json: false });
  return { status, text };
}

const whatOf = ({ files }: TakeOver): Record<string, string> =>
  Object.fromEntries(files.map(({ path, what }) => [path, what]));

test("the admin's files are copied, the distribution's only where an enabled jail needs them", (context) => {
  const place = installation(context, OWN);
  const done = run(place);
  assert.deepEqual(whatOf(done), {
    'action.d/mine.conf': 'copied',
    'filter.d/common.conf': 'copied',
    'filter.d/exim-common.conf': 'copied',
    'filter.d/exim.conf': 'copied',
    'filter.d/mine.conf': 'copied',
    'jail.conf': 'copied',
    'jail.d/defaults-debian.conf': 'copied',
    'jail.local': 'copied',
    'paths-debian.conf': 'copied',
  });
  assert.deepEqual(done.leftOther, [join('jail.d', 'old.conf.bak')]);
  assert.ok(done.leftAsDistributed > 100);
});

test('the jails mean what they meant', (context) => {
  const place = installation(context, OWN);
  const done = run(place);
  assert.deepEqual(done.changedJails, []);
  const { dpkg } = place;
  const [before, after] = [place.from, place.to].map((configDirectory) =>
    loadConfiguration({ configDirectory, environment: { dpkg } }),
  );
  const told = (directory: string, of = before): string =>
    JSON.stringify(of?.jails, (_, value: unknown) => (value instanceof Map ? [...value] : value)).replaceAll(
      directory,
      '@',
    );
  assert.equal(told(place.to, after), told(place.from));
  assert.deepEqual(after?.enabledJails, ['sshd', 'exim', 'mine']);
  assert.deepEqual(after?.brokenJails, []);
});

test("where Bailiff's own jails are enough, nothing of the distribution is copied", (context) => {
  const done = run(
    installation(context, {
      'jail.local':
        '[sshd]\nenabled = false\n[postfix]\nenabled = true\nmode = more\nport = smtp\nbackend = systemd\n',
    }),
  );
  assert.deepEqual(whatOf(done), { 'jail.local': 'copied' });
});

test('a second import finds nothing new, and says so', (context) => {
  const place = installation(context, OWN, BANS);
  run(place);
  const files = (): unknown =>
    readdirSync(place.to, { recursive: true }).map((name) => [
      name,
      statSync(join(place.to, String(name))).mtimeMs,
    ]);
  const before = files();
  const again = run(place);
  assert.ok(again.files.every(({ what }) => what === 'same'));
  const { status, text } = printed(again);
  assert.equal(status, 0);
  assert.match(text, /^Nothing new\.$/m);
  assert.deepEqual(files(), before);
});

test('what the admin wrote for Bailiff stays, and is told; with --replace it is put aside', (context) => {
  const place = installation(context, OWN);
  run(place);
  const own = join(place.to, 'jail.local');
  writeFileSync(own, '[sshd]\nenabled = false\n');
  const again = run(place);
  assert.equal(whatOf(again)['jail.local'], 'kept');
  assert.equal(readFileSync(own, 'utf8'), '[sshd]\nenabled = false\n');
  const { status, text } = printed(again);
  assert.equal(status, 1);
  assert.match(text, /kept +jail\.local: it differs from the one here, which stays\./);
  assert.equal(whatOf(run(place, { replace: true }))['jail.local'], 'replaced');
  assert.equal(readFileSync(own, 'utf8'), OWN['jail.local']);
  assert.equal(readFileSync(`${own}.before-import`, 'utf8'), '[sshd]\nenabled = false\n');
});

test('what changed in Fail2Ban since then is brought up to date where the admin left the copy alone', (context) => {
  const place = installation(context, OWN);
  run(place);
  writeFileSync(join(place.from, 'jail.local'), `${OWN['jail.local']}# later\n`);
  assert.equal(whatOf(run(place))['jail.local'], 'updated');
  assert.match(readFileSync(join(place.to, 'jail.local'), 'utf8'), /# later/);
});

test('a dry run writes nothing', (context) => {
  const place = installation(context, OWN, BANS);
  const done = run(place, { write: false });
  assert.equal(whatOf(done)['jail.local'], 'copied');
  assert.ok('taken' in done.bans);
  assert.ok(!existsSync(place.to) && !existsSync(place.state));
});

test('files that only some may read stay so', (context) => {
  const place = installation(context, { ...OWN, 'fail2ban.local': '[Definition]\nloglevel = DEBUG\n' });
  spawnSync('chmod', ['600', join(place.from, 'fail2ban.local')]);
  run(place);
  assert.equal(statSync(join(place.to, 'fail2ban.local')).mode & 0o007, 0);
  assert.equal(statSync(join(place.to, 'jail.local')).mode & 0o777, 0o644);
});

test("bans in force and their history come over from Fail2Ban's own database", (context) => {
  const place = installation(context, OWN, BANS);
  const { bans } = run(place);
  assert.ok('taken' in bans);
  assert.deepEqual(
    [...bans.taken.jails].sort((one, other) => (one.jail < other.jail ? -1 : 1)),
    [
      { jail: 'gone', inForce: 0, over: 1, known: 0 },
      { jail: 'mine', inForce: 1, over: 0, known: 0 },
      { jail: 'sshd', inForce: 4, over: 1, known: 0 },
    ],
  );
  assert.deepEqual(
    bans.taken.passedOver.map(({ id, why }) => [id, why]),
    [
      ['198.51.100.9', 'ignoreip or ignoreself names it'],
      ['127.0.0.1', 'nobody is banned at such an address'],
    ],
  );
  const store = new Store(join(place.state, 'bailiff.sqlite'));
  context.after(() => store.close());
  const current = [...store.bans.current()].flat();
  assert.deepEqual(
    current.map(({ jail, target, untilMs, origin }) => `${jail} ${target} ${untilMs} ${origin}`).sort(),
    [
      `mine account 7 ${NOW_MS - 60_000 + HOUR * 1000} imported`,
      `sshd 192.0.2.1 ${NOW_MS + HOUR * 500} imported`,
      'sshd 192.0.2.3 undefined imported',
      `sshd 2001:db8::5 ${NOW_MS - 60_000 + HOUR * 1000} imported`,
      `sshd 203.0.113.0/24 ${NOW_MS - 60_000 + HOUR * 1000} imported`,
    ],
  );
  const [ban] = store.bans.history(['192.0.2.1'], 5);
  assert.deepEqual(ban?.evidence, ['one line', 'Nov 22 11:30 the rest']);
  assert.equal(ban?.failures, 2);
  const [over] = store.bans.history(['192.0.2.2'], 5);
  assert.deepEqual([over?.endedAtMs, over?.endedWhy], [NOW_MS - HOUR * 1000, 'expired']);
  assert.deepEqual(store.bans.lastBans('192.0.2.2'), [{ jail: 'sshd', banCount: 3 }]);
  assert.equal(store.bans.history(['192.0.2.8'], 5)[0]?.endedWhy, 'jail-gone');
});

test('an imported ban that was lifted since is not taken over again', (context) => {
  const place = installation(context, OWN, BANS);
  run(place);
  const store = new Store(join(place.state, 'bailiff.sqlite'));
  context.after(() => store.close());
  store.bans.end({ kind: 'unban', jail: 'sshd', target: '192.0.2.1', atMs: NOW_MS, why: 'hand' });
  run(place);
  assert.ok(![...store.bans.current()].flat().some(({ target }) => target === '192.0.2.1'));
});

test('bans that Fail2Ban adds between two imports come over with the second', (context) => {
  const place = installation(context, OWN, BANS);
  run(place);
  writeDatabase(place.database, [{ jail: 'sshd', id: '192.0.2.77', time: NOW - 5, bantime: HOUR }]);
  const { bans } = run(place);
  assert.ok('taken' in bans);
  assert.equal(bans.taken.jails.find(({ jail }) => jail === 'sshd')?.inForce, 1);
});

function failure(work: () => unknown): BailiffError {
  try {
    work();
  } catch (error) {
    if (error instanceof BailiffError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

test('a damaged database is one clear error, before anything is written', (context) => {
  const place = installation(context, OWN, BANS);
  const size = statSync(place.database).size;
  truncateSync(place.database, Math.floor(size / 2 / 4096) * 4096);
  assert.equal(failure(() => run(place)).code, 'import.database');
  assert.ok(!existsSync(place.to));
  writeFileSync(place.database, 'no database at all, but a text of some length'.repeat(50));
  assert.equal(failure(() => run(place)).code, 'import.database');
  assert.equal(failure(() => run(place, { database: `${place.database}.none` })).code, 'import.database');
});

test('a database of another schema is refused by its version', (context) => {
  const place = installation(context, OWN, BANS);
  const script =
    'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("UPDATE fail2banDb SET version=2"); c.commit()';
  spawnSync('python3', ['-c', script, place.database]);
  assert.equal(failure(() => run(place)).code, 'import.database-version');
});

test('a database that Fail2Ban holds open is read and left as it is', (context) => {
  const place = installation(context, OWN, BANS);
  const before = readFileSync(place.database);
  const script =
    'import sqlite3,subprocess,sys; c=sqlite3.connect(sys.argv[1]); c.execute("PRAGMA journal_mode=MEMORY"); c.execute("SELECT * FROM bips").fetchone(); ' +
    'sys.exit(subprocess.call(sys.argv[2:]))';
  const { status, stdout } = spawnSync(
    'python3',
    ['-c', script, place.database, process.execPath, ...importWords(place)],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
  assert.match(stdout, /sshd: \d+ in force/);
  assert.deepEqual(readFileSync(place.database), before);
});

test('a database that Fail2Ban is writing to is waited for', async (context) => {
  const place = installation(context, OWN, BANS);
  const script =
    'import sqlite3,sys; c=sqlite3.connect(sys.argv[1], isolation_level=None); c.execute("BEGIN EXCLUSIVE"); ' +
    'print("locked", flush=True); sys.stdin.readline(); c.execute("COMMIT")';
  const writer = spawn('python3', ['-c', script, place.database], { stdio: ['pipe', 'pipe', 'inherit'] });
  context.after(() => writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  const importing = spawn(process.execPath, importWords(place), { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(importing, 'close');
  // It cannot have read anything yet: the lock is released only now.
  writer.stdin.end('\n');
  await ended;
  assert.equal(importing.exitCode, 0);
});

test('a directory without jails, and the same directory twice, are refused', (context) => {
  const place = installation(context, OWN);
  assert.equal(failure(() => run(place, { from: place.dpkg })).code, 'import.no-configuration');
  assert.equal(failure(() => run(place, { to: place.from })).code, 'import.same-directory');
  assert.equal(failure(() => run(place, { to: join(place.from, 'bailiff') })).code, 'import.same-directory');
});

test('the next start restores what was imported, firewall included, and recidive does not count it', async (t) => {
  const host = await PrivateHost.open(t);
  const now = Math.floor(Date.now() / 1000);
  const own = {
    'jail.local':
      '[DEFAULT]\nbanaction = nftables\n[sshd]\nenabled = true\nbackend = polling\nlogpath = /dev/null\nport = ssh\n' +
      '[recidive]\nenabled = true\nmaxretry = 1\nlogpath = /dev/null\n',
  };
  const place = installation(t, own, [
    { jail: 'sshd', id: '192.0.2.1', time: now - 60, bantime: 3600, matches: ['a line'] },
    { jail: 'sshd', id: '192.0.2.2', time: now - 7200, bantime: 3600 },
  ]);
  const { from, to, database, dpkg } = place;
  const state = join(host.folder, 'state');
  const request = {
    from,
    to,
    database,
    stateDirectory: state,
    replace: false,
    write: true,
    environment: { dpkg },
  };
  takeOver(request, Date.now());
  const daemon = await new Daemon(t, host, { words: ['--enforce', 'nftables'], config: to, state }).ready();
  await daemon.says('[sshd] Restore Ban 192.0.2.1');
  await kernelHolds(host, 'sshd-4-32', ['192.0.2.1']);
  assert.doesNotMatch(daemon.log, /\[recidive\] (?:Found|Ban)|Ban 192\.0\.2\.2/);
  assert.match((await daemon.command('explain', '192.0.2.1')).out, /a line/);
});

test('a directory that cannot be written is one clear error', (context) => {
  const place = installation(context, OWN);
  const { code, where } = failure(() => run(place, { to: '/dev/null/bailiff' }));
  assert.equal(code, 'import.write');
  assert.match(where.file ?? '', /^\/dev\/null\/bailiff\//);
});
