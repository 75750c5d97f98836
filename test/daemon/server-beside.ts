/**
 * A server in a process of its own, inside a private host's network. Takes the program and its words; gives what it says
 * first, its places; it ends with the test.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Afterwards } from './afterwards.js';
import type { PrivateHost } from './private-host.js';

export async function serverBeside(
  t: Afterwards,
  host: PrivateHost,
  program: string,
  ...words: readonly string[]
): Promise<string> {
  const server = host.spawn(process.execPath, [program, ...words]);
  t.after(async () => {
    const ended = once(server, 'close');
    server.kill('SIGKILL');
    await ended;
  });
  assert.ok(server.stdout);
  const [told]: readonly unknown[] = await once(server.stdout, 'data');
  return String(told).trim();
}
