/**
 * `fail2ban-client start`: a daemon in the background, ready when it answers.
 * Takes where its socket and configuration are; gives why it could not be started, or undefined.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from '../control/client.js';
import { codeUrl } from '../lib/code-url.js';
import { visible } from '../lib/visible-text.js';

const LOOK_EVERY_MS = 20;

export interface StartOptions {
  readonly socketPath: string;
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
  readonly timeoutMs: number;
}

export async function answers(socketPath: string): Promise<boolean> {
  try {
    return (await request(socketPath, { verb: 'ping' })) === 'pong';
  } catch {
    // Nobody there, or nobody who would speak to us: not running for our purpose.
    return false;
  }
}

/** Starts `bailiff run` and waits until it answers. */
export async function startDaemon(options: StartOptions): Promise<string | undefined> {
  const { socketPath, configDirectory, asFail2ban, timeoutMs } = options;
  // Whatever name we were called by, it is the daemon that shall run.
  const script = fileURLToPath(codeUrl('cli/main.js'));
  const words = [script, ...(asFail2ban ? ['--as-fail2ban'] : []), 'run', '--socket', socketPath];
  if (configDirectory !== undefined) words.push('--config', configDirectory);
  const child = spawn(process.execPath, [...process.execArgv, ...words], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4096)));
  const ended = new AbortController();
  child.once('close', () => ended.abort());
  child.once('error', () => ended.abort());
  const untilMs = Date.now() + timeoutMs;
  while (!ended.signal.aborted && Date.now() < untilMs) {
    if (await answers(socketPath)) {
      child.stderr.destroy();
      child.unref();
      return undefined;
    }
    await pause(LOOK_EVERY_MS);
  }
  child.kill();
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  return `Could not start server. ${visible(last)}`.trimEnd();
}
