import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failedPassword, syslogLine } from './attack.js';
import { Daemon } from './daemon-process.js';
import { PrivateHost, sshdEntry } from './private-host.js';

/** Everything that moves a cursor, hides or turns text; tabs stand between columns. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]/u;
const NAME = 'ev\u001b[2J\u001b]0;x\u0007\u202eil\u2066\u009b31m';

test('escape sequences and bidi marks in a user name come out raw nowhere, not even after a restart', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'auth.log');
  writeFileSync(log, '');
  host.configure(
    `[DEFAULT]\nmaxretry = 3\n[sshd]\nenabled = true\nbackend = systemd\n` +
      `[filed]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\n`,
    'jail.local',
  );
  host.settings('loglevel = debug\n');
  const shown: string[] = [];
  const look = async (daemon: Daemon): Promise<void> => {
    const commands = [['explain', '192.0.2.30'], ['status'], ['status', 'sshd'], ['banned'], ['top']];
    for (const words of commands)
      for (const more of [[], ['--json']]) {
        const { out, err, status } = await daemon.command(...words, ...more);
        assert.equal(status, 0, err);
        shown.push(out, err);
      }
    shown.push((await daemon.command('client', 'status', 'sshd')).out);
  };
  const first = await new Daemon(t, host).ready();
  for (const pid of [1, 2, 3]) {
    const message = failedPassword('192.0.2.30', pid, NAME);
    host.journal(sshdEntry(message, pid));
    appendFileSync(log, syslogLine(message, pid));
  }
  await first.says('[sshd] Ban 192.0.2.30');
  await first.says('[filed] Ban 192.0.2.30');
  await look(first);
  await first.end();
  const second = await new Daemon(t, host).ready();
  await look(second);
  await second.end();
  const file = readFileSync(join(host.folder, 'state', 'bailiff.log'), 'utf8');
  for (const text of [...shown, first.log, first.out, second.log, second.out, file])
    assert.doesNotMatch(text, HIDDEN);
  assert.ok(
    shown.some((text) => text.includes('ev\\x1b[2J')),
    'the name is told, made visible',
  );
});

test('an expression that does not end is killed, its line passed over and told, and everything else goes on', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'shared.log');
  const other = join(host.folder, 'auth.log');
  for (const path of [log, other]) writeFileSync(path, '');
  // The lookahead keeps the engine that would end in linear time away.
  host.configure('[Definition]\nfailregex = guess(?!z): (?:a+)+b from <HOST>$\n', 'filter.d/admins.conf');
  host.configure('[Definition]\nfailregex = guess: a+b from <HOST>$\n', 'filter.d/sound.conf');
  const over = (path: string): string => `enabled = true\nbackend = polling\nlogpath = ${path}\n`;
  host.configure(
    `[DEFAULT]\nmaxretry = 4\n[sshd]\n${over(other)}[admins]\nfilter = admins\n${over(log)}` +
      `[sound]\nfilter = sound\n${over(log)}`,
  );
  const daemon = await new Daemon(t, host).ready();
  const line = (text: string): string => `${new Date().toISOString().slice(0, 19)}+00:00 mx app: ${text}\n`;
  const good = (address: string): string => line(`guess: aab from ${address}`);
  const hostile = line(`guess: ${'a'.repeat(60)}c b from 192.0.2.66`);
  appendFileSync(
    log,
    good('192.0.2.40') + good('192.0.2.40') + hostile + good('192.0.2.40') + good('192.0.2.41'),
  );
  await daemon.says('[admins] Found 192.0.2.41');
  await daemon.says('[sound] Found 192.0.2.41');
  for (const jail of ['admins', 'sound'])
    assert.equal(daemon.log.split(`[${jail}] Found 192.0.2.40`).length - 1, 3, `three lines in ${jail}`);
  await daemon.says(/ERROR .*admins: failregex 0 of filter admins did not end on a line of .*shared\.log/);
  for (const pid of [1, 2, 3, 4]) appendFileSync(other, syslogLine(failedPassword('192.0.2.42', pid), pid));
  await daemon.says('[sshd] Ban 192.0.2.42');
  appendFileSync(log, good('192.0.2.40'));
  await daemon.says('[admins] Ban 192.0.2.40');
  await daemon.says('[sound] Ban 192.0.2.40');
  const status = await daemon.ask({ verb: 'status' });
  assert.equal(status.counters['workerRestarts'], 1);
  assert.ok(status.notices.some(({ level, about }) => level === 'alarm' && about === 'admins'));
  assert.doesNotMatch(daemon.log, /192\.0\.2\.66/);
});

test('hostile lines one after another, in a file and in the journal: each is passed over, the others count once', async (t) => {
  const host = await PrivateHost.open(t);
  const log = join(host.folder, 'shared.log');
  writeFileSync(log, '');
  host.configure('[Definition]\nfailregex = guess(?!z): (?:a+)+b from <HOST>$\n', 'filter.d/admins.conf');
  host.configure(
    `[DEFAULT]\nmaxretry = 100\nfilter = admins\n[filed]\nenabled = true\nbackend = polling\nlogpath = ${log}\n` +
      `[journaled]\nenabled = true\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=app.service\n`,
  );
  const daemon = await new Daemon(t, host).ready();
  let count = 0;
  const say = (text: string): void => {
    count += 1;
    host.journal({
      _SYSTEMD_UNIT: 'app.service',
      SYSLOG_IDENTIFIER: 'app',
      _PID: String(count),
      MESSAGE: text,
    });
    appendFileSync(log, `${new Date().toISOString().slice(0, 19)}+00:00 mx app[${count}]: ${text}\n`);
  };
  const hostile = `guess: ${'a'.repeat(60)}c b from 192.0.2.66`;
  for (let index = 0; index < 4; index += 1) {
    say('guess: aab from 192.0.2.43');
    say(hostile);
    if (index % 2 === 0) say(hostile);
    say('guess: aab from 192.0.2.44');
  }
  say('guess: aab from 192.0.2.45');
  for (const jail of ['filed', 'journaled']) await daemon.says(`[${jail}] Found 192.0.2.45`);
  for (const jail of ['filed', 'journaled'])
    for (const address of ['192.0.2.43', '192.0.2.44'])
      assert.equal(daemon.log.split(`[${jail}] Found ${address}`).length - 1, 4, `${jail} ${address}`);
  const status = await daemon.ask({ verb: 'status' });
  assert.equal(status.counters['passedOverLines'], 12);
  for (const { name, hears } of status.jails)
    assert.equal(hears.state, name === 'sshd' ? 'waiting' : 'failing', `${name}: ${hears.text}`);
});
