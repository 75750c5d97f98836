/**
 * A journald of a private host's own that takes all that is written to it, and programs by the name of sshd that write. Takes
 * the host; gives voices. How fast journald takes what they say is theirs to wait for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Afterwards } from '../test/daemon/afterwards.js';
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
  host.run('chmod', '755', host.folder);
  // journald takes _COMM from the kernel: a program of this name.
  const program = join(host.folder, 'sshd');
  copyFileSync('/usr/bin/logger', program);
  chmodSync(program, 0o755);
  return () => {
    const words = ['--socket', '/run/systemd/journal/dev-log', '--tag', 'sshd', '--id'];
    const { stdin, ...child } = voiceOf(host, [program, ...words]);
    lifetime.after(async () => {
      stdin.destroy();
      await child.ended;
    });
    return {
      say: (messages) => {
        if (stdin.writableLength > MOST_UNSAID) return false;
        stdin.write(messages.map((message) => `${message}\n`).join(''));
        return true;
      },
    };
  };
}

function voiceOf(host: PrivateHost, command: readonly string[]) {
  const child = spawn('nsenter', [...host.prefix.slice(1), ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  return { stdin: child.stdin, ended: once(child, 'close') };
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
