import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ShellFamily, ShellOptions } from '../../../src/action/options.js';
import { fillCommand } from '../../../src/action/shell/command.js';
import { ShellPhases } from '../../../src/action/shell/phases.js';
import { familyOfBan, tagText } from '../../../src/action/shell/tags.js';
import type { Ban } from '../../../src/ban/ban.js';
import { loadConfiguration } from '../../../src/config/configuration.js';
import { packageRoot } from '../../../src/lib/package-root.js';
import { clientDump, fail2ban } from '../../dialect/fail2ban.js';
import { banOf } from '../decisions.js';
import { fail2banPrograms } from './fail2ban.js';

const ORACLE = join(packageRoot, 'test', 'action', 'shell', 'fail2ban-stock-actions.py');
const LINES = ['a line of $(touch x)', `and 'another' "one"`];
const TIME_MS = 1_795_376_033_000;
const BAN: Partial<Ban> = {
  bannedAtMs: TIME_MS, untilMs: TIME_MS + 600_000, failures: 3, evidence: LINES, data: { user: 'bob; id' },
}; // prettier-ignore
/** The same as Fail2Ban's actions are told it. */
const TOLD = {
  failures: 3, time: `${TIME_MS / 1000}.0`, bantime: 600, bancount: 1, restored: 0, matches: LINES.join('\n'), ipmatches: LINES.join('\n'),
  ipjailmatches: LINES.join('\n'), ipfailures: 3, ipjailfailures: 3, groups: { user: 'bob; id' }, 'ip-host': 'host.example.net',
}; // prettier-ignore

type Ran = readonly (readonly [script: string, values: readonly string[]])[];

/** Fail2Ban's script without the assignment of its variables, and their values in the order in which they stand in it. */
function theirs([script, values]: Ran[number]): readonly [string, readonly string[]] {
  return [
    script.replace(/^(?:f2bV_\w+=\$\{?\d+\}? )+\n/, '').replaceAll('f2bV_F_USER', 'f2bV_F_user'),
    [...values].sort(),
  ];
}

async function ours(shell: ShellOptions, jail: string): Promise<Ran> {
  const ran: [string, string[]][] = [];
  const surroundings = {
    evidenceOf: (ban: Ban) => ban.evidence ?? [],
    dataOf: (ban: Ban) => ban.data ?? {},
    pastOf: (ban: Ban) => ({ failures: ban.failures, lines: ban.evidence ?? [] }),
    counters: () => ({ found: 0, foundTotal: 0, banned: 0, bannedTotal: 0 }),
    hostNameOf: () => Promise.resolve('host.example.net'),
  };
  const phases = new ShellPhases<Ban>(shell, async (phase, family: ShellFamily, ban) => {
    const command = shell.commands[phase][family];
    if (command === '') return true;
    const subject = { jail, ban, bantimeSeconds: 600, nowMs: TIME_MS, surroundings };
    const { script, variables } = await fillCommand(command, (tag) => tagText(tag, subject));
    ran.push([script, Object.values(variables).sort()]);
    return true;
  });
  const bans = [banOf(jail, '192.0.2.1', BAN), banOf(jail, '2001:db8::1', BAN)];
  await phases.start();
  for (const ban of bans) await phases.ban(ban, familyOfBan(ban));
  for (const ban of bans) await phases.unban(ban, familyOfBan(ban));
  await phases.flush();
  await phases.stop();
  return ran;
}

test('every stock action of Fail2Ban comes to the same commands', async (t) => {
  const stock = fail2ban('1.1.0').configuration;
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-stock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(stock, folder, { recursive: true });
  const names = readdirSync(join(folder, 'action.d'))
    .filter((name) => name.endsWith('.conf') && !/common|helpers/.test(name))
    .map((name) => name.slice(0, -5));
  const jails = names.map(
    (name) =>
      `[j-${name}]\nenabled = true\nfilter = sshd\nbackend = systemd\naction = ${name}[port="ssh,25", protocol=tcp, email=a]\n`,
  );
  writeFileSync(join(folder, 'jail.conf'), `[DEFAULT]\nbantime = 10m\n${jails.join('')}`);
  const { stdout, stderr } = spawnSync('python3', [ORACLE, JSON.stringify(TOLD)], {
    input: clientDump('1.1.0', folder).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: fail2banPrograms().env,
  });
  assert.notEqual(stdout, '', stderr);
  const expected = JSON.parse(stdout) as Readonly<{ [action: string]: Ran }>;
  const { jails: all } = loadConfiguration({ configDirectory: folder, asFail2ban: true });
  const read = all.filter(({ name }) => name.startsWith('j-'));
  assert.equal(read.length, names.length);
  let commands = 0;
  for (const { name: jail, actions } of read)
    for (const { name, shell } of actions) {
      if (shell === undefined) throw new Error(`${name} is no shell action`);
      const ran = await ours(shell, jail);
      commands += ran.length;
      assert.deepEqual(ran, (expected[`${jail}/${name}`] ?? []).map(theirs), name);
    }
  t.diagnostic(`${names.length} actions, ${commands} commands`);
});
