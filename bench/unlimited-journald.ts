/**
 * A journald of a private host's own that takes all that is written to it, and programs by the name of sshd that write. Takes
 * the host; gives voices. How fast journald takes what they say is theirs to wait for.
 */
import type { Afterwards } from '../test/daemon/afterwards.js';
import { namedLogger } from '../test/daemon/named-logger.js';
import type { PrivateHost } from '../test/daemon/private-host.js';

const SETTINGS = '[Journal]\\nRateLimitIntervalSec=0\\nStorage=volatile\\nRuntimeMaxUse=2G\\n';
/** A voice that has so much to say is not given more. */
const MOST_UNSAID = 256 << 10;

export interface Voice {
  /** False where journald does not keep up: nothing was said. */
  say(messages: readonly string[]): boolean;
}

export async function unlimitedJournald(lifetime: Afterwards, host: PrivateHost): Promise<() => Voice> {
  host.run(
    'sh',
    '-c',
    `mkdir -p /run/systemd/journald.conf.d && printf '${SETTINGS}' > /run/systemd/journald.conf.d/bench.conf`,
  );
  await host.startJournald(lifetime);
  const start = namedLogger(lifetime, host, 'sshd');
  return () => {
    const read = start();
    return {
      say: (messages) => {
        if (read.writableLength > MOST_UNSAID) return false;
        read.write(messages.map((message) => `${message}\n`).join(''));
        return true;
      },
    };
  };
}

/**
 * When the last of the lines that name an address came to journald, milliseconds since the epoch, by address. `network`: what
 * the addresses begin with.
 */
export function cameToJournald(host: PrivateHost, network: string): ReadonlyMap<string, number> {
  const words = ['--quiet', '-o', 'json', '--output-fields=MESSAGE', `--grep=from ${network}`];
  const came = new Map<string, number>();
  for (const entry of host.run('journalctl', ...words).split('\n')) {
    const [, address] = / from (\S+) port /.exec(entry) ?? [];
    const [, us] = /"__REALTIME_TIMESTAMP":"(\d+)"/.exec(entry) ?? [];
    if (address !== undefined) came.set(address, Number(us) / 1000);
  }
  return came;
}
