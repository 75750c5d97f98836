/**
 * The journal of a seed: written by systemd-journal-remote, every field as given, or by a journald of its own, which takes
 * the fields from the kernel. Takes messages of sshd and of one more program; rotates as each of the two does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Afterwards } from '../daemon/afterwards.js';
import { type PrivateHost, sshdEntry } from '../daemon/private-host.js';

export interface ChaosJournal {
  sshd(message: string, pid: number): void;
  /** A program whose lines only the jail `runaway` hears. */
  app(message: string): void;
  rotate(): Promise<void>;
}

export function remoteJournal(host: PrivateHost): ChaosJournal {
  return {
    sshd: (message, pid) => host.journal(sshdEntry(message, pid)),
    app: (message) => host.journal({ SYSLOG_IDENTIFIER: 'app', _COMM: 'app', _PID: '7', MESSAGE: message }),
    rotate: () => host.archiveJournal(),
  };
}

export async function journald(t: Afterwards, host: PrivateHost): Promise<ChaosJournal> {
  await host.startJournald(t);
  host.run('chmod', '755', host.folder);
  const sshd = logger(t, host, 'sshd');
  const app = logger(t, host, 'app');
  return {
    sshd,
    app,
    rotate: () => {
      host.rotateJournal();
      return Promise.resolve();
    },
  };
}

/** journald takes _COMM from the kernel: a program of this name, which is there until the end. */
function logger(t: Afterwards, host: PrivateHost, name: string): (message: string) => void {
  const program = join(host.folder, name);
  copyFileSync('/usr/bin/logger', program);
  chmodSync(program, 0o755);
  const words = ['--socket', '/run/systemd/journal/dev-log', '--tag', name, '--id'];
  const child = spawn('nsenter', [...host.prefix.slice(1), program, ...words], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  t.after(async () => {
    const ended = once(child, 'close');
    child.stdin.end();
    await ended;
  });
  return (message) => void child.stdin.write(`${message}\n`);
}
