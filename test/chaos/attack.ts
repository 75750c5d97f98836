/**
 * The attack: who fails how often and over which way, in a random order, written into a journal and a log file that is
 * rotated meanwhile. Takes a host and random numbers; gives the lines that were written, as the model takes them.
 */
import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failedPassword, syslogLine } from '../daemon/attack.js';
import type { PrivateHost } from '../daemon/private-host.js';
import type { ChaosJournal } from './chaos-journal.js';
import { MAXRETRY, type Written } from './model.js';

const ADDRESSES = 60;
const MOST_LINES = 2 * MAXRETRY;

export class Attack {
  readonly log: string;
  readonly written: Written[] = [];
  readonly journal: ChaosJournal;
  readonly #order: Written[];
  /** Where the service that logs has its file: it may still write to the one that was renamed. */
  #path: string;
  #lines = 0;

  constructor(host: PrivateHost, journal: ChaosJournal, random: () => number) {
    this.journal = journal;
    this.log = join(host.folder, 'auth.log');
    this.#path = this.log;
    writeFileSync(this.log, '');
    this.#order = shuffled(planned(random), random);
  }

  get left(): number {
    return this.#order.length;
  }

  /** Writes the next lines. */
  go(count: number): void {
    for (const line of this.#order.splice(0, count)) this.write(line);
  }

  write(...lines: readonly Written[]): void {
    for (const { way, address } of lines) {
      this.#lines += 1;
      const message = failedPassword(address, this.#lines);
      if (way === 'journal') this.journal.sshd(message, 1000 + this.#lines);
      else appendFileSync(this.#path, syslogLine(message, 1000 + this.#lines));
    }
    this.written.push(...lines);
  }

  /** As logrotate does it; `lines` more go into the renamed file before the service opens the new one. */
  rotate(lines: number): void {
    this.#shift();
    renameSync(this.log, `${this.log}.1`);
    this.#path = `${this.log}.1`;
    const here = this.#order.filter(({ way }) => way === 'file').slice(0, lines);
    for (const line of here) this.#order.splice(this.#order.indexOf(line), 1);
    writeFileSync(this.log, '');
    this.write(...here);
    this.#path = this.log;
  }

  /** As logrotate's copytruncate does it; what was not read by now is lost, so the caller waits for it. */
  copyAndTruncate(): void {
    this.#shift();
    copyFileSync(this.log, `${this.log}.1`);
    truncateSync(this.log);
  }

  #shift(): void {
    for (let number = 8; number >= 1; number -= 1)
      if (existsSync(`${this.log}.${number}`))
        renameSync(`${this.log}.${number}`, `${this.log}.${number + 1}`);
  }
}

/** A third over the journal, a third over the file, a third over both; a fifth is IPv6 that rotates within its /64. */
function planned(random: () => number): Written[] {
  return Array.from({ length: ADDRESSES }, (_, index) => {
    const ways = (['journal', 'file'] as const).filter(
      (way) => random() < 2 / 3 || (way === 'file') === index % 2 > 0,
    );
    const count = 1 + Math.floor(random() * MOST_LINES);
    return Array.from({ length: count }, (_line, line) => {
      const address = index % 5 === 0 ? `2001:db8:${index + 1}::${line + 1}` : `198.51.100.${index + 1}`;
      return ways.map((way) => ({ way, address }));
    }).flat();
  }).flat();
}

function shuffled(lines: Written[], random: () => number): Written[] {
  for (let index = lines.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [one, two] = [lines[index], lines[other]];
    if (one !== undefined && two !== undefined) [lines[index], lines[other]] = [two, one];
  }
  return lines;
}
