import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectedPorts } from '../../src/action/connections.js';
import { LeakWatch } from '../../src/action/nftables-leak.js';
import { nftablesJail } from '../../src/action/nftables-options.js';
import { parseNetwork } from '../../src/lib/address.js';
import { banOf } from './decisions.js';

const GUARDS = [
  nftablesJail('sshd', { name: 'nftables', native: 'nftables', parameters: { port: '22,1000:2000' } }),
];
const BAN = banOf('sshd', '192.0.2.1');

function watch(ports: readonly number[]) {
  const clock = { nowMs: 1_795_000_000_000, now: () => clock.nowMs };
  const leaks = new LeakWatch(clock, () => new Set(ports));
  return {
    clock,
    leaks,
    /** What is told of a line that is written `afterMs` after the ban and read at once. */
    heardAfter: (afterMs: number, missing?: string) => {
      clock.nowMs += afterMs;
      return leaks.explain(BAN, clock.nowMs, GUARDS, missing);
    },
  };
}

test('a line in flight is no sign, one two seconds later is', () => {
  const { leaks, heardAfter } = watch([2222]);
  leaks.note(BAN);
  assert.equal(heardAfter(1900), undefined);
  assert.match(heardAfter(200) ?? '', /^192\.0\.2\.1 is banned and still heard/);
  assert.equal(heardAfter(1000), undefined, 'once a minute');
  assert.notEqual(heardAfter(60_000), undefined);
});

test('a line from before the ban that is read late proves nothing', () => {
  const { leaks, clock } = watch([2222]);
  leaks.note(BAN);
  clock.nowMs += 10_000;
  assert.equal(leaks.explain(BAN, clock.nowMs - 9000, GUARDS, undefined), undefined);
  assert.equal(leaks.explain(BAN, clock.nowMs + 60_000, GUARDS, undefined), undefined);
});

test('of a ban from before the start too, but not by a line from before the start', () => {
  const { leaks, heardAfter, clock } = watch([2222]);
  const startMs = clock.nowMs;
  leaks.begin();
  clock.nowMs += 4000;
  assert.equal(leaks.explain(BAN, startMs - 1000, GUARDS, undefined), undefined);
  assert.notEqual(leaks.explain(BAN, startMs + 3900, GUARDS, undefined), undefined);
  for (let index = 0; index < 3; index += 1) {
    clock.nowMs += 100_000;
    leaks.note(banOf('sshd', `192.0.2.${100 + index}`));
  }
  assert.notEqual(leaks.explain(BAN, clock.nowMs - 100, GUARDS, undefined), undefined);
  assert.equal(heardAfter(100), undefined, 'once a minute');
});

test('it names what lets him in', () => {
  const said = (ports: readonly number[], missing?: string): string =>
    watch(ports).heardAfter(5000, missing) ?? '';
  assert.match(said([2222, 22]), /connected to port 2222, which the jail does not close/);
  assert.match(said([22, 1500]), /connected to port 22, 1500, which the jail closes: something takes/);
  assert.match(said([]), /no connection to this host, so the log names somebody behind a proxy/);
  assert.match(
    said([22], 'the firewall cannot be written: no.'),
    /still heard: the firewall cannot be written: no\./,
  );
});

test("the kernel's table of connections tells to which ports an address is connected", (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-tcp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const head = '  sl  local_address rem_address   st tx_queue\n';
  writeFileSync(
    join(folder, 'tcp'),
    `${head}   0: 0A0200C0:0016 010200C0:D431 01 00000000:00000000\n   1: 0A0200C0:0019 010200C0:D432 06 0:0\n   2: 0A0200C0:008F 020200C0:D433 01 0:0\n`,
  );
  writeFileSync(
    join(folder, 'tcp6'),
    `${head}   0: B80D0120000000000000000001000000:03E1 B80D0120000001000000000005000000:D431 01 0:0\n` +
      '   1: 0000000000000000FFFF00000A0200C0:024B 0000000000000000FFFF0000010200C0:D434 01 0:0\n',
  );
  const portsOf = (text: string): readonly number[] => {
    const network = parseNetwork(text);
    assert.ok(network);
    return [...connectedPorts(network, folder)];
  };
  assert.deepEqual(portsOf('192.0.2.1'), [22, 587]);
  assert.deepEqual(portsOf('192.0.2.0/24'), [22, 143, 587]);
  assert.deepEqual(portsOf('2001:db8:1::/64'), [993]);
  assert.deepEqual(portsOf('198.51.100.1'), []);
});
