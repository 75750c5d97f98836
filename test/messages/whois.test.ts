import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { networkIn, referralOf } from '../../src/action/whois/registries.js';
import { Whois, type WhoisAnswer } from '../../src/action/whois/whois.js';
import { whoisWay } from '../../src/action/whois/whois-way.js';
import { formatNetwork } from '../../src/lib/address.js';
import { SetClock } from '../../src/lib/clock.js';
import { WhoisServer } from './whois-server.js';

const RIPE = `% This is the RIPE Database query service.\n\ninetnum:        198.51.100.0 - 198.51.101.255\nnetname:        TEST\n`;

interface Asking {
  readonly whois: Whois;
  readonly clock: SetClock;
  readonly about: (address: string) => Promise<WhoisAnswer>;
  readonly giveUp: () => void;
}

function asking(first: WhoisServer, others: Readonly<Record<string, WhoisServer>> = {}): Asking {
  const clock = new SetClock(0);
  let told: () => void = () => undefined;
  let late: () => void = () => undefined;
  const whois = new Whois({
    way: whoisWay({
      first: first.place,
      placeOf: (server) => others[server]?.place ?? { host: '127.0.0.1', port: 1 },
    }),
    clock,
    ready: () => told(),
    patience: (giveUp) => {
      late = giveUp;
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
  return { whois, clock, about, giveUp: () => late() };
}

async function servers(t: TestContext): Promise<readonly [WhoisServer, WhoisServer]> {
  const first = await WhoisServer.open(
    t,
    () => 'refer:        whois.ripe.net\n\ninetnum: 198.0.0.0 - 198.255.255.255\n',
  );
  return [first, await WhoisServer.open(t, () => RIPE)];
}

test('a question follows the registries, and its answer is kept for the network it speaks of', async (t) => {
  const [first, ripe] = await servers(t);
  const { whois, about, clock } = asking(first, { 'whois.ripe.net': ripe });
  assert.deepEqual(await about('198.51.100.7'), { kind: 'told', server: 'whois.ripe.net', text: RIPE });
  assert.deepEqual([first.asked, ripe.asked], [['198.51.100.7'], ['198.51.100.7']]);
  assert.equal(whois.about('198.51.101.255').kind, 'told');
  assert.equal((await about('198.51.102.1')).kind, 'told');
  assert.equal(first.asked.length, 2, 'asked once for each network');
  clock.advanceTo(86_400_000);
  assert.equal(whois.about('198.51.100.7').kind, 'asked', 'after a day it is asked again');
});

test('a server that says nothing, nothing at all, or is not there, is told as absent, and soon asked again', async (t) => {
  const hanging = await WhoisServer.open(t, () => undefined);
  const { about, giveUp, clock } = asking(hanging);
  hanging.hangs = giveUp;
  assert.deepEqual(await about('192.0.2.1'), { kind: 'absent', because: 'no answer in time' });
  hanging.answer = () => ' \r\n';
  assert.equal((await about('192.0.2.2')).kind, 'absent', 'the same network: not asked again yet');
  assert.equal(hanging.asked.length, 1);
  clock.advanceTo(600_000);
  assert.deepEqual(await about('192.0.2.2'), { kind: 'absent', because: 'the answer is empty' });
});

test('where a referral leads nowhere the answer before it holds', async (t) => {
  const [first] = await servers(t);
  const { about } = asking(first);
  const told = await about('198.51.100.7');
  assert.ok(told.kind === 'told' && told.server === '127.0.0.1');
});

test('few are asked at a time, and the answer is cut', async (t) => {
  const endless = await WhoisServer.open(t, () => 'x'.repeat(10_000_000));
  const { whois, about } = asking(endless);
  assert.deepEqual(whois.about('10.0.0.1'), {
    kind: 'absent',
    because: 'the address is of a private network',
  });
  const told = await about('192.0.2.1');
  assert.ok(told.kind === 'told' && told.text.length === 65_536);
  for (const last of [1, 2, 3, 4]) assert.equal(whois.about(`198.51.${last}.1`).kind, 'asked');
  assert.equal(whois.about('198.51.5.1').kind, 'absent');
});

test('an answer leads to the registries alone, and speaks of no more than a part of the addresses', () => {
  assert.equal(referralOf('ReferralServer:  whois://whois.ripe.net\n'), 'whois.ripe.net');
  assert.equal(referralOf('refer: whois.apnic.net'), 'whois.apnic.net');
  for (const wrong of [
    'refer: 127.0.0.1',
    'ReferralServer: whois://whois.ripe.net:25',
    'remarks: refer: whois.ripe.net',
    'refer: intranet.example',
    'ReferralServer: rwhois://x.example:4321',
  ])
    assert.equal(referralOf(wrong), undefined, wrong);
  const of = (text: string, address: string): string | undefined => {
    const network = networkIn(text, address);
    return network && formatNetwork(network);
  };
  assert.equal(
    of('NetRange:       198.51.0.0 - 198.51.127.255\nCIDR:           198.51.0.0/17', '198.51.100.1'),
    '198.51.0.0/17',
  );
  assert.equal(of('inetnum: 198.51.100.3 - 198.51.100.9', '198.51.100.5'), '198.51.100.4/30');
  assert.equal(of('inet6num:       2001:db8::/32', '2001:db8:1::1'), '2001:db8::/32');
  assert.equal(of('inetnum: 0.0.0.0 - 255.255.255.255', '198.51.100.1'), undefined);
  assert.equal(of('inetnum: 203.0.113.0 - 203.0.113.255', '198.51.100.1'), undefined);
});

/** How each registry writes a network and the way on, with addresses for documentation. */
const SHAPES: readonly (readonly [who: string, text: string, network: string | undefined, leads: string | undefined])[] = [
  ['IANA', '% IANA WHOIS server\nrefer:        whois.arin.net\n\ninetnum:      198.0.0.0 - 198.255.255.255\norganisation: X\n', '198.0.0.0/8', 'whois.arin.net'],
  ['ARIN', '#\n# ARIN WHOIS\n#\nNetRange:       198.51.0.0 - 198.51.255.255\nCIDR:           198.51.0.0/16\n\n\nNetRange:       198.51.96.0 - 198.51.111.255\nCIDR:           198.51.96.0/20\nReferralServer:  whois://whois.ripe.net:43\n', '198.51.96.0/20', 'whois.ripe.net'],
  ['ARIN, to a customer', 'CIDR:           198.51.96.0/20, 198.51.112.0/21\nReferralServer:  rwhois://rwhois.isp.example:4321\n', '198.51.96.0/20', undefined],
  ['RIPE', "% Information related to '198.51.100.0 - 198.51.100.127'\r\n\r\ninetnum:        198.51.100.0 - 198.51.100.127\r\nroute:          198.51.0.0/16\r\n", '198.51.100.0/25', undefined],
  ['LACNIC', 'inetnum:     198.51.100.0/22\nstatus:      allocated\n', '198.51.100.0/22', undefined],
  ['JPNIC', 'a. [Network Number]             198.51.100.0/24\nb. [Network Name]               X\n', undefined, undefined],
  ['KRNIC', 'IPv4 Address       : 198.51.100.0 - 198.51.100.255 (/24)\n', undefined, undefined],
  ['nobody', '198.51.100.7: no match found for n + 198.51.100.7\n', undefined, undefined],
]; // prettier-ignore

for (const [who, text, network, leads] of SHAPES)
  test(`an answer as ${who} writes it is understood, or kept for the /24 around`, () => {
    const found = networkIn(text, '198.51.100.7');
    assert.equal(found && formatNetwork(found), network);
    assert.equal(referralOf(text), leads);
  });
