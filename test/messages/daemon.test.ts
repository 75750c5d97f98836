import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Daemon, until } from '../daemon/daemon-process.js';
import { kernelHolds } from '../daemon/kernel-holds.js';
import { PrivateHost } from '../daemon/private-host.js';
import { serverBeside } from '../daemon/server-beside.js';
import { wholeLines } from '../daemon/whole-lines.js';
import { readMail, type TakenMail } from './smtp-server.js';

const ENFORCE = { words: ['--enforce', 'nftables'] } as const;
const SERVER = fileURLToPath(new URL('./server-process.js', import.meta.url));

interface Mailing {
  readonly host: PrivateHost;
  readonly writes: (line: string) => void;
  readonly mails: () => readonly TakenMail[];
  readonly fault: (name: string) => void;
}

/** A host with a mail server and a whois server on its loopback, and one jail that mails as the guide's do. */
async function mailingHost(t: TestContext, more = ''): Promise<Mailing> {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'mail.log');
  writeFileSync(log, '');
  const [smtp, whois] = (await serverBeside(t, host, SERVER, host.folder)).split(' ');
  host.settings(`smtphost = 127.0.0.1:${smtp}\nwhoisserver = 127.0.0.1:${whois}\n`);
  host.configure('[Definition]\nfailregex = ^bad <F-USER>.*</F-USER> from <ADDR>$\n', 'filter.d/f.conf');
  host.configure(
    `[j]\nenabled = true\nbackend = polling\nlogpath = ${log}\nfilter = f\nmaxretry = 1\n` +
      `destemail = root@localhost\nsender = root@localhost\naction = %(action_mwl)s\n${more}`,
  );
  const file = join(host.folder, 'mails');
  return {
    host,
    writes: (line) => appendFileSync(log, `${line}\n`),
    // A parse boundary: written by the server of this test.
    mails: () => wholeLines(file).map((line) => JSON.parse(line) as TakenMail),
    fault: (name) => writeFileSync(join(host.folder, 'fault'), name),
  };
}

test('a real daemon mails each ban with whois and lines, and what an attacker writes stays text', async (t) => {
  const { host, writes, mails } = await mailingHost(t);
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  writes('bad ~!touch /tmp/bailiff-was-here from 198.51.100.7');
  await kernelHolds(host, 'j-4-32', ['198.51.100.7']);
  await until('the mail', () => mails().length === 1);
  writes('bad x\r.\rRCPT TO:<evil@example> from 198.51.100.8');
  await until('the second mail', () => mails().length === 2);
  const [first, second] = mails().map(readMail);
  assert.match(
    first?.headers ?? '',
    /^From: Bailiff <root@localhost>\r\nTo: <root@localhost>\r\nSubject: \[Bailiff\] j: banned 198\.51\.100\.7 from\s/,
  );
  assert.match(first?.text ?? '', /\r\n {2}bad ~!touch \/tmp\/bailiff-was-here from 198\.51\.100\.7\r\n/);
  assert.match(
    first?.text ?? '',
    /Whois, as 127\.0\.0\.1 tells it:\r\n {2}netname: NET-OF-198\.51\.100\.7\r\n/,
  );
  assert.match(
    second?.text ?? '',
    /\r\n {2}bad x\\x0d\.\\x0dRCPT TO:<evil@example> from 198\.51\.100\.8\r\n/,
  );
  for (const { wire } of mails()) assert.ok(wire.every((line) => !line.startsWith('~')));
  assert.ok(!existsSync('/tmp/bailiff-was-here'));
  const told = await daemon.until(
    { verb: 'reports' },
    ({ entries }) => entries.filter(({ state }) => state === 'accepted').length === 2,
  );
  assert.equal(told.receivers[0]?.courier, 'mail to root@localhost from root@localhost');
  assert.match(
    (await daemon.command('reports')).out,
    /mail to root@localhost.*\t198\.51\.100\.7\tj\t.*banned 198\.51\.100\.7/,
  );
  assert.match(
    (await daemon.command('explain', '198.51.100.7')).out,
    /message accepted: 250 .*said: \[Bailiff\] j: banned/,
  );
  assert.match((await daemon.command('status', 'j')).out, /sendmail-whois-lines.*mail to root@localhost/);
  assert.equal(await daemon.end(), 0);
});

test('a daemon killed before the mail server answered sends that mail no more, and the others', async (t) => {
  const { host, writes, mails, fault } = await mailingHost(t);
  fault('hang');
  const first = await new Daemon(t, host, ENFORCE).ready();
  writes('bad a from 198.51.100.7');
  await until('the mail', () => mails().length === 1);
  writes('bad a from 198.51.100.8');
  await kernelHolds(host, 'j-4-32', ['198.51.100.7', '198.51.100.8']);
  await first.until({ verb: 'reports' }, ({ entries }) => entries.length === 2);
  await first.end('SIGKILL');
  fault('');
  const second = await new Daemon(t, host, ENFORCE).ready();
  const { entries } = await second.until({ verb: 'reports' }, (told) =>
    told.entries.some(({ state }) => state === 'accepted'),
  );
  assert.deepEqual(
    entries.map(({ address, state }) => `${address} ${state}`),
    ['198.51.100.8 accepted', '198.51.100.7 unknown'],
  );
  assert.equal(mails().length, 2);
  assert.equal(await second.end(), 0);
});

test('the secrets of webhooks are in no dump, log, answer or argument', async (t) => {
  const secrets = ['hmacsecret0123456789', 'tk_0123456789abcdef', 'T0000000/B0000000/slacksecret01'];
  const { host, writes } = await mailingHost(
    t,
    `    webhook[webhook_url="http://127.0.0.1:9/in", webhook_secret="${secrets[0]}"]\n` +
      `    ntfy[ntfy_url="http://127.0.0.1:9/topic", ntfy_token="${secrets[1]}"]\n` +
      `    slack[slack_webhook_url="http://127.0.0.1:9/${secrets[2]}"]\n`,
  );
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  writes('bad a from 198.51.100.7');
  await daemon.until(
    { verb: 'reports' },
    ({ receivers }) => receivers.filter(({ state }) => state === 'failing').length === 3,
  );
  const config = join(host.folder, 'config');
  const shown = [
    (await daemon.command('config', 'dump', '--config', config)).out,
    (await daemon.command('config', 'dump', '--as', 'fail2ban', '--config', config)).out,
    (await daemon.command('status', 'j', '--json')).out,
    (await daemon.command('reports', '--json')).out,
    (await daemon.command('explain', '198.51.100.7', '--json')).out,
    readFileSync(`/proc/${daemon.pid}/cmdline`, 'utf8'),
    daemon.log,
    daemon.out,
  ];
  assert.match(shown.join('\n'), /ntfy 127\.0\.0\.1:9 \([0-9a-f]{4}\)/);
  for (const text of shown)
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret}: ${text.slice(0, 2000)}`);
  await daemon.end();
});

test('an address that is wrong after a reload is told with its place, once, and the jail bans on', async (t) => {
  const { host, writes, mails } = await mailingHost(t);
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  const written = readFileSync(join(host.folder, 'config', 'jail.local'), 'utf8');
  host.configure(written.replace('destemail = root@localhost', 'destemail = root@@localhost'));
  assert.equal((await daemon.command('client', 'reload')).status, 0);
  const status = await daemon.command('status');
  assert.match(status.out, /jail\.local:\d+: \[j\] destemail: `root@@localhost` is no mail address/);
  assert.equal(daemon.log.split('`root@@localhost`').length, 2, daemon.log);
  assert.match((await daemon.command('status', 'j')).out, /sendmail-whois-lines.*off: `root@@localhost`/);
  writes('bad a from 198.51.100.7');
  await kernelHolds(host, 'j-4-32', ['198.51.100.7']);
  assert.equal(mails().length, 0);
  const check = await daemon.command('config', 'check', '--config', join(host.folder, 'config'));
  assert.equal(check.status, 4, check.out);
  assert.match(check.out, /jail\.local:\d+: \[j\] destemail: .*root@localhost.*\(action\.mail-address\)$/m);
  await daemon.end();
});
