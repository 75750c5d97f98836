/**
 * `ignorecommand` and `ignorecache`: a command says whether a failure counts, and nothing waits for it.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Announcer } from '../../src/daemon/telling/announcer.js';
import { Enforcement } from '../../src/daemon/enforcing/enforcement.js';
import { Guard } from '../../src/daemon/deciding/guard.js';
import { IgnoreCommands } from '../../src/daemon/asking/ignore-commands.js';
import { Ledger } from '../../src/daemon/deciding/ledger.js';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import type { FailureOptions } from '../../src/failure/options.js';
import type { Match } from '../../src/filter/match.js';
import { Jails } from '../../src/jail/jails.js';
import { systemClock } from '../../src/lib/clock.js';
import { HostNames } from '../../src/lib/host-names.js';
import { Log, type LogLine } from '../../src/lib/log.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';
import { until } from './daemon-process.js';
import { wholeLines } from './whole-lines.js';

interface Asking {
  readonly folder: string;
  readonly store: Store;
  readonly take: (...matches: readonly Match[]) => void;
  readonly restore: () => void;
  readonly banned: () => readonly string[];
  readonly asked: () => readonly string[];
  readonly lines: readonly string[];
  readonly close: () => void;
}

interface Given {
  readonly failure?: Partial<FailureOptions>;
  readonly store?: Store;
  readonly mayAsk?: boolean;
  readonly limits?: { readonly timeoutMs?: number; readonly mostQueued?: number };
}

/** A daemon's main thread with one jail whose `ignorecommand` is `command`; `FOLDER` in it is the test's own. */
function daemon(t: TestContext, command: string, given: Given = {}): Asking {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-ignore-'));
  const store = given.store ?? new Store(':memory:');
  const ignorecommand = command.replaceAll('FOLDER', folder);
  const options = jailOptions('asks', { maxretry: 1, ignorecommand, ...given.failure });
  const mayAsk = given.mayAsk ?? true;
  const jails = new Jails([options], { ...surroundings, asksCommands: mayAsk });
  const lines: string[] = [];
  const sink = {
    write: (written: readonly LogLine[]): void => void lines.push(...written.map(({ bare }) => bare)),
    reopen: (): void => undefined,
  };
  const log = new Log('debug', [sink]);
  const notices = new NoticeBoard(log);
  const ignoreCommands = new IgnoreCommands({
    surroundings: {
      counters: () => ({ found: 1, foundTotal: 2, banned: 3, bannedTotal: 4 }),
      hostNameOf: (address) => Promise.resolve(address === '192.0.2.1' ? 'host.example.net' : undefined),
      evidenceOf: (ban) => ban.evidence ?? [],
      dataOf: (ban) => ban.data ?? {},
      pastOf: (ban) => ({ failures: ban.failures, lines: ban.evidence ?? [] }),
    },
    notices,
    clock: systemClock,
    ...given.limits,
  });
  const names = new HostNames();
  const guard = new Guard({
    jails,
    store,
    ledger: new Ledger(store, () => undefined),
    announcer: new Announcer(log),
    enforcement: new Enforcement({ jails: [options], transport: undefined, isWatched: false, notices, clock: systemClock }), // prettier-ignore
    names,
    ignoreCommands,
    clock: systemClock,
  });
  const close = (): void => {
    guard.close();
    names.close();
    ignoreCommands.close();
  };
  t.after(() => {
    close();
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'asked');
  return {
    folder,
    store,
    lines,
    close,
    restore: () => guard.restore(),
    take: (...matches) =>
      guard.take({
        source: 'journal',
        place: 'p',
        lines: matches.length,
        lastLineMs: Date.now(),
        heard: matches.map((match) => ({ jail: 'asks', way: 'journal', match })),
        connections: [],
        ears: [],
      }),
    banned: () => [...jails].flatMap((jail) => [...jail.bans.current]).map(({ target }) => target),
    asked: () => wholeLines(path),
  };
}

function failure(address: string, more: Partial<Match> = {}): Match {
  return {
    kind: 'failure',
    id: address,
    address,
    user: undefined,
    timeMs: Date.now(),
    text: `bad from ${address}`,
    attempts: 1,
    spanSeconds: 0,
    expression: 0,
    connection: undefined,
    data: {},
    ...more,
  };
}

const ASK = `echo "<ip>" >> FOLDER/asked; `;

test('a failure is ignored where the command ends with 0, and counts where it ends otherwise', async (t) => {
  const { take, banned, lines, asked, store } = daemon(t, `${ASK}test "<ip>" = 192.0.2.1`);
  take(failure('192.0.2.1'), failure('192.0.2.2'));
  assert.deepEqual(banned(), [], 'nobody is banned before the answer');
  assert.equal(store.places.places().get('journal'), 'p', 'the place moves on');
  assert.equal(store.waiting.all().length, 2);
  await until('both answers', () => store.waiting.all().length === 0);
  assert.deepEqual(banned(), ['192.0.2.2']);
  assert.deepEqual([...asked()].sort(), ['192.0.2.1', '192.0.2.2']);
  await until('the log', () => lines.some((line) => line.includes('[asks] Ignore 192.0.2.1 by command')));
});

test('who is ignored anyway is not asked about', async (t) => {
  const { take, asked, store } = daemon(t, `${ASK}false`, { failure: { ignoreip: ['192.0.2.0/24'] } });
  take(failure('192.0.2.1'), failure('198.51.100.1'));
  await until('the answer', () => store.waiting.all().length === 0);
  assert.deepEqual(asked(), ['198.51.100.1']);
});

test('a slow command delays nobody else, and its failure counts with its own time', async (t) => {
  const command = `case "<ip>" in 192.0.2.1) while [ ! -e FOLDER/go ]; do sleep 0.02; done; esac; false`;
  const { take, banned, folder, store } = daemon(t, command);
  const timeMs = Date.now() - 30_000;
  take(failure('192.0.2.1', { timeMs }), failure('192.0.2.2'));
  await until('the other ban', () => banned().includes('192.0.2.2'));
  assert.deepEqual(banned(), ['192.0.2.2']);
  writeFileSync(join(folder, 'go'), '');
  await until('the ban', () => banned().length === 2);
  assert.equal(store.failures.ofNewestBan('asks', '192.0.2.1')[0]?.timeMs, timeMs);
});

test('a command that does not end in time, or ends oddly, is told, and the failure counts', async (t) => {
  const { take, banned, lines } = daemon(t, `test "<ip>" = 192.0.2.1 && exec sleep 600; echo no; exit 3`, {
    limits: { timeoutMs: 200 },
  });
  take(failure('192.0.2.1'));
  await until('the first ban', () => banned().length === 1);
  take(failure('192.0.2.2'));
  await until('the second ban', () => banned().length === 2);
  await until('the log', () => lines.some((line) => /exit status 3/.test(line)));
  const told = lines.join('\n');
  assert.match(
    told,
    /`ignorecommand` for 192\.0\.2\.1 was ended after 0\.2 s.*\(daemon\.ignorecommand-failed\)/,
  );
  assert.match(told, /`ignorecommand` for 192\.0\.2\.2 ended with exit status 3: no\./);
});

test('what a log says reaches the command as it is and never runs', async (t) => {
  const command = `printf '%s|%s|%s' "<F-USER>" "<matches>" "<ip-host>" > FOLDER/said; true`;
  const { take, folder, store } = daemon(t, command);
  const user = `$(touch ${folder}/x)\`id\`'";<ip>`;
  take(failure('192.0.2.1', { user, text: `a ${user}` }));
  await until('the answer', () => store.waiting.all().length === 0);
  assert.equal(readFileSync(join(folder, 'said'), 'utf8'), `${user}|a ${user}|host.example.net`);
  assert.equal(existsSync(join(folder, 'x')), false);
});

test('a verdict is remembered by its key, for so long and for so many', async (t) => {
  const cache = { key: '<F-USER>@<ip-host>', maxCount: 2, maxTimeSeconds: 600 };
  const { take, asked, banned, store } = daemon(
    t,
    `echo "<F-USER>" >> FOLDER/asked; test "<F-USER>" != bad`,
    {
      failure: { ignorecache: cache },
    },
  );
  const answered = (): Promise<void> => until('the answer', () => store.waiting.all().length === 0);
  for (const user of ['ann', 'ann', 'bob', 'ann', 'carol', 'ann']) {
    take(failure('192.0.2.1', { user }));
    await answered();
  }
  assert.deepEqual(asked(), ['ann', 'bob', 'carol', 'ann'], 'ann is the oldest when carol comes');
  take(failure('192.0.2.1', { user: 'bad' }));
  await answered();
  assert.deepEqual(banned(), ['192.0.2.1']);
});

test('equal questions that wait are asked once, and more than can wait count unasked', async (t) => {
  const command = `${ASK}while [ ! -e FOLDER/go ]; do sleep 0.02; done; true`;
  const { take, asked, banned, folder, store, lines } = daemon(t, command, { limits: { mostQueued: 8 } });
  const burst = Array.from({ length: 5 }, (_, index) => failure(`192.0.2.${index + 1}`));
  take(...burst);
  await until('those that run', () => asked().length === 4);
  take(failure('192.0.2.5'), failure('192.0.2.5'), failure('192.0.2.6'), failure('192.0.2.7'));
  await until('the one too many', () => banned().length === 1);
  assert.deepEqual(banned(), ['192.0.2.7']);
  writeFileSync(join(folder, 'go'), '');
  await until('all answers', () => store.waiting.all().length === 0);
  assert.deepEqual(
    [...asked()].sort(),
    [1, 2, 3, 4, 5, 6].map((number) => `192.0.2.${number}`),
  );
  assert.match(lines.join('\n'), /\(daemon\.ignorecommand-overflow\)/);
});

test('a flood from one address takes the place of one command, and ends with its ban', async (t) => {
  const command = `echo "<F-USER>" >> FOLDER/asked; while [ "<ip>" = 192.0.2.1 ] && [ ! -e FOLDER/go ]; do sleep 0.02; done; false`;
  const { take, asked, banned, folder, store } = daemon(t, command, { failure: { maxretry: 3 } });
  take(...Array.from({ length: 50 }, (_, index) => failure('192.0.2.1', { user: `u${index}`, text: `u${index}`, connection: String(index) }))); // prettier-ignore
  take(...[1, 2, 3].map((number) => failure('192.0.2.2', { user: `v${number}`, connection: `v${number}` })));
  await until('the other ban', () => banned().length === 1);
  assert.deepEqual(asked(), ['u0', 'v1', 'v2', 'v3']);
  writeFileSync(join(folder, 'go'), '');
  await until('all answers', () => store.waiting.all().length === 0);
  assert.deepEqual(banned(), ['192.0.2.2', '192.0.2.1']);
  assert.deepEqual(asked(), ['u0', 'v1', 'v2', 'v3', 'u1', 'u2']);
  const kept = store.failures.ofNewestBan('asks', '192.0.2.1').map(({ text }) => text);
  assert.deepEqual(kept, ['u0', 'u1', 'u2']);
});

test('what waits when the daemon dies is asked again, or counts where nobody may ask any more', async (t) => {
  for (const mayAsk of [true, false]) {
    const first = daemon(t, 'exec sleep 600');
    first.take(failure('192.0.2.1'));
    first.close();
    assert.equal(first.store.waiting.all().length, 1);
    const second = daemon(t, `${ASK}false`, { store: first.store, mayAsk });
    second.restore();
    await until('the ban', () => second.banned().length === 1);
    assert.deepEqual(second.asked(), mayAsk ? ['192.0.2.1'] : []);
    assert.deepEqual(first.store.waiting.all(), []);
    second.close();
  }
});

test('without leave to run commands every failure counts at once', (t) => {
  const { take, banned, store } = daemon(t, 'true', { mayAsk: false });
  take(failure('192.0.2.1'));
  assert.deepEqual(banned(), ['192.0.2.1']);
  assert.deepEqual(store.waiting.all(), []);
});
