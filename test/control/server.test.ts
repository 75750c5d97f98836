import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { request } from '../../src/control/client.js';
import { startControlServer } from '../../src/control/server.js';
import { SamplePort } from './sample-port.js';
import { dial, folderFor, readAll, say, serve } from './sample-server.js';

const PING = '{"verb":"ping"}\n';
const code = (text: string): unknown => JSON.parse(text).error?.code;

test('each verb is answered with its result', async (t) => {
  const { path } = await serve(t);
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
  assert.equal((await request(path, { verb: 'status' })).jails.length, 2);
  assert.equal((await request(path, { verb: 'jail', jail: 'sshd' })).banned.length, 1);
  const banned = await request(path, {
    verb: 'ban',
    jail: 'sshd',
    targets: ['::ffff:192.0.2.9', '127.0.0.1'],
  });
  assert.deepEqual(
    banned.targets.map(({ target, outcome }) => [target, outcome]),
    [
      ['192.0.2.9', 'banned'],
      ['127.0.0.1', 'refused'],
    ],
  );
  assert.equal((await request(path, { verb: 'unban', targets: ['192.0.2.9'] })).unbanned, 1);
  assert.equal((await request(path, { verb: 'unban-all' })).unbanned, 1);
  assert.equal((await request(path, { verb: 'explain', address: '192.0.2.1' })).evidence.length, 2);
  assert.equal((await request(path, { verb: 'top', limit: 1 })).addresses.length, 1);
});

test('an unknown jail is an error with its code and remedy', async (t) => {
  const { path } = await serve(t);
  await assert.rejects(request(path, { verb: 'jail', jail: 'nope' }), {
    code: 'control.unknown-jail',
    message: 'There is no jail `nope`.',
  });
});

test('several requests on one connection are answered in order under their ids', async (t) => {
  const { path } = await serve(t);
  const lines = Array.from({ length: 300 }, (_, id) => JSON.stringify({ id, verb: 'ping' }));
  const replies = (await say(path, `${lines.join('\n')}\n\n`)).trimEnd().split('\n');
  assert.deepEqual(
    replies.map((reply) => JSON.parse(reply).id),
    lines.map((_, id) => id),
  );
});

test('an answer with very many bans comes whole, and others are answered meanwhile', async (t) => {
  const { path, port } = await serve(t);
  const targets = Array.from({ length: 60_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  await port.ban('dovecot', targets, undefined);
  const order: string[] = [];
  const large = request(path, { verb: 'banned' }).then((report) => {
    order.push('banned');
    return report;
  });
  for (let count = 0; count < 3; count += 1) {
    await request(path, { verb: 'ping' });
    order.push('ping');
  }
  const { jails } = await large;
  assert.deepEqual(
    jails.map(({ banned }) => banned.map(({ target }) => target)),
    [['192.0.2.1'], targets],
  );
  assert.deepEqual(order, ['ping', 'ping', 'ping', 'banned']);
});

test('an answer that takes time holds back the next request of that connection alone', async (t) => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  class SlowPort extends SamplePort {
    override async unbanAll() {
      await gate;
      return super.unbanAll();
    }
  }
  const { path } = await serve(t, { port: new SlowPort() });
  const slow = say(path, `{"id":1,"verb":"unban-all"}\n{"id":2,"verb":"ping"}\n`);
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
  open();
  assert.deepEqual(
    (await slow)
      .trimEnd()
      .split('\n')
      .map((reply) => JSON.parse(reply).id),
    [1, 2],
  );
});

test('our own failure is told as internal, logged, and ends nothing', async (t) => {
  class BrokenPort extends SamplePort {
    override status(): never {
      throw new TypeError('secret detail');
    }
  }
  const { path, problems } = await serve(t, { port: new BrokenPort() });
  const reply = await say(path, '{"verb":"status"}\n');
  assert.equal(code(reply), 'control.internal');
  assert.ok(!reply.includes('secret detail'));
  assert.match(problems.join('\n'), /secret detail/);
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('a request over the limit is refused and the connection closed', async (t) => {
  const { path } = await serve(t);
  assert.equal(code(await say(path, `{"verb":"${'x'.repeat(70_000)}`)), 'control.too-large');
  assert.equal(code(await say(path, `{"verb":"${'x'.repeat(70_000)}"}\n`)), 'control.too-large');
  const largest = JSON.stringify({ verb: 'ping', pad: 'x' }).padEnd(65_536);
  assert.equal(code(await say(path, `${largest}\n`)), 'control.bad-request');
});

test('one user gets so many connections, and the rest a reason', async (t) => {
  const limits = { connections: 20, perUser: 3, reserved: 2 };
  const { path, server } = await serve(t, { limits, readPeer: () => 1000 });
  const held = await Promise.all([dial(path), dial(path), dial(path)]);
  assert.equal(code(await say(path, PING)), 'control.busy');
  held[0]?.destroy();
  while (server.open === 3) await new Promise(setImmediate);
  assert.match(await say(path, PING), /pong/);
  for (const socket of held) socket.destroy();
});

test('the last places are kept for root', async (t) => {
  let uid = 1;
  const limits = { connections: 6, perUser: 4, reserved: 2 };
  const { path, server } = await serve(t, { limits, readPeer: () => uid });
  const held = [];
  for (const user of [1, 1, 2, 2]) {
    uid = user;
    held.push(await dial(path));
    while (server.open < held.length) await new Promise(setImmediate);
  }
  uid = 3;
  assert.equal(code(await say(path, PING)), 'control.busy');
  uid = 0;
  assert.match(await say(path, PING), /pong/);
  for (const socket of held) socket.destroy();
});

test('a flood by one user keeps neither root nor another user out', async (t) => {
  let uid = 1000;
  let accepted = 0;
  const readPeer = () => {
    accepted += 1;
    return uid;
  };
  const { path, server } = await serve(t, { readPeer });
  const flood = await Promise.all(Array.from({ length: 400 }, () => dial(path)));
  for (const socket of flood) socket.on('error', () => undefined);
  while (accepted < flood.length) await new Promise(setImmediate);
  assert.equal(server.open, 32);
  for (uid of [0, 1001]) assert.match(await say(path, PING), /pong/);
  for (const socket of flood) socket.destroy();
});

test('who says nothing, or never ends a request, is cut off', async (t) => {
  const { path } = await serve(t, { limits: { idleMs: 20 } });
  assert.equal(await readAll(await dial(path)), '');
  const dawdler = await dial(path);
  const drip = setInterval(() => dawdler.write(' '), 5);
  t.after(() => clearInterval(drip));
  assert.equal(await readAll(dawdler), '');
});

test('who does not read its answers is cut off', async (t) => {
  class WordyPort extends SamplePort {
    override version() {
      return { version: 'x'.repeat(4_000_000) };
    }
  }
  const { path, server } = await serve(t, { port: new WordyPort(), limits: { drainMs: 20 } });
  const deaf = await dial(path);
  deaf.on('error', () => undefined);
  deaf.pause();
  deaf.write('{"verb":"version"}\n'.repeat(50));
  while (server.open === 0) await new Promise(setImmediate);
  while (server.open > 0) await new Promise(setImmediate);
  deaf.destroy();
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('words of fail2ban-client that set a command, a path or an expression are for root and the daemon itself', async (t) => {
  const ask = (path: string, words: string): Promise<string> =>
    say(path, `${JSON.stringify({ verb: 'fail2ban', words: words.split(' ') })}\n`);
  const closed = [
    'set sshd addfailregex x', 'set sshd addignoreregex x', 'set sshd delfailregex 0', 'set sshd prefregex x',
    'set sshd datepattern x', 'set sshd addlogpath /x', 'set sshd dellogpath /x', 'set sshd ignorecommand x',
    'set sshd addaction x', 'set sshd action x actionban y', 'set sshd delaction x', 'set sshd bantime.formula x',
    'set sshd bantime.factor x', 'set sshd addjournalmatch A=1', 'set logtarget /x', 'set dbfile /x',
    'set syslogsocket /x', 'multi-set sshd addfailregex x', 'add x', 'start x', 'stop', 'stop x', 'reload',
    'set thread x', 'set sshd addignoreip file:/x', 'server-stream', 'set sshd something new',
  ]; // prettier-ignore
  for (const uid of [65_533, undefined]) {
    const { path } = await serve(t, { readPeer: () => uid });
    for (const words of closed) assert.equal(code(await ask(path, words)), 'control.denied', words);
    for (const words of [
      'ping',
      'get sshd bantime',
      'set sshd banip 192.0.2.1',
      'set sshd findtime 1',
      'unban --all',
    ])
      assert.match(await ask(path, words), /"ok":true/, words);
  }
  const { path } = await serve(t);
  for (const words of closed) assert.match(await ask(path, words), /"ok":true/, words);
});

test('only root and the daemon itself may stop it; unreadable credentials may not', async (t) => {
  for (const uid of [65_533, undefined]) {
    const { path, port } = await serve(t, { readPeer: () => uid });
    assert.equal(code(await say(path, '{"verb":"stop"}\n')), 'control.denied');
    assert.equal(code(await say(path, '{"verb":"reload"}\n')), 'control.denied');
    assert.match(await say(path, '{"verb":"unban","targets":["192.0.2.1"]}\n'), /"unbanned":1/);
    assert.ok(port instanceof SamplePort && !port.stopped);
  }
  const { path, port } = await serve(t);
  assert.match(await say(path, '{"verb":"stop"}\n'), /"stopping":true/);
  assert.ok(port instanceof SamplePort && port.stopped);
});

test('the kernel tells who a peer is', async (t) => {
  const { path } = await serve(t);
  const dropped = process.getuid?.() === 0;
  const script = `
    if (${dropped}) process.setuid(65534);
    const socket = require('node:net').connect(${JSON.stringify(path)});
    socket.on('data', (data) => process.stdout.write(data));
    socket.on('error', (error) => process.stdout.write(error.code));
    socket.end('{"verb":"stop"}\\n');
  `;
  chmodSync(path, 0o666);
  chmodSync(join(path, '..', '..'), 0o755);
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data) => (text += String(data)));
  await once(child, 'close');
  assert.equal(code(text), dropped ? 'control.denied' : undefined);
});

test('the socket is for its owner, or its group bailiff, alone', async (t) => {
  const umask = process.umask();
  const { path } = await serve(t);
  const { mode } = statSync(path);
  assert.equal(mode & 0o007, 0);
  assert.equal(mode & 0o111, 0);
  assert.equal(process.umask(), umask);
});

test('a second daemon is refused while the first answers', async (t) => {
  const { path } = await serve(t);
  const second = startControlServer({ socketPath: path, port: new SamplePort(), onProblem: () => undefined });
  await assert.rejects(second, { code: 'control.already-running' });
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('the socket of a daemon that was killed is replaced', async (t) => {
  const path = join(folderFor(t), 'stale.sock');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
  assert.ok(existsSync(path));
  await assert.rejects(request(path, { verb: 'ping' }), { code: 'control.no-daemon' });
  await serve(t, { socketPath: path });
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('what is no socket is left in its place', async (t) => {
  const path = join(folderFor(t), 'precious');
  writeFileSync(path, 'data');
  const start = startControlServer({ socketPath: path, port: new SamplePort(), onProblem: () => undefined });
  await assert.rejects(start, { code: 'control.not-a-socket' });
  assert.ok(existsSync(path));
  const long = join(folderFor(t), 'x'.repeat(120));
  await assert.rejects(
    startControlServer({ socketPath: long, port: new SamplePort(), onProblem: () => undefined }),
    { code: 'control.path' },
  );
});

test('closing gives the answer that is due and removes the socket', async (t) => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => (begun = resolve));
  class SlowPort extends SamplePort {
    override stop() {
      begun();
      return gate;
    }
  }
  const served = await serve(t, { port: new SlowPort() });
  const answer = say(served.path, '{"verb":"stop"}\n');
  await asked;
  const closed = served.server.close();
  open();
  assert.match(await answer, /"stopping":true/);
  await closed;
  assert.ok(!existsSync(served.path));
});

test('a client without a daemon says so', async (t) => {
  await assert.rejects(request(join(folderFor(t), 'none.sock'), { verb: 'ping' }), {
    code: 'control.no-daemon',
  });
});
