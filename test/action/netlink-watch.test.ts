/** The socket that hears of our table, in a process inside a namespace: a socket belongs to whoever opens it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { type NetworkNamespace, networkNamespace } from './network-namespace.js';

const MODULE = new URL('../../src/action/netlink-watch.js', import.meta.url).href;
const SCRIPT = `
import { watchTableBySocket } from '${MODULE}';
const watch = await watchTableBySocket((seen) => process.send(seen));
process.send(watch === undefined ? 'none' : 'watching');
`;

async function watcher(t: TestContext, before: readonly string[]): Promise<ChildProcess> {
  const [command, ...words] = [...before, process.execPath, '--input-type=module', '-e', SCRIPT];
  const child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  const [said] = await once(child, 'message');
  assert.equal(said, 'watching');
  return child;
}

async function next(child: ChildProcess): Promise<unknown> {
  const [said] = await once(child, 'message', { signal: AbortSignal.timeout(20_000) });
  return said;
}

function fill(place: NetworkNamespace, table: string, elements: number): void {
  const all = Array.from({ length: elements }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
  place.run('nft', 'add', 'table', 'inet', table);
  place.run('nft', 'add', 'set', 'inet', table, 's', '{ type ipv4_addr; }');
  const folder = mkdtempSync(join(tmpdir(), 'elements-'));
  writeFileSync(join(folder, 'script'), `add element inet ${table} s { ${all.join(', ')} }\n`);
  place.run('nft', '-f', join(folder, 'script'));
  rmSync(folder, { recursive: true });
}

test('the end of our table is heard, by itself and among others, and that of another is none', async (t) => {
  const place = await networkNamespace(t);
  const child = await watcher(t, place.prefix);
  for (const table of ['bailiff', 'bailiff2', 'other']) fill(place, table, 100);
  for (const table of ['other', 'bailiff2']) place.run('nft', 'delete', 'table', 'inet', table);
  place.run('nft', 'add', 'table', 'ip', 'bailiff');
  place.run('nft', 'delete', 'table', 'ip', 'bailiff');
  const heard: unknown[] = [];
  child.on('message', (said) => heard.push(said));
  // Two looks: nothing is told of what nobody waits for.
  await rest(450);
  assert.deepEqual(heard, []);
  place.run('nft', 'flush', 'ruleset');
  await next(child);
  assert.deepEqual(heard, [true]);
});

test('what the kernel could not tell is a doubt', async (t) => {
  const place = await networkNamespace(t);
  const child = await watcher(t, place.prefix);
  child.kill('SIGSTOP');
  fill(place, 'other', 200_000);
  child.kill('SIGCONT');
  assert.equal(await next(child), false);
});
