/**
 * `bailiff match --as fail2ban` beside fail2ban-regex 1.1.0: the same words, the same output, the same exit status.
 * Left out of the comparison: how long it took, and in which order Python has the members of a set.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fail2banRegex } from '../../src/cli/fail2ban-regex.js';
import { spokenWords } from '../../src/cli/spoken-words.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { fail2ban } from '../dialect/fail2ban.js';
import { canUse, exportEntry, RemoteJournal } from '../source/test-journals.js';
import { CALLS, FILES } from './regex-calls.js';

process.env['TZ'] = 'UTC';

const { pythonPath, configuration } = fail2ban('1.1.0');
const folder = mkdtempSync(join(tmpdir(), 'bailiff-regex-'));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(configuration, folder, { recursive: true });
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

interface Said {
  readonly status: number | null;
  readonly out: string;
  /** The error itself, without the usage before it. */
  readonly err: string;
}

/** What Fail2Ban says to each call. */
function theirs(calls: readonly (readonly string[])[]): readonly Said[] {
  const oracle = join(packageRoot, 'test', 'takeover', 'regex-oracle.py');
  const { status, stdout, stderr } = spawnSync('python3', [oracle], {
    encoding: 'utf8',
    input: JSON.stringify(calls),
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8' },
  });
  assert.equal(status, 0, stderr);
  const read = JSON.parse(stdout) as [number, string, string][];
  return read.map(([each, out, err]) => said(each, out, err));
}

async function ours(words: readonly string[]): Promise<Said> {
  let out = '';
  let err = '';
  const status = await fail2banRegex(words, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    configDirectory: undefined,
  });
  return said(status, out, err);
}

function said(status: number | null, out: string, err: string): Said {
  const timeless = out
    .replace(/processed in [\d.]+ sec/g, 'processed')
    // What has no time of its own is shown with the moment of the call.
    .replace(/\w{3} \w{3} \d\d [\d:]{8} \d{4}$/gm, (at) =>
      Date.now() - Date.parse(at) < 600_000 ? 'now' : at,
    )
    .replace(/'users': \{[^}]*\}/g, (set) =>
      set
        .split(/[{},]\s*/)
        .sort()
        .join(),
    );
  return { status, out: timeless, err: err.trimEnd().split('\n').at(-1) ?? '' };
}

const placed = (words: readonly string[]): readonly string[] =>
  words.map((word) => word.replaceAll('@/', `${folder}/`));
const inFolder = (words: readonly string[]): readonly string[] =>
  words.includes('-c') ? placed(words) : ['-c', folder, ...placed(words)];

const expected = theirs(CALLS.map(inFolder));
for (const [index, call] of CALLS.entries()) {
  test(`fail2ban-regex ${call.join(' ').slice(0, 90)}`, async () => {
    assert.deepEqual(await ours(inFolder(call)), expected[index]);
  });
}

test('what is wrong is told as Fail2Ban tells it, but for the reason of Python', async () => {
  const calls = [
    ['@/ssh.log', '(<HOST>'],
    ['@/ssh.log', '<HOST>', '('],
    ['-d', '%Q', '@/ssh.log', 'sshd'],
    [],
    ['only one'],
    ['--print-all-missed', '--print-no-missed', 'x', '<HOST>'],
  ].map(inFolder);
  const shared = ({ status, out, err }: Said): unknown => {
    const line = /^ERROR: .*/m.exec(out)?.[0] ?? '';
    return [status, err, line.replace(/(char\)):.*/, '$1')];
  };
  for (const [index, other] of theirs(calls).entries())
    assert.deepEqual(shared(await ours(calls[index] ?? [])), shared(other));
});

test("the package's sample logs give the same summaries through its own filters", async (context) => {
  const logs = join(pythonPath, 'fail2ban', 'tests', 'files', 'logs');
  const filters = new Set(readdirSync(join(folder, 'filter.d')));
  const names = readdirSync(logs).filter(
    (name) => filters.has(`${name}.conf`) && statSync(join(logs, name)).isFile(),
  );
  const calls = names.map((name) => inFolder(['-v', '--usedns', 'no', join(logs, name), name]));
  for (const [index, other] of theirs(calls).entries())
    assert.deepEqual(await ours(calls[index] ?? []), other, names[index]);
  context.diagnostic(`${names.length} logs`);
  assert.ok(names.length > 90);
});

test('the words of fail2ban-regex follow `match --as fail2ban` or come by its name', () => {
  assert.deepEqual(spokenWords('fail2ban-regex', ['-v', 'x', 'y']), ['fail2ban-regex', '-v', 'x', 'y']);
  assert.deepEqual(spokenWords('main.js', ['match', '--as', 'fail2ban', '-v', 'x']), [
    'fail2ban-regex',
    '-v',
    'x',
  ]);
  assert.deepEqual(spokenWords('main.js', ['--config', 'd', 'match', '--as=fail2ban', 'x']), [
    '--config',
    'd',
    'fail2ban-regex',
    'x',
  ]);
  assert.deepEqual(spokenWords('main.js', ['match', 'sshd', '--as', 'fail2ban']), [
    'match',
    'sshd',
    '--as',
    'fail2ban',
  ]);
  assert.deepEqual(spokenWords('main.js', ['explain', 'match', '--as', 'fail2ban']), [
    'explain',
    'match',
    '--as',
    'fail2ban',
  ]);
});

// What fail2ban-regex 1.1.0 prints over the same journal with Python's bindings of it, but for the microseconds.
test('the journal is read by the match of the filter or of -m', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const journal = new RemoteJournal(t);
  const entry = (number: number, ident: string, MESSAGE: string): string =>
    exportEntry(number, { _COMM: ident, SYSLOG_IDENTIFIER: ident, _PID: '7', _HOSTNAME: 'mx', MESSAGE });
  journal.write(entry(1, 'sshd', 'Failed password for root from 192.0.2.1 port 4 ssh2'));
  journal.write(entry(2, 'sshd', 'Server listening on port 22'));
  journal.write(entry(3, 'cron', 'Failed password for root from 192.0.2.2 port 4 ssh2'));
  await journal.end();
  const log = `systemd-journal[journalpath=${journal.directory}]`;
  const { out, status } = await ours(inFolder(['--print-all-matched', log, 'sshd']));
  assert.equal(status, 0);
  assert.match(
    out,
    /Use {9}systemd journal\nUse {9}encoding : UTF-8\nUse {4}journal match : _SYSTEMD_UNIT=ssh.service \+ _COMM=sshd\n/,
  );
  assert.match(out, /Lines: 2 lines, 0 ignored, 1 matched, 1 missed/);
  assert.match(out, /\| {2}2026-11-22T15:40:53\+00:00 mx sshd\[7\]: Failed password for root from 192.0.2.1/);
  assert.match(out, /\| {2}2026-11-22T15:40:54\+00:00 mx sshd\[7\]: Server listening on port 22/);
  const row = await ours(
    inFolder(['-m', '_COMM=cron', '-o', 'row', log, 'Failed password for (?P<user>.+) from <ADDR>']),
  );
  assert.equal(
    row.out,
    "['192.0.2.2',\t1795362055.0,\t{'user': 'root', 'ip4': '192.0.2.2', 'ip6': None}],\n",
  );
});
