import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { setNameOf } from '../../src/action/nft-identifier.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { parsePortList } from '../../src/action/port-list.js';
import { BailiffError } from '../../src/lib/errors.js';
import { parseServices } from '../../src/lib/service-ports.js';

function guard(parameters: Readonly<Record<string, string>>) {
  const { protocols, ports, verdict } = nftablesJail('j', { name: 'n', native: 'nftables', parameters });
  return { protocols: protocols.join(), ports, verdict };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof BailiffError && error.remedy !== undefined ? error.code : String(error);
  }
  return 'nothing';
}

const at = (port: number) => ({ first: port, last: port });

test('ports are names, numbers and ranges, in Fail2Ban’s writing', () => {
  assert.deepEqual(parsePortList('ssh'), [at(22)]);
  assert.deepEqual(
    parsePortList('pop3,pop3s, imap,imaps,submission,465,sieve'),
    [110, 143, 465, 587, 993, 995, 4190].map(at),
  );
  assert.deepEqual(parsePortList('1000:2000 25'), [at(25), { first: 1000, last: 2000 }]);
  for (const all of ['0:65535', '1:65535', 'all', 'any', '22,0-65535'])
    assert.equal(parsePortList(all), 'all');
});

test('ports that overlap are merged, since nft refuses them', () => {
  assert.deepEqual(parsePortList('465,smtps,465'), [at(465)]);
  assert.deepEqual(parsePortList('10:20,15:30,25'), [{ first: 10, last: 30 }]);
});

test('what is no port is refused with its remedy', () => {
  for (const text of [
    '',
    ',',
    'no-such-service',
    '65536',
    '20:10',
    '1:2:3',
    '-1',
    '22;',
    '{22}',
    'constructor',
  ])
    assert.equal(
      codeOf(() => parsePortList(text)),
      'action.nft-port',
      text,
    );
});

test('services(5) gives names and aliases, the first line of a name wins', () => {
  const services = parseServices('# c\nsmtp\t25/tcp\tmail # x\nsmtp 26/udp\nbad\nworse x/tcp\n');
  assert.deepEqual(
    [...services],
    [
      ['smtp', 25],
      ['mail', 25],
    ],
  );
});

test('drop is what happens unless blocktype says otherwise', () => {
  assert.deepEqual(guard({ port: 'ssh' }), { protocols: 'tcp', ports: [at(22)], verdict: 'drop' });
  assert.equal(guard({ blocktype: 'DROP' }).verdict, 'drop');
  assert.equal(guard({ blocktype: 'reject' }).verdict, 'reject');
  assert.equal(guard({ port: '22', blocktype: 'reject with tcp reset' }).verdict, 'reject with tcp reset');
  assert.equal(guard({ port: '22', protocol: 'all', blocktype: 'reject with tcp reset' }).verdict, 'reject');
  for (const text of [
    'REJECT --reject-with icmp-port-unreachable',
    'reject with icmpx type port-unreachable',
    'reject with icmpx port-unreachable',
    'REJECT --reject-with icmp6-port-unreachable',
  ])
    assert.equal(guard({ blocktype: text }).verdict, 'reject with icmpx type port-unreachable', text);
  for (const text of [
    '',
    'accept',
    'drop; flush ruleset',
    'reject with',
    'reject with icmp type x',
    'drop drop',
  ])
    assert.equal(
      codeOf(() => guard({ blocktype: text })),
      'action.nft-blocktype',
      text,
    );
});

test('allports means every port of its protocols, both where none is named', () => {
  assert.deepEqual(guard({ type: 'allports', port: 'ssh' }), {
    protocols: 'tcp,udp',
    ports: 'all',
    verdict: 'drop',
  });
  assert.deepEqual(guard({ type: 'allports', protocol: 'tcp' }).protocols, 'tcp');
  assert.deepEqual(guard({ protocol: 'tcp,udp', port: '53' }).protocols, 'tcp,udp');
  for (const text of ['icmp', '', 'tcp;'])
    assert.equal(
      codeOf(() => guard({ protocol: text })),
      'action.nft-protocol',
      text,
    );
});

test('every jail has sets of its own, whatever its name', () => {
  assert.equal(setNameOf('sshd', 6, 64), 'sshd-6-64');
  assert.equal(setNameOf('3proxy', 4, 32), 'j.3proxy-4-32');
  assert.equal(setNameOf('a b', 4, 24), 'j.a.20.b-4-24');
  const jail = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom('a.20.b', 'a b', 'j.a', 'a-4-32'),
  );
  fc.assert(
    fc.property(jail, jail, (one, other) => {
      const name = setNameOf(one, 4, 32);
      assert.match(name, /^[a-zA-Z][a-zA-Z0-9_.-]{0,254}$/);
      assert.equal(name === setNameOf(other, 4, 32), one === other);
    }),
  );
});
