/**
 * Bailiff's daemon over the scratch host, and its client's answers: in this process, in the lab as the installed program
 * beside the installed service. Ended with the test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { clientConfiguration } from '../../src/cli/client-configuration.js';
import { client } from '../../src/cli/client.js';
import { request } from '../../src/control/client.js';
import { MAIN, run } from '../cli/run-bailiff.js';
import { until } from '../daemon/daemon-process.js';
import { isLab, LabService } from '../lab/installed.js';
import type { Call } from './calls.js';
import type { Answered } from './fail2ban-server.js';
import type { ScratchHost } from './scratch-host.js';

/** The service keeps its user and its sandbox. */
const UNIT = ['ExecStart=', 'ExecStart=/usr/bin/bailiff --as-fail2ban run', 'Environment=LC_ALL=C.UTF-8'];

export class OurDaemon {
  readonly pid: number;
  readonly ended: () => Promise<unknown>;
  readonly #host: ScratchHost;

  private constructor(host: ScratchHost, pid: number, ended: () => Promise<unknown>) {
    this.pid = pid;
    this.ended = ended;
    this.#host = host;
  }

  static async start(t: TestContext, host: ScratchHost): Promise<OurDaemon> {
    if (isLab) {
      const service = await new LabService(t, 'bailiff', UNIT).ready();
      return new OurDaemon(host, service.pid, () => service.ended());
    }
    const state = ['--state', join(host.folder, 'state'), '--socket', host.ourSocket];
    const daemon = spawn(
      process.execPath,
      [MAIN, '--as-fail2ban', 'run', '--config', host.config, ...state],
      { stdio: 'ignore', env: { ...process.env, TZ: 'UTC' } },
    ); // prettier-ignore
    const ended = once(daemon, 'close');
    t.after(async () => {
      daemon.kill('SIGKILL');
      await ended;
    });
    await until('the daemon to answer', () =>
      request(host.ourSocket, { verb: 'ping' }).then(
        () => true,
        () => false,
      ),
    );
    return new OurDaemon(host, daemon.pid ?? 0, () => ended);
  }

  async answer(call: Call): Promise<Answered> {
    let answered = await this.#once(call);
    await until(call.words.join(' '), async () => {
      if (call.until === undefined || answered.out === call.until) return true;
      answered = await this.#once(call);
      return false;
    });
    return answered;
  }

  async #once(call: Call): Promise<Answered> {
    const words = ['-c', this.#host.config, ...call.words];
    if (isLab) {
      const { status, out, err } = await run('bailiff', ['--as-fail2ban', 'client', ...words], call.input);
      return { status: status ?? -1, out, err };
    }
    let [out, err] = ['', ''];
    const status = await client(words, {
      socketPath: this.#host.ourSocket,
      configDirectory: undefined,
      asFail2ban: true,
      configuration: clientConfiguration,
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (err += text) },
      input: Readable.from(call.input === undefined ? [] : [call.input]),
    });
    return { status, out, err };
  }
}
