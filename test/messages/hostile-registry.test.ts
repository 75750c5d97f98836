/**
 * Registries that answer what nobody asked for: a real whois server on TCP, and a real one of RDAP on HTTPS. Whatever they say, in
 * whatever pieces, the question ends with text of bounded size or with a plain reason, and work that is bounded too.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { httpsExchange } from '../../src/action/report/https-exchange.js';
import { rdapWay } from '../../src/action/whois/rdap-way.js';
import { networkIn, referralOf } from '../../src/action/whois/registries.js';
import { Whois, type WhoisAnswer } from '../../src/action/whois/whois.js';
import { type Way, whoisWay } from '../../src/action/whois/whois-way.js';
import { SetClock } from '../../src/lib/clock.js';
import { makeCertificate } from '../reports/certificate.js';

const ADDRESS = '198.51.100.7';
const MOST = 65_536;
const NETWORK = '{"startAddress":"198.51.100.0","endAddress":"198.51.100.255","name":"TEST"}';

interface Asked {
  readonly answer: WhoisAnswer;
  readonly clock: SetClock;
  readonly again: (address: string) => Promise<WhoisAnswer>;
}

/** Asks once; `giveUp` of `late` ends the daemon's patience. */
async function ask(way: Way, late: { giveUp: () => void }): Promise<Asked> {
  const clock = new SetClock(0);
  let told: () => void = () => undefined;
  const whois = new Whois({
    way,
    clock,
    ready: () => told(),
    patience: (giveUp) => {
      late.giveUp = giveUp;
      return () => undefined;
    },
  });
  const about = async (address: string): Promise<WhoisAnswer> => {
    const ready = new Promise<void>((resolve) => (told = resolve));
    const known = whois.about(address);
    if (known.kind !== 'asked') return known;
    await ready;
    return whois.about(address);
  };
  return { answer: await about(ADDRESS), clock, again: about };
}

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => void sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A parse boundary: a server on TCP has such an address.
  return (server.address() as AddressInfo).port;
}

type Speak = (socket: Socket, giveUp: () => void) => void;

/** One whois question; `others` are registries that it may lead on to. */
async function whoisSays(
  t: TestContext,
  speak: Speak,
  others: Readonly<Record<string, Speak>> = {},
): Promise<Asked> {
  const late = { giveUp: (): void => undefined };
  const placeOf = async (speaks: Speak) => {
    const server = createServer((socket) => {
      socket.once('data', () => speaks(socket, () => late.giveUp()));
    });
    return { host: '127.0.0.1', port: await listen(t, server) };
  };
  const first = await placeOf(speak);
  const places = new Map(
    await Promise.all(
      Object.entries(others).map(async ([name, speaks]) => [name, await placeOf(speaks)] as const),
    ),
  );
  const nowhere = { host: '127.0.0.1', port: 1 };
  return ask(whoisWay({ first, placeOf: (server) => places.get(server) ?? nowhere }), late);
}

function textOf({ answer }: Asked): string {
  return answer.kind === 'told' ? answer.text : assert.fail(JSON.stringify(answer));
}

function reasonOf({ answer }: Asked): string {
  return answer.kind === 'absent' ? answer.because : assert.fail(answer.kind);
}

test('bytes that are no text are an answer of bounded size, and speak of no network', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919) % 256));
  const asked = await whoisSays(t, (socket) => socket.end(bytes));
  // Each byte that is none of UTF-8 stands as one character.
  assert.ok(textOf(asked).length <= MOST, `${textOf(asked).length} characters`);
  assert.equal((await asked.again('198.51.100.200')).kind, 'told', 'kept for the /24');
});

test('an answer drop by drop, without an end, is over when patience is', async (t) => {
  const asked = await whoisSays(t, (socket, giveUp) => {
    let drops = 0;
    const drip = setInterval(() => {
      socket.write('x');
      if ((drops += 1) === 20) giveUp();
    }, 1);
    socket.on('close', () => clearInterval(drip));
  });
  assert.equal(reasonOf(asked), 'no answer in time');
});

test('a connection that is reset instead of answered is told', async (t) => {
  const asked = await whoisSays(t, (socket) => void socket.resetAndDestroy());
  assert.match(reasonOf(asked), /ECONNRESET/);
});

test('registries that lead to one another are left after a few questions, and one that hangs leaves the answer before it', async (t) => {
  let questions = 0;
  const leads =
    (to: string): Speak =>
    (socket) => {
      questions += 1;
      socket.end(`refer: ${to}\nnetname: BEFORE\n`);
    };
  const round = await whoisSays(t, leads('whois.ripe.net'), {
    'whois.ripe.net': leads('whois.arin.net'),
    'whois.arin.net': leads('whois.ripe.net'),
  });
  assert.match(textOf(round), /BEFORE/);
  assert.ok(questions <= 4, `${questions} questions`);
  const hanging = await whoisSays(t, leads('whois.ripe.net'), {
    'whois.ripe.net': (_, giveUp) => giveUp(),
  });
  assert.match(textOf(hanging), /BEFORE/);
});

/** Texts on which a search that tries every place again takes seconds. */
const LABOUR: readonly (readonly [string, string])[] = [
  ['nothing but line ends', '\n'.repeat(MOST)],
  ['nothing but empty lines', ' \r\n'.repeat(MOST / 3)],
  ['nothing but spaces', ' '.repeat(MOST)],
  ['a name without a value, again and again', 'inetnum:\n'.repeat(MOST / 9)],
  ['a name and line ends', `inetnum:${'\n'.repeat(MOST)}`],
  ['ranges without end', 'CIDR: :: - ::1\n'.repeat(MOST / 15)],
  ['networks without end', `CIDR: ${'::/1,'.repeat(35)}\n`.repeat(MOST / 182)],
];

for (const [what, text] of LABOUR)
  test(`an answer of ${what} is one that speaks of nothing`, async (t) => {
    assert.equal(referralOf(text), undefined);
    assert.equal(networkIn(text, ADDRESS), undefined);
    assert.equal(networkIn(text, '2001:db8::1'), undefined);
    const asked = await whoisSays(t, (socket) => socket.end(text));
    assert.notEqual(asked.answer.kind, 'asked');
  });

test('of a long answer the first thousand lines are looked at, and the first networks', () => {
  const known = 'refer: whois.ripe.net\ninetnum: 198.51.100.0 - 198.51.100.255\n';
  const after = (line: string, times: number): string => line.repeat(times) + known;
  assert.equal(referralOf(after('\n', 900)), 'whois.ripe.net');
  assert.equal(referralOf(after('\n', 1000)), undefined);
  assert.equal(networkIn(after('inetnum: ::/1\n', 60), ADDRESS)?.prefix, 24);
  assert.equal(networkIn(after('inetnum: ::/1\n', 64), ADDRESS), undefined);
});

type Respond = (response: ServerResponse, giveUp: () => void) => void;

async function rdapSays(t: TestContext, respond: Respond, isTrusted = true): Promise<Asked> {
  const certificate = makeCertificate();
  const late = { giveUp: (): void => undefined };
  const server = createHttps(certificate, (_, response) => respond(response, () => late.giveUp()));
  const port = await listen(t, server);
  const ca = isTrusted ? certificate.cert : makeCertificate().cert;
  const way = rdapWay({
    first: `https://127.0.0.1:${port}`,
    exchange: (patience) => httpsExchange({ ca, patience, mostBytes: 262_144 }),
  });
  return ask(way, late);
}

const deep = 120_000;
const REFUSED: readonly (readonly [string, Respond, RegExp])[] = [
  ['bytes that are no text', (response) => response.end(Buffer.alloc(1000, 0xff)), /no JSON/],
  ['a page for people', (response) => response.end('<!DOCTYPE html><title>x</title>'), /no JSON/],
  [
    'something packed that nobody asked for',
    (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(NETWORK)),
    /no JSON/,
  ],
  ['half of the JSON', (response) => response.end(NETWORK.slice(0, 40)), /no JSON/],
  [
    'less than it promised',
    (response) => {
      response.writeHead(200, { 'Content-Length': '4000' });
      response.write(NETWORK, () => response.socket?.destroy());
    },
    /middle of the answer|aborted|ECONNRESET/,
  ],
  [
    'drop by drop, without an end',
    (response, giveUp) => {
      let drops = 0;
      const drip = setInterval(() => {
        response.write(' ');
        if ((drops += 1) === 20) giveUp();
      }, 1);
      response.on('close', () => clearInterval(drip));
    },
    /no answer in time/,
  ],
  ['a megabyte', (response) => response.end('x'.repeat(1_000_000)), /more than 256 KiB/],
  [
    'headers without end',
    (response) => response.writeHead(200, { 'X-A': 'a'.repeat(100_000) }).end(NETWORK),
    /[Hh]eader/,
  ],
  ['a status that is none', (response) => response.writeHead(299).end(NETWORK), /HTTP 299/],
  ['brackets within brackets', (response) => response.end('['.repeat(260_000)), /no JSON|stack/],
  ['another network’s kind of answer', (response) => response.end('{"ldhName":"example.com"}'), /no network/],
];

for (const [what, respond, because] of REFUSED)
  test(`a registry of RDAP that answers ${what} is told as absent`, async (t) => {
    assert.match(reasonOf(await rdapSays(t, respond)), because);
  });

test('what is nested deeper than anybody writes is passed over, and the network told', async (t) => {
  const nested = `${NETWORK.slice(0, -1)},"entities":${'['.repeat(deep)}${']'.repeat(deep)}}`;
  assert.match(textOf(await rdapSays(t, (response) => response.end(nested))), /^inetnum: 198\.51\.100\.0 - /);
});

test('a registry of RDAP that is not who it says is asked nothing', async (t) => {
  let heard = 0;
  const asked = await rdapSays(t, () => void (heard += 1), false);
  assert.match(reasonOf(asked), /certificate|self.signed/);
  assert.equal(heard, 0);
});
