import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { visible } from '../../src/lib/visible-text.js';
import { HOSTILE_USER } from '../control/sample-port.js';
import { folderFor, serve } from '../control/sample-server.js';
import { bailiff, bailiffOnTerminal } from './run-bailiff.js';

test('status tells the mode, each jail, and what to look at', async (t) => {
  const { path } = await serve(t);
  const { status, out } = await bailiff('status', '--socket', path);
  assert.equal(status, 0);
  assert.match(out, /^Bailiff 0\.1\.0, pid \d+, since 2026-11-22 12:00:00\. It is observing: /);
  assert.match(out, /^sshd\tjournal _SYSTEMD_UNIT=ssh\.service \+ _COMM=sshd\thearing: /m);
  assert.match(out, /^dovecot\t\/var\/log\/a\.log \/var\/log\/b\.log\tdeaf: /m);
  assert.match(out, /warning: firewall: look at firewall/);
  assert.ok(!out.includes('\u001b'), 'no colour in a pipe');
});

test('on a terminal status is a table with a header', async (t) => {
  const { path } = await serve(t);
  const { status, out } = await bailiffOnTerminal('status', '--socket', path);
  assert.equal(status, 0);
  assert.match(out, /JAIL {5}WATCHES/);
  assert.match(out, /^sshd {5}journal /m);
});

test('status of a jail tells its settings and its bans', async (t) => {
  const { path } = await serve(t);
  const { out } = await bailiff('status', 'sshd', '--socket', path);
  assert.match(out, /^counts: {3}5 failures in 10m, IPv6 by \/64$/m);
  assert.match(out, /^192\.0\.2\.1\t2026-11-22 12:00:00\tuntil 2026-11-22 13:00:00\t3\tjail$/m);
});

test('a jail that is not there is 1, no daemon is 3, wrong use is 2', async (t) => {
  const { path } = await serve(t);
  const unknown = await bailiff('status', 'nope', '--socket', path);
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /There is no jail `nope`.*\(control\.unknown-jail\)/);
  const none = join(folderFor(t), 'none.sock');
  for (const words of [
    ['status'],
    ['banned'],
    ['top'],
    ['explain', '::1'],
    ['unban', '::1'],
    ['ban', 'sshd', '::1'],
  ]) {
    const { status, err } = await bailiff(...words, '--socket', none);
    assert.equal(status, 3, words.join(' '));
    assert.match(err, /No daemon answers at .*\(control\.no-daemon\)/);
  }
  for (const words of [
    [],
    ['nonsense'],
    ['status', '--nonsense'],
    ['ban', 'sshd'],
    ['unban'],
    ['unban', '::1', '--all'],
  ]) {
    assert.equal((await bailiff(...words)).status, 2, words.join(' '));
  }
  assert.equal((await bailiff('ban', 'sshd', '::1', '--for', 'soon')).status, 2);
  assert.equal((await bailiff('top', '--limit', '0')).status, 2);
});

test('the socket may be named before the command as well', async (t) => {
  const { path } = await serve(t);
  assert.equal((await bailiff('--socket', path, 'banned')).status, 0);
});

test('a ban by hand tells what became of each target', async (t) => {
  const { path } = await serve(t);
  const ban = await bailiff('ban', 'sshd', '2001:DB8::1', '192.0.2.1', '--for', '1h', '--socket', path);
  assert.deepEqual(
    [ban.status, ban.out],
    [0, '2001:db8::1: banned in sshd\n192.0.2.1: already banned in sshd\n'],
  );
  const banned = await bailiff('banned', 'sshd', '--socket', path);
  assert.match(banned.out, /^2001:db8::1\tsshd\t.*until 2026-11-22 13:00:00/m);
  const refused = await bailiff('ban', 'sshd', '127.0.0.1', '--socket', path);
  assert.equal(refused.status, 1);
  assert.match(refused.out, /refused: a loopback address is never banned/);
});

test('release tells how many bans follow', async (t) => {
  const { path } = await serve(t);
  const released = await bailiff('release', 'sshd', '--socket', path);
  assert.deepEqual([released.status, released.out], [0, '7 banned in sshd.\n']);
  assert.equal((await bailiff('release', 'nope', '--socket', path)).status, 1);
});

test('a ban for ever says so', async (t) => {
  const { path } = await serve(t);
  await bailiff('ban', 'sshd', '192.0.2.7', '--for', '-1', '--socket', path);
  assert.match((await bailiff('banned', '--socket', path)).out, /^192\.0\.2\.7\t.*\tfor ever\t/m);
});

test('unban tells where, and is 1 where nothing was banned', async (t) => {
  const { path } = await serve(t);
  const first = await bailiff('unban', '192.0.2.1', '--socket', path);
  assert.deepEqual([first.status, first.out], [0, '192.0.2.1: unbanned in sshd\n']);
  const second = await bailiff('unban', '192.0.2.1', '--jail', 'sshd', '--socket', path);
  assert.deepEqual([second.status, second.out], [1, '192.0.2.1: not banned\n']);
  assert.equal((await bailiff('unban', '--all', '--socket', path)).out, 'Nobody is banned.\n');
});

test('explain tells evidence, decisions and effects; 1 where nothing is known', async (t) => {
  const { path } = await serve(t);
  const { status, out } = await bailiff('explain', '192.0.2.1', '--socket', path);
  assert.equal(status, 0);
  for (const part of [
    /is banned in sshd since 2026-11-22 12:00:00, until 2026-11-22 13:00:00/,
    /dovecot never counts or bans it: ignoreip 192\.0\.2\.0\/24/,
    /known client: bob/,
    /\tno: same attempt\tann\t/,
    /\tban\t3 failures in 10 minutes/,
    /\tnftables\tdone\tin sshd-4-32/,
    /\texpired\t/,
  ])
    assert.match(out, part);
  const nothing = await bailiff('explain', '192.0.2.200', '--socket', path);
  assert.deepEqual([nothing.status, nothing.out], [1, 'Nothing is known of 192.0.2.200.\n']);
});

/** Everything that a terminal would obey or a reader would be misled by. */
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

for (const words of [['explain', '192.0.2.1'], ['top']]) {
  test(`${words[0]} shows what an attacker wrote without obeying it`, async (t) => {
    const { path } = await serve(t);
    const { out } = await bailiff(...words, '--socket', path);
    assert.doesNotMatch(out, STEERING);
    assert.ok(out.includes(visible(HOSTILE_USER)));
    const json = await bailiff(...words, '--json', '--socket', path);
    assert.doesNotMatch(json.out, STEERING);
    assert.match(json.out, /ro\\u001b\[2Jot\\u202egnp\.\\u009bx/);
    const users: unknown[] = [];
    JSON.parse(
      json.out,
      (key, value: unknown) => (key === 'user' || key === 'name' ? users.push(value) : undefined, value),
    );
    assert.ok(users.includes(HOSTILE_USER), 'JSON loses nothing');
    const shown = await bailiffOnTerminal(...words, '--socket', path);
    const plain = shown.out.replaceAll('\r\n', '\n').replace(/\u001b\[\d+m/g, '');
    assert.doesNotMatch(plain, STEERING);
  });
}
