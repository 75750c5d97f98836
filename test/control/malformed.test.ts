import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { request } from '../../src/control/client.js';
import { parseRequest, readRequestLine } from '../../src/control/parse-request.js';
import { say, serve } from './sample-server.js';

const verbs = [
  'ping',
  'jail',
  'banned',
  'ban',
  'unban',
  'explain',
  'top',
  'stop',
  '__proto__',
  'constructor',
  7,
];
const near = fc.record(
  {
    verb: fc.constantFrom(...verbs),
    id: fc.jsonValue(),
    jail: fc.oneof(fc.constant('sshd'), fc.jsonValue()),
    targets: fc.oneof(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.jsonValue())), fc.jsonValue()),
    address: fc.jsonValue(),
    forSeconds: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
    limit: fc.jsonValue(),
    ['__proto__']: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

test('any request is answered, one line a line, and the server lives', async (t) => {
  const { path, problems } = await serve(t);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(near, fc.jsonValue()), { minLength: 1, maxLength: 20 }),
      async (requests) => {
        const lines = requests.map((value) => JSON.stringify(value));
        const replies = (await say(path, `${lines.join('\n')}\n`)).trimEnd().split('\n');
        assert.equal(replies.length, lines.length);
        for (const reply of replies) assert.equal(typeof JSON.parse(reply).ok, 'boolean');
      },
    ),
    { numRuns: 150 },
  );
  assert.deepEqual(problems, []);
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('any bytes are answered or the connection is closed, and the server lives', async (t) => {
  const { path, problems } = await serve(t);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      for (const reply of (await say(path, bytes)).split('\n')) {
        if (reply !== '') assert.equal(JSON.parse(reply).ok, false);
      }
    }),
    { numRuns: 150 },
  );
  assert.deepEqual(problems, []);
  assert.equal(await request(path, { verb: 'ping' }), 'pong');
});

test('a deep nest of brackets is refused like any other text', async (t) => {
  const { path } = await serve(t);
  const reply = await say(path, `${'['.repeat(65_000)}\n${'{"a":'.repeat(13_000)}\n`);
  assert.equal(reply.match(/control\.bad-request/g)?.length, 2);
});

const refused: Readonly<Record<string, string>> = {
  'not JSON': 'ping',
  'a list': '[]',
  null: 'null',
  'no verb': '{}',
  'an unknown verb': '{"verb":"flush"}',
  'a field that the verb has not': '{"verb":"ping","jail":"sshd"}',
  'no jail': '{"verb":"ban","targets":["192.0.2.1"]}',
  'no targets': '{"verb":"ban","jail":"sshd","targets":[]}',
  'a target that is no text': '{"verb":"ban","jail":"sshd","targets":[1]}',
  'an empty target': '{"verb":"unban","targets":[""]}',
  'a ban of no time': '{"verb":"ban","jail":"sshd","targets":["192.0.2.1"],"forSeconds":0}',
  'a ban of half a second': '{"verb":"ban","jail":"sshd","targets":["192.0.2.1"],"forSeconds":0.5}',
  'a ban past all time': '{"verb":"ban","jail":"sshd","targets":["192.0.2.1"],"forSeconds":1e300}',
  'a limit below one': '{"verb":"top","limit":0}',
  'an id that is an object': '{"verb":"ping","id":{}}',
};
for (const [name, line] of Object.entries(refused)) {
  test(`a request with ${name} is refused`, () => {
    assert.throws(() => parseRequest(readRequestLine(line).fields), { code: 'control.bad-request' });
  });
}

test('targets have one spelling each, and each stands once', () => {
  const line = '{"verb":"unban","targets":["::ffff:192.0.2.1","192.0.2.1","2001:DB8::5/64","name"]}';
  assert.deepEqual(parseRequest(readRequestLine(line).fields), {
    verb: 'unban',
    targets: ['192.0.2.1', '2001:db8::/64', 'name'],
  });
});

test('a refused request is answered under its id, and shows no control characters', async (t) => {
  const { path } = await serve(t);
  const reply = JSON.parse(await say(path, '{"id":"a","verb":"\\u001b[2J"}\n'));
  assert.equal(reply.id, 'a');
  assert.match(reply.error.message, /\\x1b\[2J/);
});
