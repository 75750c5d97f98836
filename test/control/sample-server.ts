/**
 * A control server over a SamplePort at a socket in a folder of its own, for one test.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ControlPort } from '../../src/control/port.js';
import {
  type ControlServer,
  type ControlServerOptions,
  startControlServer,
} from '../../src/control/server.js';
import { SamplePort } from './sample-port.js';

export interface SampleServer {
  readonly path: string;
  readonly server: ControlServer;
  readonly port: ControlPort;
  readonly problems: string[];
}

/** A new empty folder that goes away with the test. */
export function folderFor(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-'));
  test.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export async function serve(
  test: TestContext,
  options: Partial<ControlServerOptions> = {},
): Promise<SampleServer> {
  const problems: string[] = [];
  const port = options.port ?? new SamplePort();
  const server = await startControlServer({
    socketPath: join(folderFor(test), 'run', 'control.sock'),
    onProblem: (text) => problems.push(text),
    ...options,
    port,
  });
  test.after(() => server.close());
  return { path: server.socketPath, server, port, problems };
}

/** A connected socket. */
export function dial(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** All that comes until the other end closes; '' where it is cut off. */
export function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

/** Writes bytes, says that it is all, gives what comes back. */
export async function say(path: string, bytes: string | Uint8Array): Promise<string> {
  const socket = await dial(path);
  const answer = readAll(socket);
  socket.end(bytes);
  return answer;
}
