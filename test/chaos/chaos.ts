/**
 * `npm run chaos -- --seeds 1000 --jobs 2 [--from 1]`: plays seeds, each in a process of its own, and prints what was found.
 * Resumable: which seeds passed is kept by build, and they are not played again; `--again` plays them all the same.
 * Ends with 1 where anything was found.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/lib/package-root.js';
import type { Finding, Played } from './play-seed.js';

const ONE_SEED = join(packageRoot, 'dist', 'test', 'chaos', 'one-seed.js');
const KEPT = join(packageRoot, '.cache', 'chaos');
/** A seed that takes longer hangs. */
const LONGEST_MS = 180_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    jobs: { type: 'string', default: '2' },
    from: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
  },
});
const count = wholeNumber(values.seeds);
const first = wholeNumber(values.from);
const passedPath = join(KEPT, `passed-${buildHash()}`);
mkdirSync(KEPT, { recursive: true });
const passed = values.again || !existsSync(passedPath) ? [] : readFileSync(passedPath, 'utf8').split('\n');
const wanted = Array.from({ length: count }, (_, index) => first + index);
const due = wanted.filter((seed) => !passed.includes(String(seed)));
const findings: Finding[] = [];
let played = 0;
let failed = 0;

if (due.length < count) say(`${count - due.length} seeds have passed with this build already.`);
await Promise.all(Array.from({ length: wholeNumber(values.jobs) }, work));
say(summary());
process.exitCode = failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let seed = due.shift(); seed !== undefined; seed = due.shift()) {
    const result = await play(seed);
    played += 1;
    findings.push(...result.findings);
    if (result.findings.length === 0) appendFileSync(passedPath, `${seed}\n`);
    else tell(result);
    if (played % 50 === 0) say(`${played} seeds played, ${failed} failed`);
  }
}

function play(seed: number): Promise<Played> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [ONE_SEED, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    child.once('close', () => {
      clearTimeout(late);
      resolve(
        playedOf(out) ?? { seed, faults: [], findings: [{ kind: 'stuck', text: err.slice(-500) }], log: '' },
      );
    });
  });
}

/** What `one-seed.js` printed; undefined = it did not come so far. */
function playedOf(text: string): Played | undefined {
  return text.endsWith('\n') ? (JSON.parse(text) as Played) : undefined;
}

function tell({ seed, faults, findings: found, log }: Played): void {
  failed += 1;
  const path = join(KEPT, `seed-${seed}.log`);
  writeFileSync(path, log);
  say(`seed ${seed} (${faults.join(', ')}): ${found.length} findings; the log is in ${path}`);
  for (const { kind, text } of found.slice(0, 5)) say(`  ${kind}: ${text}`);
}

function summary(): string {
  const of = (...kinds: readonly Finding['kind'][]): number =>
    findings.filter(({ kind }) => kinds.includes(kind)).length;
  return (
    `${count} seeds (${first} to ${first + count - 1}), ${failed} failed: ${of('ban lost', 'failure lost')} bans lost, ` +
    `${of('failure counted twice', 'ban doubled')} failures counted twice, ${of('effect doubled')} effects doubled, ` +
    `${of('stray element')} stray elements, ${of('stuck')} stuck`
  );
}

/** What is run: the program and the harness as they were built. */
function buildHash(): string {
  const hash = createHash('sha256');
  for (const room of ['src', join('test', 'chaos')]) {
    const folder = join(packageRoot, 'dist', room);
    const files = readdirSync(folder, { recursive: true }).map(String).sort();
    for (const file of files.filter((name) => name.endsWith('.js')))
      hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write('bailiff: npm run chaos -- [--seeds N] [--jobs N] [--from SEED] [--again]\n');
  process.exit(2);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
