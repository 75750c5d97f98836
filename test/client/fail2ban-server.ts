/**
 * Fail2Ban's own server from Debian's unpacked package, in the lab the installed one, and its client's answers to calls.
 * Takes a scratch host; the server ends with the test.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fetchFail2Ban } from '../../bench/fail2ban-package.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { run } from '../cli/run-bailiff.js';
import { until } from '../daemon/daemon-process.js';
import { isLab, LabService } from '../lab/installed.js';
import type { Call } from './calls.js';
import type { ScratchHost } from './scratch-host.js';

export interface Answered {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const CALLS = join(packageRoot, 'test', 'client', 'fail2ban-calls.py');

/** The binding of this host's Python to the journal, unpacked. */
function fetchPythonSystemd(folder: string): string {
  mkdirSync(folder);
  execFileSync('apt-get', ['-qq', 'download', 'python3-systemd'], { cwd: folder, stdio: 'ignore' });
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('No Debian package of python3-systemd could be fetched.');
  execFileSync('dpkg-deb', ['-x', join(folder, file), folder]);
  return join(folder, 'usr', 'lib', 'python3', 'dist-packages');
}

export class Fail2banServer {
  readonly pid: number;
  readonly #host: ScratchHost;
  readonly #python: NodeJS.ProcessEnv;

  private constructor(host: ScratchHost, pid: number, python: NodeJS.ProcessEnv) {
    this.pid = pid;
    this.#host = host;
    this.#python = python;
  }

  static async start(t: TestContext, host: ScratchHost): Promise<Fail2banServer> {
    const server = isLab ? await this.#installed(t, host) : this.#unpacked(t, host);
    await until('Fail2Ban to have its jails', async () => {
      if (!existsSync(host.theirSocket)) return false;
      const [status] = await server.answers([{ words: ['status'] }]);
      return status?.out.includes('login, spam, unit') === true;
    });
    return server;
  }

  static async #installed(t: TestContext, host: ScratchHost): Promise<Fail2banServer> {
    const { pid } = await new LabService(t, 'fail2ban', ['Environment=LC_ALL=C.UTF-8']).ready();
    return new Fail2banServer(host, pid, { PYTHONWARNINGS: 'ignore', TZ: 'UTC', LC_ALL: 'C.UTF-8' });
  }

  static #unpacked(t: TestContext, host: ScratchHost): Fail2banServer {
    const { pythonPath } = fetchFail2Ban(join(host.folder, 'package'));
    const journalPath = fetchPythonSystemd(join(host.folder, 'systemd'));
    const python = {
      ...process.env,
      PYTHONPATH: `${pythonPath}:${journalPath}`,
      PYTHONWARNINGS: 'ignore',
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8',
    };
    const script = join(pythonPath, '..', '..', '..', 'bin', 'fail2ban-server');
    const child = spawn('python3', [script, '-c', host.config, '-xf', 'start'], {
      env: python,
      stdio: 'ignore',
    });
    const server = new Fail2banServer(host, child.pid ?? 0, python);
    const ended = once(child, 'close');
    t.after(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return server;
  }

  async answers(calls: readonly Call[]): Promise<readonly Answered[]> {
    const asked = calls.map(({ words, input = '', until: wanted }) =>
      JSON.stringify({ argv: ['-c', this.#host.config, ...words], input, until: wanted }),
    );
    const { out, err } = await run('env', [...this.#words(), 'python3', CALLS], `${asked.join('\n')}\n`);
    const lines = out.trimEnd().split('\n');
    if (lines.length !== calls.length) throw new Error(`Fail2Ban's client ended: ${err}`);
    // A parse boundary: the script beside this file writes exactly this.
    return lines.map((line) => JSON.parse(line) as Answered);
  }

  #words(): readonly string[] {
    return ['PYTHONPATH', 'PYTHONWARNINGS', 'TZ', 'LC_ALL'].map(
      (name) => `${name}=${this.#python[name] ?? ''}`,
    );
  }
}
