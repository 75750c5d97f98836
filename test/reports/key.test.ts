/**
 * Where the key may stand: in the file or credential that it comes from, and in a header of the request. Nowhere else.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Daemon } from '../daemon/daemon-process.js';
import type { PrivateHost } from '../daemon/private-host.js';
import { fail2ban } from '../dialect/fail2ban.js';
import { ENFORCE, reportingHost } from './reporting-daemon.js';

/** With a slash, which JSON may write as `\/`. */
const KEY = 'hush/hush0123456789abcdefghij';
/** A piece that is long enough to be of use, and is none of the four characters that a dump shows. */
const PIECE = 'hush0123456789';

interface Way {
  readonly name: string;
  /** What the jail's call of the action says. */
  readonly parameters?: string;
  readonly environment?: (host: PrivateHost) => NodeJS.ProcessEnv;
  /** The text of `action.d/abuseipdb.local`, after whatever else is to be written. */
  readonly write: (host: PrivateHost) => string;
}

const WAYS: readonly Way[] = [
  { name: 'in [Init] of abuseipdb.local', write: () => `abuseipdb_apikey = ${KEY}\n` },
  {
    name: "in Debian's abuseipdb.conf, as the guide has it edited",
    write: (host) => {
      const stock = readFileSync(join(fail2ban('1.1.0').configuration, 'action.d/abuseipdb.conf'), 'utf8');
      const edited = stock.replace(/^abuseipdb_apikey =.*$/m, `abuseipdb_apikey = ${KEY}`);
      host.configure(edited, 'action.d/abuseipdb.conf');
      return '';
    },
  },
  { name: 'in the call', parameters: `, abuseipdb_apikey="${KEY}"`, write: () => '' },
  {
    name: 'in a file',
    write: (host) => {
      writeFileSync(join(host.folder, 'api-key'), `${KEY}\n`);
      return `abuseipdb_keyfile = ${join(host.folder, 'api-key')}\n`;
    },
  },
  {
    name: 'in a credential of systemd',
    environment: ({ folder }) => ({ CREDENTIALS_DIRECTORY: join(folder, 'credentials') }),
    write: ({ folder }) => {
      mkdirSync(join(folder, 'credentials'));
      writeFileSync(join(folder, 'credentials', 'abuseipdb_apikey'), KEY);
      return '';
    },
  },
];

/** Commands that print what is known of the configuration, of reports, or of the action. */
const COMMANDS = [
  'config dump',
  'config dump --as fail2ban',
  'config check --json',
  'status j',
  'status j --json',
  'reports',
  'reports --json',
  'reports preview --json',
  'explain 198.51.100.7 --json',
  'client get j actionproperties abuseipdb',
  'client get j action abuseipdb abuseipdb_apikey',
  'client -d',
  'known-good save --json',
  'known-good check',
  'known-good show',
  'known-good show --json',
] as const;

for (const { name, parameters, environment, write } of WAYS)
  test(`the key, ${name}, is sent, and stands in no argument, environment, log, dump, answer, backup or row of the store`, async (t) => {
    const { host, url, fails, fault } = await reportingHost(t, parameters);
    host.configure(`[Init]\n${write(host)}abuseipdb_url = ${url}\n`, 'action.d/abuseipdb.local');
    host.settings(`loglevel = debug\nlogtarget = ${join(host.folder, 'bailiff.log')}\n`);
    fault('echo-401');
    const daemon = await new Daemon(t, host, { ...ENFORCE, environment: environment?.(host) ?? {} }).ready();
    fails('198.51.100.7');
    // Whoever answers says the key: it was sent, and nobody repeats it.
    await daemon.says('the key is refused: No key is …');
    const shown = new Map<string, string>();
    for (const pid of processesOf(daemon.pid))
      for (const file of ['cmdline', 'environ']) shown.set(`${file} of ${pid}`, whileItRuns(pid, file));
    assert.match(shown.get(`cmdline of ${daemon.pid}`) ?? '', /\0run\0/);
    for (const command of COMMANDS) {
      const read = /^config|-d$|^known-good/.test(command) ? ['--config', join(host.folder, 'config')] : [];
      if (command.startsWith('known-good')) read.push('--state', join(host.folder, 'state'));
      const { out, err } = await daemon.command(...command.split(' '), ...read);
      assert.notEqual(out, '', `${command}: ${err}`);
      shown.set(command, out + err);
    }
    await daemon.end();
    shown.set('log', daemon.log + daemon.out);
    shown.set('log file', readFileSync(join(host.folder, 'bailiff.log'), 'latin1'));
    const state = join(host.folder, 'state');
    for (const file of readdirSync(state)) shown.set(file, readFileSync(join(state, file), 'latin1'));
    assert.match(shown.get('reports') ?? '', /the key is refused/);
    assert.match(shown.get('known-good.json') ?? '', /abuseipdb\.local/);
    assert.match(shown.get('known-good check') ?? '', /^Nothing differs/);
    const guilty = [...shown].filter(([, text]) => text.includes(PIECE)).map(([place]) => place);
    assert.deepEqual(guilty, []);
  });

/** A process and all that it started. */
function processesOf(pid: number): readonly number[] {
  const children = whileItRuns(pid, `task/${pid}/children`).trim();
  const ids = children === '' ? [] : children.split(' ').map(Number);
  return [pid, ...ids.flatMap(processesOf)];
}

/** A file of a process in /proc; nothing of one that has ended since it was listed, as an nft does in no time. */
function whileItRuns(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    const hasEnded =
      error instanceof Error && 'code' in error && /^(?:ENOENT|ESRCH)$/.test(String(error.code));
    if (!hasEnded) throw error;
    return '';
  }
}
