/**
 * Says when each element came into a set of the kernel: reads `nft monitor`, writes "ADDRESS MILLISECONDS" (since the epoch).
 * A program of its own, because who writes a flood reads late what came meanwhile; it takes the processor before all others.
 */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';

/** The whole process and what it starts. */
const FIRST = -20;

try {
  setPriority(FIRST);
} catch {
  // Without the right to ask the clock is read when its turn comes.
}
const monitor = spawn('nft', ['monitor', 'new', 'elements'], { stdio: ['ignore', 'pipe', 'inherit'] });
let rest = '';
monitor.stdout.setEncoding('utf8').on('data', (text: string) => {
  const nowMs = performance.timeOrigin + performance.now();
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  const addresses = Array.from(
    lines.join('\n').matchAll(/\{ (\d+\.\d+\.\d+\.\d+)/g),
    ([, address]) => address,
  );
  if (addresses.length > 0)
    process.stdout.write(addresses.map((address) => `${address} ${nowMs}\n`).join(''));
});
monitor.on('close', (code) => {
  process.exitCode = code ?? 1;
});
process.on('SIGTERM', () => monitor.kill());
