import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runShell } from '../../../src/action/shell/run-shell.js';
import { until } from '../../daemon/daemon-process.js';

const LIMITS = { timeoutMs: 30_000 };
const script = (text: string) => ({ script: text, variables: {} });

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-run-shell-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a process lives; one that ended and waits to be asked about does not. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

test('a command tells how it ended and what it said last', async () => {
  assert.deepEqual(await runShell(script('exit 0'), LIMITS), {
    kind: 'ended', status: 0, signal: undefined, said: '',
  }); // prettier-ignore
  const { status, said } = await runShell(script('echo out; echo no such thing >&2; exit 3'), LIMITS);
  assert.equal(status, 3);
  assert.match(said, /no such thing/);
  assert.equal((await runShell(script('kill -9 $$'), LIMITS)).signal, 'SIGKILL');
  assert.equal((await runShell(script('/no/such/program'), LIMITS)).status, 127);
});

test('what it says is kept in part, however much it is', async () => {
  const { said } = await runShell(script('yes | head -c 3000000; echo the end'), LIMITS);
  assert.ok(said.length <= 2048);
  assert.match(said, /the end$/);
});

test('a command too long for the kernel is told, and nothing falls over', async () => {
  const outcome = await runShell({ script: `: ${'x'.repeat(3_000_000)}`, variables: {} }, LIMITS);
  assert.equal(outcome.kind, 'refused');
  assert.match(outcome.said, /E2BIG/);
});

/** Runs a script until it has written `lines` lines to a file; then its time is up. */
async function untilWritten(text: string, file: string, lines: number): Promise<readonly string[]> {
  const abort = new AbortController();
  const outcome = runShell(script(text), { timeoutMs: 600_000, signal: abort.signal });
  const written = (): readonly string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  await until('the command to be under way', () => written().length === lines);
  abort.abort();
  assert.equal((await outcome).kind, 'timeout');
  return written();
}

test('a command that takes too long is ended', async () => {
  const { kind, signal } = await runShell(script('exec sleep 600'), { timeoutMs: 50 });
  assert.deepEqual([kind, signal], ['timeout', 'SIGTERM']);
});

test('when its time is up the whole group is ended, also what ignores the first word', async (t) => {
  const file = join(folderOf(t), 'pids');
  const deaf = `trap '' TERM; echo $$ >> ${file}; sleep 600 & echo $! >> ${file}; sh -c 'echo $$ >> ${file}; sleep 600'`;
  const pids = (await untilWritten(deaf, file, 3)).map(Number);
  await until('the group to end', () => !pids.some(lives));
});

test('a command that cleans up when it is asked to end may do so', async (t) => {
  const file = join(folderOf(t), 'cleaned');
  const tidy = `trap 'echo cleaned >> ${file}; exit 0' TERM; echo begun >> ${file}; sleep 600 & wait`;
  assert.deepEqual(await untilWritten(tidy, file, 1), ['begun', 'cleaned']);
});

test('what a command leaves in the background in good order is not awaited and not ended', async (t) => {
  const pids = join(folderOf(t), 'pids');
  const outcome = await runShell(script(`sleep 600 & echo $! > ${pids}`), LIMITS);
  assert.equal(outcome.status, 0);
  const pid = Number(readFileSync(pids, 'utf8'));
  assert.ok(lives(pid));
  process.kill(pid, 'SIGKILL');
});

test('a command begins at the root of the file system, without what supervises us', async () => {
  process.env['NOTIFY_SOCKET'] = '/run/notify';
  const { said } = await runShell(
    script('pwd; echo "[$NOTIFY_SOCKET]"; command -v nft || echo none'),
    LIMITS,
  );
  delete process.env['NOTIFY_SOCKET'];
  const [cwd, notify] = said.split('\n');
  assert.deepEqual([cwd, notify], ['/', '[]']);
});
