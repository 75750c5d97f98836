/**
 * Programs that write to the journald of a private host under a name of their own: journald takes _COMM from the kernel.
 * Takes the host and the name; gives who starts one, with what it reads. Each is there until the end: journald asks the
 * kernel about who sent a line.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Afterwards } from './afterwards.js';
import type { PrivateHost } from './private-host.js';

/** Starts one that logs what it reads, line by line; `as`: the command that it is started by, such as setpriv. */
export type StartLogger = (...as: readonly string[]) => Writable;

export function namedLogger(t: Afterwards, host: PrivateHost, name: string): StartLogger {
  host.run('chmod', '755', host.folder);
  const program = join(host.folder, name);
  copyFileSync('/usr/bin/logger', program);
  chmodSync(program, 0o755);
  const words = ['--socket', '/run/systemd/journal/dev-log', '--tag', name, '--id'];
  return (...as) => {
    // It leads its session, as the service whose name it bears.
    const child = spawn('nsenter', [...host.prefix.slice(1), ...as, program, ...words], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    });
    t.after(async () => {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    });
    return child.stdin;
  };
}
