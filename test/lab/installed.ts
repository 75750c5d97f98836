/**
 * Inside the lab's booted host: Bailiff and Fail2Ban as the services that their packages install, over `/etc/fail2ban`.
 * Takes what a unit gets besides its own lines; starts, kills and waits for it. Elsewhere only says that this is no lab.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../daemon/daemon-process.js';

/** Set by `test/lab/run --client` and `--takeover`. */
export const isLab = process.env['BAILIFF_LAB'] === 'yes';

/** Where the packages put things. `folder` is one that both services may write to. */
export const LAB = {
  folder: '/var/log/bailiff/lab',
  config: '/etc/fail2ban',
  theirSocket: '/run/fail2ban/fail2ban.sock',
  pidFile: '/run/fail2ban/fail2ban.pid',
  ourSocket: '/run/bailiff/bailiff.sock',
  ourDatabase: '/var/lib/bailiff/bailiff.sqlite',
} as const;

/** The folder, empty, and `/etc/fail2ban` without what the package put there; both services stopped and forgetful. */
export function emptyLab(): string {
  for (const unit of ['bailiff', 'fail2ban']) systemctl('stop', unit);
  for (const place of [LAB.folder, LAB.config, '/var/lib/bailiff', '/etc/bailiff'])
    rmSync(place, { recursive: true, force: true });
  for (const place of [LAB.folder, LAB.config, '/etc/bailiff']) mkdirSync(place, { recursive: true });
  execFileSync('chown', ['-R', 'bailiff:', '/var/log/bailiff']);
  return LAB.folder;
}

/** Writes a file into the folder that both services may append to. */
export function sharedFile(path: string): void {
  writeFileSync(path, '');
  chmodSync(path, 0o666);
}

export class LabService {
  readonly #unit: string;
  readonly #isReady: () => boolean;

  /** `lines`: of the unit's section Service. Starts it; it is stopped after the test. */
  constructor(t: TestContext, unit: 'bailiff' | 'fail2ban', lines: readonly string[]) {
    this.#unit = unit;
    const client = unit === 'bailiff' ? ['bailiff', 'client', 'ping'] : ['fail2ban-client', 'ping'];
    this.#isReady = () => spawnSync('/usr/bin/env', client).status === 0;
    const folder = join('/run/systemd/system', `${unit}.service.d`);
    mkdirSync(folder, { recursive: true });
    const all = ['Environment=TZ=UTC', 'Restart=no', ...lines];
    writeFileSync(join(folder, 'lab.conf'), `[Service]\n${all.join('\n')}\n`);
    systemctl('daemon-reload');
    systemctl('reset-failed', unit);
    if (systemctl('start', unit) !== 0) throw new Error(`${unit} did not start:\n${this.#journal()}`);
    t.after(() => systemctl('stop', unit));
  }

  async ready(): Promise<this> {
    await until(`${this.#unit} to be ready`, () => {
      if (this.#state() !== 'active') throw new Error(`${this.#unit} ended:\n${this.#journal()}`);
      return this.#isReady();
    });
    return this;
  }

  get pid(): number {
    return Number(show(this.#unit, 'MainPID'));
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    systemctl('kill', '--kill-whom=main', `--signal=${signal}`, this.#unit);
    await this.ended();
  }

  async ended(): Promise<void> {
    await until(`${this.#unit} to end`, () => /^(?:inactive|failed)$/.test(this.#state()));
  }

  #state(): string {
    return show(this.#unit, 'ActiveState');
  }

  #journal(): string {
    return spawnSync('journalctl', ['-n', '40', '-u', this.#unit], { encoding: 'utf8' }).stdout;
  }
}

function systemctl(...words: readonly string[]): number | null {
  return spawnSync('systemctl', words, { stdio: ['ignore', 'ignore', 'ignore'] }).status;
}

function show(unit: string, property: string): string {
  return execFileSync('systemctl', ['show', '-p', property, '--value', unit], { encoding: 'utf8' }).trim();
}
