/**
 * Real journals for tests: systemd-journal-remote fed with entries (every field as given, no privileges needed), and
 * systemd-journald in a mount namespace of its own (root). Both write below a temporary directory.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const REMOTE = '/lib/systemd/systemd-journal-remote';
const JOURNALD = '/lib/systemd/systemd-journald';

/** Whether the machine has what a test needs; says what is missing, and fails where it must be there. */
export function canUse(t: TestContext, needs: 'journal-remote' | 'journald'): boolean {
  const isRoot = process.getuid?.() === 0;
  const missing: string[] = [];
  if (spawnSync('journalctl', ['--version']).status !== 0) missing.push('journalctl (package systemd)');
  if (!existsSync(REMOTE)) missing.push('systemd-journal-remote (package systemd-journal-remote)');
  if (needs === 'journald' && !existsSync(JOURNALD)) missing.push('systemd-journald (package systemd)');
  if (needs === 'journald' && !isRoot) missing.push('root, for a mount namespace');
  if (missing.length === 0) return true;
  const text = `needs ${missing.join(', ')}`;
  if (isRoot || process.env['CI'] === 'true') throw new Error(`This test ${text}; install it and run again.`);
  t.diagnostic(`not run: ${text}`);
  return false;
}

export type Fields = Readonly<Record<string, string>>;

/** An entry in export format; `number` sets its time, one second apart. */
export function exportEntry(number: number, fields: Fields): string {
  const timeUs = 1_795_362_052_000_000 + number * 1_000_000;
  const all = {
    __REALTIME_TIMESTAMP: String(timeUs),
    __MONOTONIC_TIMESTAMP: String(number * 1_000_000),
    _BOOT_ID: 'b'.repeat(32),
    ...fields,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')}\n`;
}

/** A journal file that grows by what is written to it. */
export class RemoteJournal {
  readonly directory: string;
  readonly file: string;
  readonly #child: ChildProcess;

  constructor(t: TestContext, name = 'remote.journal', directory = mkdtempSync(join(tmpdir(), 'journal-'))) {
    this.directory = directory;
    this.file = join(this.directory, name);
    this.#child = spawn(REMOTE, ['--output', this.file, '--split-mode=none', '-'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Unlike journald it does not always tell waiting readers of its last entries; a touched file does.
    const touching = setInterval(() => {
      if (existsSync(this.file)) utimesSync(this.file, new Date(), new Date());
    }, 250);
    t.after(async () => {
      clearInterval(touching);
      await this.end();
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Resolves when everything is in the file. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    await ended;
  }
}

/** A journald that nobody else uses. */
export class PrivateJournald {
  readonly root = mkdtempSync(join(tmpdir(), 'journald-'));
  readonly directory = join(this.root, 'journal');
  readonly #socket = join(this.root, 'socket', 'dev-log');
  readonly #child: ChildProcess;

  constructor(t: TestContext) {
    for (const name of ['journal', 'socket']) mkdirSync(join(this.root, name));
    const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal &&
      mount --bind "$0/journal" /run/log/journal && mount --bind "$0/socket" /run/systemd/journal && exec ${JOURNALD}`;
    this.#child = spawn('unshare', ['--mount', 'sh', '-c', script, this.root], { stdio: 'ignore' });
    t.after(async () => {
      const ended = new Promise((resolve) => this.#child.once('close', resolve));
      this.#child.kill('SIGTERM');
      await ended;
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  /** Resolves once it listens. */
  async ready(): Promise<void> {
    const untilMs = Date.now() + 20_000;
    while (!existsSync(this.#socket)) {
      if (Date.now() > untilMs || this.#child.exitCode !== null) throw new Error('journald did not start');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Logs lines as the program `tag`. */
  log(tag: string, ...lines: readonly string[]): void {
    const input = lines.map((line) => `${line}\n`).join('');
    const logger = spawnSync('logger', ['--socket', this.#socket, '--tag', tag], { input });
    if (logger.status !== 0) throw new Error(`logger: ${String(logger.stderr)}`);
  }

  rotate(): void {
    this.#child.kill('SIGUSR2');
  }

  /** Rotates, and resolves when what was logged before is in an archived file, whatever is logged next in another. */
  async rotated(): Promise<void> {
    const archived = (): number => this.files().filter((path) => path.includes('@')).length;
    const before = archived();
    const untilMs = Date.now() + 20_000;
    this.rotate();
    while (archived() === before) {
      if (Date.now() > untilMs) throw new Error('journald did not rotate');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The journal files, archived ones first. */
  files(): string[] {
    return readdirSync(this.directory, { recursive: true })
      .map((name) => join(this.directory, String(name)))
      .filter((path) => path.endsWith('.journal'))
      .sort((left, right) => Number(right.includes('@')) - Number(left.includes('@')));
  }
}
