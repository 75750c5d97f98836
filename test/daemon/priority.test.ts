import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/lib/package-root.js';
import { mayBeRoot } from './private-host.js';

const MODULE = pathToFileURL(join(packageRoot, 'dist/src/daemon/host/priority.js')).href;
const PROGRAM = `
  import { existsSync, readdirSync, readFileSync } from 'node:fs';
  import { getPriority } from 'node:os';
  import { askForProcessor } from ${JSON.stringify(MODULE)};
  const session = () =>
    existsSync('/proc/self/autogroup') ? Number(readFileSync('/proc/self/autogroup', 'utf8').split('nice ')[1]) : 0;
  const before = session();
  askForProcessor();
  const threads = readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)));
  console.log(JSON.stringify({ own: Math.max(...threads), before, after: session() }));
`;

interface Shares {
  /** The highest of any thread. */
  readonly own: number;
  readonly before: number;
  readonly after: number;
}

/** `asService`: in a session of its own, as a service manager starts it. */
async function sharesOf(asService: boolean): Promise<Shares> {
  const words = ['--input-type=module', '-e', PROGRAM];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: asService });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as Shares;
}

test('a service that root starts goes before the others, its session too', async (t) => {
  if (!mayBeRoot(t)) return;
  const { own, after } = await sharesOf(true);
  assert.equal(own, -10);
  assert.equal(after, existsSync('/proc/self/autogroup') ? -10 : 0);
});

test('started on a terminal it leaves the session of the shell as it was', async () => {
  const { before, after } = await sharesOf(false);
  assert.equal(after, before);
});
