import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import * as fc from 'fast-check';
import { httpsExchange } from '../../src/action/report/https-exchange.js';
import { rdapText } from '../../src/action/whois/rdap-text.js';
import { rdapWay } from '../../src/action/whois/rdap-way.js';
import { networkIn } from '../../src/action/whois/registries.js';
import { Whois, type WhoisAnswer } from '../../src/action/whois/whois.js';
import { formatNetwork } from '../../src/lib/address.js';
import { SetClock } from '../../src/lib/clock.js';
import { makeCertificate } from '../reports/certificate.js';

const NETWORK = {
  objectClassName: 'ip network',
  startAddress: '198.51.100.0',
  endAddress: '198.51.101.255',
  handle: 'TEST-NET',
  name: 'TEST',
  country: 'ZZ',
  remarks: [{ description: ['one', 'inetnum: 8.0.0.0 - 8.255.255.255\nname: \u001b[2Jevil'] }],
  entities: [
    {
      roles: ['abuse'],
      vcardArray: [
        'vcard',
        [
          ['fn', {}, 'text', 'Abuse\r\n.\r\nDesk'],
          ['email', {}, 'text', 'abuse@isp.example'],
        ],
      ],
    },
  ],
};

/** A registry at /first that leads on to where it is told, and one at /other. `hangs` is called where nothing is said. */
async function registry(t: TestContext) {
  const certificate = makeCertificate();
  const asked: string[] = [];
  const server = createServer(certificate, (request, response) => {
    const [, place = '', ...rest] = (request.url ?? '').split('/');
    asked.push(`${place} ${rest.join('/')}`);
    const location = told.leads.get(place);
    if (location !== undefined)
      return void response.writeHead(302, { Location: location.replace('$', rest.join('/')) }).end();
    if (told.body === undefined) return told.hangs();
    response.writeHead(told.status, { 'Content-Type': 'application/rdap+json' }).end(told.body);
  });
  const told = {
    leads: new Map<string, string>(),
    status: 200,
    body: JSON.stringify(NETWORK) as string | undefined,
    hangs: (): void => undefined,
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  // A parse boundary: a server on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const base = `https://127.0.0.1:${port}`;
  const clock = new SetClock(0);
  let ready: () => void = () => undefined;
  const whois = new Whois({
    way: rdapWay({
      first: `${base}/first`,
      exchange: (patience) => httpsExchange({ ca: certificate.cert, patience, mostBytes: 10_240 }),
    }),
    clock,
    ready: () => ready(),
    patience: (giveUp) => {
      told.hangs = giveUp;
      return () => undefined;
    },
  });
  const about = async (address: string): Promise<WhoisAnswer> => {
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const known = whois.about(address);
    if (known.kind !== 'asked') return known;
    await isReady;
    return whois.about(address);
  };
  return { about, told, asked, base, clock };
}

test('a question by RDAP follows the registries, and its answer is kept for the network it speaks of', async (t) => {
  const { about, told, asked, base } = await registry(t);
  told.leads.set('first', `${base}/other/$`);
  const answer = await about('198.51.100.7');
  assert.ok(answer.kind === 'told');
  assert.match(answer.server, /^127\.0\.0\.1:\d+$/);
  assert.match(answer.text, /^inetnum: 198\.51\.100\.0 - 198\.51\.101\.255\nhandle: TEST-NET\nname: TEST\n/);
  assert.deepEqual(asked, ['first ip/198.51.100.7', 'other ip/198.51.100.7']);
  assert.equal((await about('198.51.101.255')).kind, 'told');
  assert.equal(asked.length, 2, 'asked once for the network');
});

test('what is anybody’s text stays on its line, and passes for no other field', () => {
  const text = rdapText(JSON.stringify(NETWORK));
  assert.match(text, /^contact \(abuse\): Abuse\\x0d\\x0a\.\\x0d\\x0aDesk <abuse@isp\.example>$/m);
  assert.match(text, /^remarks: inetnum: 8\.0\.0\.0 - 8\.255\.255\.255\\x0aname: \\x1b\[2Jevil$/m);
  const network = networkIn(text, '198.51.100.7');
  assert.equal(network && formatNetwork(network), '198.51.100.0/23');
});

test('whatever JSON comes, there is text of few lines or a plain refusal', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.json({ maxDepth: 6 }), (entities, remarks) => {
      const text = rdapText(
        `{"startAddress":"192.0.2.0","endAddress":"192.0.2.255","entities":${entities},"remarks":${remarks}}`,
      );
      assert.ok(text.split('\n').every((line) => line.length < 2000 && !/[\u0000-\u001f]/.test(line)));
    }),
  );
  const wide = { roles: ['x'.repeat(400)], vcardArray: ['vcard', [['fn', {}, 'text', 'y'.repeat(400)]]] };
  const nested = { ...wide, entities: Array.from({ length: 20 }, () => ({ ...wide, entities: [wide] })) };
  const entities = Array.from({ length: 20 }, () => nested);
  const text = rdapText(JSON.stringify({ ...NETWORK, entities }));
  assert.ok(text.split('\n').length < 400, `${text.split('\n').length} lines`);
  for (const wrong of ['', '<html>', 'null', '[]', '{}', '{"startAddress":1}'])
    assert.throws(() => rdapText(wrong), /the answer/);
});

for (const [what, to, because] of [
  ['a host that is no registry', 'https://intranet.example/x', /no registry/],
  ['another address of this host', 'https://127.0.0.1:1/x', /no registry/],
  ['where nothing is encrypted', 'http://rdap.arin.net/x', /no registry/],
  ['somebody with a name', 'https://joe@rdap.arin.net/x', /no registry/],
  ['nowhere', 'https://', /nowhere/],
  ['itself', '/first/$', /circle/],
] as const)
  test(`an answer that leads to ${what} is followed no further`, async (t) => {
    const { about, told, asked } = await registry(t);
    told.leads.set('first', to);
    const answer = await about('198.51.100.7');
    assert.match(answer.kind === 'absent' ? answer.because : answer.kind, because);
    assert.ok(asked.length <= 5, `${asked.length} questions`);
  });

test('a registry that hangs, says too much, or knows nothing is told as absent, and soon asked again', async (t) => {
  const { about, told, asked, clock } = await registry(t);
  const because = async (address: string): Promise<string> => {
    const answer = await about(address);
    return answer.kind === 'absent' ? answer.because : answer.kind;
  };
  told.body = undefined;
  assert.equal(await because('198.51.100.7'), 'no answer in time');
  assert.equal(await because('198.51.100.8'), 'no answer in time', 'the same network: not asked again yet');
  assert.equal(asked.length, 1);
  clock.advanceTo(600_000);
  told.body = 'x'.repeat(20_000);
  assert.match(await because('198.51.100.7'), /more than 10 KiB/);
  told.body = '{}';
  told.status = 404;
  assert.equal(await because('203.0.113.1'), 'the registry knows nothing of it');
  told.status = 500;
  assert.equal(await because('192.0.2.1'), 'HTTP 500');
});
