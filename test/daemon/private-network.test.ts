import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/lib/package-root.js';

const MODULE = pathToFileURL(join(packageRoot, 'dist/src/daemon/host/private-network.js')).href;
const PROGRAM = `
  const { openPrivateNetwork } = await import(${JSON.stringify(MODULE)});
  const network = await openPrivateNetwork();
  console.log(network?.prefix[1]?.split('=')[1] ?? 'none');
  setInterval(() => undefined, 1000);
`;

/** A process that is gone, or waits to be buried, has no command line. */
function isAlive(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1') !== '';
  } catch {
    return false;
  }
}

test('the namespace ends with the daemon, even one that was killed', { timeout: 20_000 }, async () => {
  const daemon = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // `none` where the kernel allows no namespace: then there is nothing to leave behind.
  const [holder] = await once(createInterface(daemon.stdout), 'line');
  assert.ok(holder === 'none' || isAlive(String(holder)));
  daemon.kill('SIGKILL');
  await once(daemon, 'close');
  // Nobody is told of the holder's end; the time limit of the test is the measure.
  while (isAlive(String(holder))) await new Promise((resolve) => setImmediate(resolve));
});
