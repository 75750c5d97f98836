/**
 * The journal of a seed: written by systemd-journal-remote, every field as given, or by a journald of its own, which takes
 * the fields from the kernel. Takes messages of sshd and of one more program; rotates as each of the two does.
 */
import type { Afterwards } from '../daemon/afterwards.js';
import { namedLogger } from '../daemon/named-logger.js';
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
  const sshd = namedLogger(t, host, 'sshd')();
  const app = namedLogger(t, host, 'app')();
  return {
    sshd: (message) => void sshd.write(`${message}\n`),
    app: (message) => void app.write(`${message}\n`),
    rotate: () => {
      host.rotateJournal();
      return Promise.resolve();
    },
  };
}
