/**
 * Keeps what V8 makes of the program that was put together, beside its code in dist/app or the folder that is named, so that
 * a start and `status` need not compile it: on the machine where it will run, since V8 refuses what another processor or
 * version made. The daemon is run for it without a firewall, on a configuration and a store of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 60_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const app = resolve(process.argv[2] ?? join(root, 'dist', 'app'));
const main = join(app, 'cli', 'main.js');
const recorder = ['--require', join(root, 'scripts', 'code-recorder.cjs')];
/** As the service starts it: other options are other code. */
const unit = readFileSync(join(root, 'packaging', 'bailiff.service'), 'utf8');
const [, options = ''] = /^Environment=NODE_OPTIONS=(\S+)/m.exec(unit) ?? [];

const folder = mkdtempSync(join(tmpdir(), 'bailiff-code-'));
try {
  const place = (name) => join(folder, name);
  cpSync(join(root, 'config', 'policy'), place('config'), { recursive: true });
  // As who puts it together: the service's user may not write here.
  writeFileSync(join(place('config'), 'bailiff.local'), '[Definition]\nuser = root\n');
  const words = ['run', '--config', place('config'), '--state', place('state'), '--socket', place('sock')];
  const { NODE_OPTIONS: _, NOTIFY_SOCKET: __, ...environment } = process.env;
  const daemon = spawn(process.execPath, [...recorder, main, ...words], {
    env: { ...environment, NODE_OPTIONS: options },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(daemon, 'close');
  const untilMs = Date.now() + PATIENCE_MS;
  const asks = [...recorder, main, '--socket', place('sock'), 'status'];
  while (spawnSync(process.execPath, asks, { env: environment, stdio: 'ignore' }).status !== 0) {
    if (daemon.exitCode !== null || Date.now() > untilMs)
      throw new Error(`The daemon did not answer:\n${said}`);
    await rest(50);
  }
  daemon.kill('SIGTERM');
  await ended;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
