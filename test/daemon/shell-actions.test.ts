import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { shellOff } from '../../src/daemon/enforcing/shell-right.js';
import { Daemon, until } from './daemon-process.js';
import { kernelHolds } from './kernel-holds.js';
import { PrivateHost } from './private-host.js';

const ENFORCE = { words: ['--enforce', 'nftables'] } as const;

/** A host with one jail `j` over an empty log, whose actions write into the file `ran`. */
async function hostWith(
  t: TestContext,
  actions: string,
  settings = '',
): Promise<{ host: PrivateHost; ran: () => readonly string[]; change: (actions: string) => void }> {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'mail.log');
  const file = join(host.folder, 'ran');
  writeFileSync(log, '');
  host.settings(settings);
  host.configure('[Definition]\nfailregex = ^bad <HOST>$\n', 'filter.d/f.conf');
  const record = (word: string): string => `action${word} = echo "<actname> ${word} <ip>" >> ${file}\n`;
  const life = ['start', 'stop', 'ban', 'unban', 'reload'].map(record).join('');
  host.configure(`[Definition]\n${life}`, 'action.d/record.conf');
  host.configure(
    `[Definition]\nactionban = echo "<actname> ban <ip>" >> ${file}; exec sleep 600\n`,
    'action.d/hang.conf',
  );
  const change = (as: string): void =>
    void host.configure(
      `[j]\nenabled = true\nbackend = polling\nlogpath = ${log}\nfilter = f\naction = ${as}\n`,
    );
  change(actions);
  return {
    host,
    change,
    ran: () =>
      existsSync(file) ? readFileSync(file, 'utf8').split(' \n').join('\n').trimEnd().split('\n') : [],
  };
}

test('commands run as root while the firewall is enforced, or as any user who was told to', () => {
  assert.equal(shellOff('enforcing', undefined, 0), undefined);
  assert.equal(shellOff('enforcing', true, 1000), undefined);
  assert.match(shellOff('enforcing', undefined, 1000)?.remedy ?? '', /shellactions = yes/);
  assert.match(shellOff('enforcing', false, 0)?.why ?? '', /shellactions = no/);
  assert.equal(shellOff('observing', true, 0)?.why, 'observes: runs no command');
  assert.equal(shellOff('rehearsing', true, 0)?.why, 'rehearses: runs no command');
});

test('what a jail loses by actions that do not run is told in the log and in the status', async (t) => {
  const { host, ran } = await hostWith(
    t,
    'record[actname=one]\n    record[actname=two]',
    'shellactions = no\n',
  );
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  await daemon.says('j: `one`, `two` not run: `shellactions = no`. Nothing keeps out whom the jail bans');
  assert.match(daemon.log, /Set `shellactions = yes` .*\(action\.shell-off\)/);
  assert.match((await daemon.command('status', 'j')).out, /one: off: not run: `shellactions = no`/);
  assert.match((await daemon.command('status')).out, /Nothing keeps out whom the jail bans/);
  await daemon.command('ban', 'j', '192.0.2.1');
  await daemon.end();
  assert.deepEqual(ran(), []);
});

test('where nothing is enforced no command runs, whoever starts the daemon', async (t) => {
  const { host, ran } = await hostWith(t, 'record', 'shellactions = yes\n');
  const daemon = await new Daemon(t, host).ready();
  await daemon.command('ban', 'j', '192.0.2.1');
  await daemon.says('[j] Ban 192.0.2.1');
  await daemon.end();
  assert.deepEqual(ran(), []);
});

test('a command that hangs holds up neither the firewall nor another action', async (t) => {
  const { host, ran } = await hostWith(t, 'nftables[type=allports]\n    hang\n    record');
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  await daemon.command('ban', 'j', ...addresses);
  await kernelHolds(host, 'j-4-32', addresses);
  await until('the other action', () => ran().filter((line) => line.startsWith('record ban')).length === 3);
  assert.deepEqual(ran().filter((line) => line.startsWith('hang')), ['hang ban 192.0.2.1']); // prettier-ignore
  const { jails } = await daemon.ask({ verb: 'status' });
  const ours = jails.filter(({ name }) => name === 'j').flatMap(({ enforces }) => enforces);
  assert.deepEqual(
    ours.map(({ action, queued }) => [action, queued]),
    [['nftables', 0], ['hang', 3], ['record', 0]],
  ); // prettier-ignore
});

test('at the end every ban is lifted, then the actions stop from the last to the first', async (t) => {
  const { host, ran } = await hostWith(
    t,
    'record[actname=one]\n    record[actname=two]\n    record[actname=three]',
  );
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  await daemon.command('ban', 'j', '192.0.2.1');
  await until('the bans', () => ran().length === 6);
  assert.equal(await daemon.end(), 0);
  const end = ran().slice(6);
  assert.deepEqual(end.slice(0, 3).toSorted(), [
    'one unban 192.0.2.1',
    'three unban 192.0.2.1',
    'two unban 192.0.2.1',
  ]);
  assert.deepEqual(end.slice(3), ['three stop', 'two stop', 'one stop']);
  const again = await new Daemon(t, host, ENFORCE).ready();
  await until('the bans of before', () => ran().length === 18);
  await again.end();
});

test('at a reload actions that stay are told, those that go undo what they did, new ones take over the bans', async (t) => {
  const { host, ran, change } = await hostWith(t, 'record[actname=one]');
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  await daemon.command('ban', 'j', '192.0.2.1');
  await until('the ban', () => ran().length === 2);
  await daemon.command('client', 'reload');
  await until('the reload', () => ran().length === 3);
  change('record[actname=two]');
  await daemon.command('client', 'reload');
  await until('the change', () => ran().length === 7);
  assert.deepEqual(ran(), [
    'one start',
    'one ban 192.0.2.1',
    'one reload',
    'one unban 192.0.2.1',
    'one stop',
    'two start',
    'two ban 192.0.2.1',
  ]);
  await daemon.end();
  assert.deepEqual(ran().slice(7), ['two unban 192.0.2.1', 'two stop']);
});

test('an action that comes later is told the lines of a ban that is on, as the one that was there at its beginning was', async (t) => {
  const { host, ran, change } = await hostWith(t, 'tell[actname=one]');
  const file = join(host.folder, 'ran');
  host.configure(
    `[Definition]\nactionban = printf '%%s\\n' "<actname> <F-USER> <matches>" >> ${file}\n`,
    'action.d/tell.conf',
  );
  host.configure('[Definition]\nfailregex = ^bad <HOST> for <F-USER>\\w+</F-USER>$\n', 'filter.d/f.conf');
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  const lines = Array.from({ length: 5 }, (_, index) => `bad 192.0.2.1 for eve${index}`);
  appendFileSync(join(host.folder, 'mail.log'), `${lines.join('\n')}\n`);
  await until('the ban', () => ran().length === 5);
  change('tell[actname=two]');
  await daemon.command('client', 'reload');
  await until('the ban again', () => ran().length === 10);
  const told = (name: string): readonly string[] => [`${name} eve0 ${lines[0]}`, ...lines.slice(1)];
  assert.deepEqual(ran(), [...told('one'), ...told('two')]);
});
