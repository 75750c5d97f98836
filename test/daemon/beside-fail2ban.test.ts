import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../cli/run-bailiff.js';
import { emptyLab, isLab, LAB, LabService, sharedFile } from '../lab/installed.js';
import { Daemon, until } from './daemon-process.js';
import { Fail2BanServer, InstalledFail2Ban } from './fail2ban-server.js';
import { PrivateHost } from './private-host.js';
import { ACTIONS_OF_WORD_JAILS, twentyJails, WORD_JAILS } from './twenty-jails.js';

const DIALECT = { words: ['--enforce', 'nftables', '--as-fail2ban'] } as const;

/** What actions wrote down under one of the two programs. */
class Record {
  readonly folder: string;

  constructor(folder: string, name: string) {
    this.folder = join(folder, name);
    mkdirSync(this.folder);
    chmodSync(this.folder, 0o777);
  }

  get env(): NodeJS.ProcessEnv {
    return { RECORD: this.folder, TZ: 'UTC' };
  }

  /** Action of a jail → its commands in order. */
  all(): Readonly<{ [action: string]: readonly string[] }> {
    const names = readdirSync(this.folder).filter((name) => !name.endsWith('-well'));
    return Object.fromEntries(names.sort().map((name) => [name, this.of(name)]));
  }

  of(name: string): readonly string[] {
    const path = join(this.folder, name);
    const text = existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : '';
    // Only a ban by hand has a time with a fraction, which is each program's own.
    return text.replaceAll(/ time=\d+\.(?!0 )\d+ /g, ' time=now ').split('\n');
  }

  count(word: string): number {
    const lines = Object.values(this.all()).flat();
    return lines.filter((line) => line.startsWith(`${word} `)).length;
  }
}

/** Both have done as much of something as is due. */
async function both(records: readonly [Record, Record], word: string, count: number): Promise<void> {
  const [ours, theirs] = records;
  const counts = (): readonly number[] => records.map((record) => record.count(word));
  await until(`${count} × ${word}`, () => counts().every((each) => each >= count)).catch((error: unknown) => {
    assert.deepEqual(ours.all(), theirs.all(), `${counts().join(' and ')} of ${count} × ${word}`);
    throw error;
  });
}

/** Bailiff, a process on a private host or, in the lab, the installed service. */
interface Ours {
  command(...words: readonly string[]): Promise<unknown>;
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<unknown>;
}

type Theirs = Pick<Fail2BanServer, 'client' | 'kept' | 'stop' | 'kill'>;

interface Both {
  readonly ours: Record;
  readonly theirs: Record;
  readonly log: string;
  readonly begin: () => Promise<{ daemon: Ours; server: Theirs }>;
}

type FilesOf = (log: string) => Readonly<{ [name: string]: string }>;

/** The two programs over one configuration and one log. */
async function beside(t: TestContext, filesOf: FilesOf): Promise<Both> {
  if (isLab) return besideInLab(t, filesOf);
  const host = await PrivateHost.open(t);
  host.settings('shellactions = yes\n');
  const log = join(host.folder, 'mail.log');
  writeFileSync(log, '');
  for (const [name, text] of Object.entries(filesOf(log))) host.configure(text, name);
  const configuration = host.configure(Fail2BanServer.settings(host.folder), 'fail2ban.conf');
  const ours = new Record(host.folder, 'ours');
  const theirs = new Record(host.folder, 'theirs');
  Object.assign(process.env, ours.env);
  const begin = async (): Promise<{ daemon: Daemon; server: Fail2BanServer }> => {
    const server = new Fail2BanServer(t, configuration, host.folder, theirs.env);
    const daemon = new Daemon(t, host, DIALECT);
    return { daemon: await daemon.ready(), server: await server.ready() };
  };
  return { ours, theirs, log, begin };
}

/** Both as services of the booted host over its `/etc/fail2ban`: Bailiff as its own user, in its sandbox. */
function besideInLab(t: TestContext, filesOf: FilesOf): Both {
  const folder = emptyLab();
  const log = join(folder, 'mail.log');
  sharedFile(log);
  const files = { ...filesOf(log), 'fail2ban.conf': InstalledFail2Ban.settings(folder) };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(LAB.config, name, '..'), { recursive: true });
    writeFileSync(join(LAB.config, name), text);
  }
  writeFileSync('/etc/bailiff/bailiff.local', '[Definition]\nshellactions = yes\n');
  const ours = new Record(folder, 'ours');
  const theirs = new Record(folder, 'theirs');
  const start = ['ExecStart=', `ExecStart=/usr/bin/bailiff run ${DIALECT.words.join(' ')}`];
  const begin = async (): Promise<{ daemon: Ours; server: Theirs }> => {
    const server = await new InstalledFail2Ban(t, folder, theirs.folder).ready();
    const service = await new LabService(t, 'bailiff', [
      ...start,
      `Environment=RECORD=${ours.folder}`,
    ]).ready();
    const daemon = {
      command: (...words: readonly string[]) => run('bailiff', words),
      end: (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => service.end(signal),
    };
    return { daemon, server };
  };
  return { ours, theirs, log, begin };
}

/** Writes lines into the log, all of one second. */
function write(log: string, ...messages: readonly string[]): void {
  writeOf(Date.now(), log, messages);
}

function writeOf(timeMs: number, log: string, messages: readonly string[]): void {
  const stamp = new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
  appendFileSync(log, messages.map((message) => `${stamp} ${message}\n`).join(''));
}

test('twenty jails with custom filters and shell actions run the same commands as under Fail2Ban, in the same order', async (t) => {
  const pair = await beside(t, twentyJails);
  const { ours, theirs, log } = pair;
  const records = [ours, theirs] as const;
  const { daemon, server } = await pair.begin();

  const fails = (jail: string, address: string, user: string): readonly string[] =>
    [1, 2].map((attempt) => `${jail} bad user ${user} from ${address} port ${attempt}`);
  const hostile = `x$(touch "$RECORD/injected")\`id\`'";<ip> | é * ~`;
  // An address for each jail: what happens to one in several jails at once happens in any order.
  for (const jail of WORD_JAILS) {
    const number = Number(jail.slice(1));
    write(log, ...fails(jail, `192.0.2.${number}`, 'root'), ...fails(jail, `2001:db8::${number}`, 'a b'));
    write(log, ...fails(jail, `198.51.100.${number}`, hostile));
  }
  write(log, 'conn 7: open from 192.0.2.103', 'conn 8: open from 192.0.2.104', 'conn 7: refused user ann');
  write(
    log,
    'conn 8: refused user bob',
    'conn 8: close',
    'conn 7: refused user ann',
    'conn 8: refused user bob',
  );
  write(
    log,
    'query from 192.0.2.105: carol',
    'query denied',
    'noise',
    'query from 2001:db8::105: dora',
    'noise',
    'query denied',
  );
  const actions = 3 * ACTIONS_OF_WORD_JAILS;
  await both(records, 'ban', actions + 3);

  const lifted = WORD_JAILS.map((jail) => `192.0.2.${Number(jail.slice(1))}`);
  server.client('unban', ...lifted);
  await daemon.command('client', 'unban', ...lifted);
  await both(records, 'unban', ACTIONS_OF_WORD_JAILS);
  for (const jail of WORD_JAILS) write(log, ...fails(jail, `192.0.2.${Number(jail.slice(1))}`, 'again'));
  await both(records, 'ban', actions + 3 + ACTIONS_OF_WORD_JAILS);
  server.client('set', 'j01', 'banip', '192.0.2.77');
  await daemon.command('client', 'set', 'j01', 'banip', '192.0.2.77');
  await both(records, 'ban', actions + 4 + ACTIONS_OF_WORD_JAILS);

  server.client('unban', '--all');
  await daemon.command('client', 'unban', '--all');
  // Banned in one jail before the other counts: the other knows of the past.
  writeOf(Date.now() - 2000, log, fails('p1', '192.0.2.208', hostile));
  await both(records, 'ban', actions + 5 + ACTIONS_OF_WORD_JAILS);
  write(
    log,
    ...fails('p2', '192.0.2.208', 'late'),
    ...fails('j01', '192.0.2.209', 'late'),
    ...fails('j04', '2001:db8::88', 'late'),
  );
  await both(records, 'ban', actions + 8 + ACTIONS_OF_WORD_JAILS);
  await server.stop();
  await daemon.end();

  assert.deepEqual(ours.all(), theirs.all());
  assert.ok(!existsSync(join(ours.folder, 'injected')), 'a user name ran');
  const commands = Object.values(theirs.all()).flat().length;
  t.diagnostic(`${Object.keys(theirs.all()).length} actions, ${commands} commands`);
});

test('after kill -9 an action starts anew and is told of the bans that hold, as under Fail2Ban', async (t) => {
  const pair = await beside(t, (log) => ({
    ...twentyJails(log),
    'jail.conf': `[DEFAULT]\nbackend = polling\nlogpath = ${log}\nmaxretry = 2\nignoreself = false\nenabled = true
[j01]\nfilter = word[word=j01]\naction = plain\n    report\n    family-flushing\n`,
  }));
  const { ours, theirs, log } = pair;
  const records = [ours, theirs] as const;
  const first = await pair.begin();
  const users = ['ann', '$(id) "bob"', 'carol'];
  for (const [index, user] of users.entries()) {
    const line = `j01 bad user ${user} from 192.0.2.${index + 1} port 25`;
    writeOf(Date.now() - 5000 + 1000 * index, log, [line, line]);
  }
  await both(records, 'ban', 3 * users.length);
  await first.server.kept(users.length);
  await first.daemon.end('SIGKILL');
  await first.server.kill();
  // Fail2Ban does not know how far it had read, and would ban at times from the lines before it restores from its database.
  writeFileSync(log, '');

  const second = await pair.begin();
  await both(records, 'ban', 5 * users.length);
  second.server.client('unban', '192.0.2.2');
  await second.daemon.command('client', 'unban', '192.0.2.2');
  await both(records, 'unban', 2);
  await second.server.stop();
  await second.daemon.end();
  assert.deepEqual(ours.all(), theirs.all());
  assert.equal(ours.of('j01-report').length, users.length, 'norestored: nobody is reported twice');
});

test('ignorecommand is asked about the same failures in the same words as under Fail2Ban, and obeyed', async (t) => {
  const told = 'ip=<ip> fid=<fid> family=<family> ip-rev=<ip-rev> failures=<failures> time=<time> bantime=<bantime> bancount=<bancount> user=<F-USER> port=<F-PORT> <matches>'; // prettier-ignore
  const ask = `printf '%%s\\n' "${told}" >> "$RECORD/asked"; case "<F-USER>" in friend*) exit 0;; odd) exit 3;; esac; exit 1`;
  const pair = await beside(t, (log) => ({
    ...twentyJails(log),
    'jail.conf': `[DEFAULT]\nbackend = polling\nlogpath = ${log}\nmaxretry = 2\nignoreself = false\nenabled = true
ignorecommand = ${ask}
[j01]\nfilter = word[word=j01]\naction = plain\nignoreip = 192.0.2.9\nmaxmatches = 5
[j02]\nfilter = word[word=j02]\naction = plain\nmaxretry = 3\nignorecache = key="<F-USER>", max-count=10, max-time=1h\n`,
  }));
  const { ours, theirs, log } = pair;
  const { daemon, server } = await pair.begin();
  const hostile = `x$(touch "$RECORD/injected")\`id\`'";| é * ~`;
  const line = (jail: string, user: string, address: string, port: number): string =>
    `${jail} bad user ${user} from ${address} port ${port}`;
  write(
    log,
    ...[1, 2, 3].map((port) => line('j01', 'friend', '192.0.2.1', port)),
    ...[1, 2].map((port) => line('j01', 'known', '192.0.2.9', port)),
    ...[1, 2].map((port) => line('j01', hostile, '192.0.2.2', port)),
    ...[1, 2].map((port) => line('j01', 'odd', '2001:db8::3', port)),
    ...[1, 2, 3].map((port) => line('j02', 'stranger', '192.0.2.4', port)),
    ...[1, 2, 3].map((port) => line('j02', 'friendly', '192.0.2.5', port)),
  );
  await both([ours, theirs], 'ban', 3);
  const asked = (record: Record): readonly string[] => [...record.of('asked')].sort();
  await until('all questions', () => [ours, theirs].every((record) => asked(record).length >= 9));
  await server.stop();
  await daemon.end();
  assert.deepEqual(asked(ours), asked(theirs));
  // Who is answered about first is banned first.
  for (const name of ['j01-plain', 'j02-plain'])
    assert.deepEqual([...ours.of(name)].sort(), [...theirs.of(name)].sort());
  assert.ok(!existsSync(join(ours.folder, 'injected')), 'a user name ran');
  t.diagnostic(`${asked(theirs).length} questions`);
});
