import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/lib/package-root.js';
import { bailiff, type Ran } from '../cli/run-bailiff.js';

const JAIL = '[DEFAULT]\nmaxretry = 5\n[sshd]\nenabled = true\nlogpath = /var/log/auth.log\n';

interface Kept {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  readonly knownGood: (...words: string[]) => Promise<Ran>;
}

function kept(t: TestContext): Kept {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-known-good-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, 'etc', path)), { recursive: true });
    writeFileSync(join(folder, 'etc', path), text);
  };
  write('jail.local', JAIL);
  const places = [
    '--config',
    join(folder, 'etc'),
    '--state',
    join(folder, 'state'),
    '--socket',
    join(folder, 'none'),
  ];
  return { folder, write, knownGood: (...words) => bailiff('known-good', ...words, ...places) };
}

test('what is kept does not differ from itself, and what was changed is told line by line', async (t) => {
  const { write, knownGood, folder } = kept(t);
  write('action.d/abuseipdb.local', '[Init]\nabuseipdb_apikey = hush0123456789abcdef\n');
  write('filter.d/old.conf', '[Definition]\nfailregex = ^y <HOST>$\n');
  const saved = await knownGood('save');
  assert.deepEqual([saved.status, saved.err], [0, '']);
  assert.match(saved.out, /^Kept as known good: \d+ files and \d+ facts, in .*known-good\.json$/m);
  const same = await knownGood('check');
  assert.equal(same.status, 0);
  assert.match(same.out, /^Nothing differs since /);

  write('jail.local', JAIL.replace('maxretry = 5', 'maxretry = 3\nfindtime = 1h'));
  write('action.d/abuseipdb.local', '[Init]\nabuseipdb_apikey = hush0123456789aaaaaa\n');
  rmSync(join(folder, 'etc', 'filter.d', 'old.conf'));
  write('filter.d/new.conf', '[Definition]\nfailregex = ^x <HOST>$\n');
  chmodSync(join(folder, 'etc', 'jail.local'), 0o600);
  const { status, out } = await knownGood('check');
  assert.equal(status, 1);
  assert.match(out, /^changed jail sshd: failure\.maxretry\n {2}- 5\n {2}\+ 3$/m);
  assert.match(out, /^changed jail sshd: failure\.findtimeSeconds\n {2}- 600\n {2}\+ 3600$/m);
  assert.match(
    out,
    /^changed file: .*\/jail\.local\n {2}- maxretry = 5\n {2}\+ maxretry = 3\n {2}\+ findtime = 1h$/m,
  );
  assert.match(
    out,
    /^changed file: .*abuseipdb\.local\n {2}- abuseipdb_apikey = …cdef\n {2}\+ abuseipdb_apikey = …aaaa$/m,
  );
  assert.match(out, /^removed file: .*\/filter\.d\/old\.conf\n(?! )/m);
  assert.match(out, /^added file: .*\/filter\.d\/new\.conf\n {2}\+ \[Definition\]\n/m);
  assert.match(out, /^changed access: .*\/jail\.local\n {2}- 0644 \d+:\d+\n {2}\+ 0600 \d+:\d+$/m);
  // A parse boundary: our own output.
  const told = JSON.parse((await knownGood('check', '--json')).out) as {
    same: boolean;
    differences: unknown[];
  };
  assert.equal(told.same, false);
  assert.match(out, new RegExp(`^${told.differences.length} differ since`, 'm'));
  await knownGood('save');
  assert.equal((await knownGood('check')).status, 0, 'the new state is the known-good one now');
});

test('files of every layer are kept; of others that they are there, and not what is in them', async (t) => {
  const { write, knownGood, folder } = kept(t);
  write('jail.d/a.conf', '[sshd]\nmaxretry = 4\n');
  write('bailiff.local', '[Definition]\nloglevel = notice\n');
  write('abuseipdb.key', 'hush0123456789abcdef\n');
  write('jail.local~', 'abuseipdb_apikey = hush0123456789abcdef\n');
  await knownGood('save');
  const file = join(folder, 'state', 'known-good.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!readFileSync(file, 'utf8').includes('hush0123'));
  // A parse boundary: our own file.
  const { files } = JSON.parse((await knownGood('show', '--json')).out) as {
    files: readonly { path: string; access: string; text?: string }[];
  };
  const textOf = (path: string): string | undefined => files.find((each) => each.path === path)?.text;
  for (const path of ['jail.conf', 'jail.local', 'jail.d/a.conf', 'bailiff.local', 'filter.d/sshd.conf']) {
    const root = files.some((each) => each.path === join(folder, 'etc', path))
      ? join(folder, 'etc')
      : join(packageRoot, 'config');
    assert.equal(textOf(join(root, path)), readFileSync(join(root, path), 'utf8'), path);
  }
  for (const path of ['abuseipdb.key', 'jail.local~']) {
    assert.ok(
      files.some((each) => each.path === join(folder, 'etc', path)),
      path,
    );
    assert.equal(textOf(join(folder, 'etc', path)), undefined);
  }
});

test('the document tells the host, the jails and the files', async (t) => {
  const { knownGood } = kept(t);
  await knownGood('save');
  const { status, out } = await knownGood('show');
  assert.equal(status, 0);
  assert.match(out, /^# Known good: /);
  for (const heading of [
    'Host',
    'Networks',
    'Packages',
    'Listening',
    'Settings',
    'Jail sshd',
    'Daemon',
    'Files',
  ])
    assert.match(out, new RegExp(`^## ${heading}$`, 'm'));
  assert.match(out, /^- failure\.maxretry: 5$/m);
  assert.match(out, /^### .*\/jail\.local$/m);
  assert.match(out, /^ {4}logpath = \/var\/log\/auth\.log$/m);
  assert.match(out, /^- mode: no daemon runs$/m);
});

test('nothing is compared where nothing is kept, nor kept where the configuration does not hold', async (t) => {
  const { write, knownGood, folder } = kept(t);
  for (const verb of ['check', 'show']) {
    const none = await knownGood(verb);
    assert.equal(none.status, 1);
    assert.match(none.err, /known-good save.*\(known-good\.none\)/s);
  }
  write('jail.local', JAIL.replace('maxretry = 5', 'maxretry = many'));
  const broken = await knownGood('save');
  assert.equal(broken.status, 4);
  assert.match(broken.err, /Nothing was kept/);
  assert.equal((await knownGood('show')).status, 1);
  mkdirSync(join(folder, 'state'));
  for (const text of ['{"version":7}', 'x']) {
    writeFileSync(join(folder, 'state', 'known-good.json'), text);
    const unreadable = await knownGood('check');
    assert.equal(unreadable.status, 1);
    assert.match(unreadable.err, /\(known-good\.unreadable\)/);
  }
});

test('a link in the place of the new file is not followed', async (t) => {
  const { knownGood, folder } = kept(t);
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'victim'), 'mine');
  for (const name of ['known-good.json', 'known-good.json.new'])
    symlinkSync(join(folder, 'victim'), join(folder, 'state', name));
  assert.equal((await knownGood('save')).status, 0);
  assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'mine');
});
