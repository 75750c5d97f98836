/**
 * What sampled addresses get through to a host, seen from outside: a client beside it sends a datagram from each of them every
 * 10 ms, and the host's own socket tells who arrived. Gives when the last one came through. Needs python3.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { networkNamespace } from '../test/action/network-namespace.js';
import type { Afterwards } from '../test/daemon/afterwards.js';
import { until } from '../test/daemon/daemon-process.js';
import type { PrivateHost } from '../test/daemon/private-host.js';

const PORT = 22;
const PATIENCE_MS = 300_000;
const SEND = `
import socket, sys, time
all = []
for address in sys.argv[1:]:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((address, 0)); all.append(s)
while True:
    for s in all: s.sendto(b'x', ('192.0.2.10', ${PORT}))
    time.sleep(0.01)
`;
/** Every 10 ms: the clock, and how many addresses came through since. */
const RECEIVE = `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('192.0.2.10', ${PORT})); s.settimeout(0.01)
seen = set(); due = time.monotonic()
while True:
    try: seen.add(s.recvfrom(16)[1][0])
    except TimeoutError: pass
    now = time.monotonic()
    if now >= due:
        print(int(now * 1000), len(seen), flush=True); seen.clear(); due = now + 0.01
`;

export class SampledPackets {
  /** When somebody came through last, and how many did at that look; milliseconds of the system's steady clock. */
  lastMs = 0;
  /** How many addresses came through at the last look. */
  passing = 0;
  readonly #size: number;

  private constructor(size: number, receiver: ChildProcess) {
    this.#size = size;
    let rest = '';
    receiver.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const [clock = 0, count = 0] of lines.map((line) => line.split(' ').map(Number))) {
        this.passing = count;
        if (count > 0) this.lastMs = clock;
      }
    });
  }

  static async open(t: Afterwards, host: PrivateHost, addresses: readonly string[]): Promise<SampledPackets> {
    const client = await networkNamespace(t);
    host.run('ip', 'link', 'add', 'h0', 'type', 'veth', 'peer', 'name', 'c0', 'netns', String(client.pid));
    host.run('ip', 'addr', 'add', '192.0.2.10/24', 'dev', 'h0');
    host.run('ip', 'link', 'set', 'h0', 'up');
    host.run('ip', 'route', 'add', '10.0.0.0/8', 'dev', 'h0');
    client.run('ip', 'link', 'set', 'c0', 'up');
    for (const address of addresses) client.run('ip', 'addr', 'add', `${address}/32`, 'dev', 'c0');
    client.run('ip', 'route', 'add', '192.0.2.0/24', 'dev', 'c0');
    const receiver = host.spawn('python3', ['-c', RECEIVE]);
    const [command = '', ...words] = [...client.prefix, 'python3', '-c', SEND, ...addresses];
    const sender = spawn(command, words, { stdio: 'inherit' });
    for (const child of [receiver, sender]) t.after(() => child.kill('SIGKILL'));
    const packets = new SampledPackets(addresses.length, receiver);
    await until('all to come through', () => packets.passing === packets.#size);
    return packets;
  }

  /** Resolves once nobody has come through for `quietMs`; gives how long after `sinceMs` the last one did. */
  async shutOut(sinceMs: number, quietMs: number, patienceMs = PATIENCE_MS): Promise<number> {
    await until(
      'nobody to come through',
      () => nowMs() - Math.max(this.lastMs, sinceMs) > quietMs,
      patienceMs,
    );
    return this.lastMs - sinceMs;
  }
}

/** Milliseconds of the clock that the packets are timed by. */
export function nowMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
