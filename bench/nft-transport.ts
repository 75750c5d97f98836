/**
 * What a ban costs on each way into the kernel: one element, and batches of 1,000; alone in the kernel, and beside an
 * interval set of 50,000 ranges of somebody else's. In a network namespace of its own; writes its section of
 * docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ElementChange, SetName } from '../src/action/element-change.js';
import { NftSpawn } from '../src/action/nft-transport.js';
import { foreignRanges } from '../test/action/foreign-ranges.js';
import { machineText, percentile } from './figures.js';
import { type Way, kept, library, netlink, spawned } from './nft-ways.js';
import { writeSection } from './report.js';

const RANGES = 50_000;
const BATCH = 1_000;
/** Each cell is measured for so long, and so many times at least and at most. */
const CELL_MS = 4_000;
const LEAST_ROUNDS = 20;
const MOST_ROUNDS = 2_000;
const WARM_ROUNDS = 10;
const BAN_MS = 3_600_000;

const SET: SetName = { name: 'sshd-4-32', family: 4 };
const TABLE = `add table inet bailiff
add set inet bailiff ${SET.name} { type ipv4_addr; flags timeout; }
`;
const shell = new NftSpawn();
let addresses = 0;

interface Cell {
  readonly rounds: number;
  readonly p50: number;
  readonly p99: number;
}

/** Elements that nobody has banned before. */
function newBans(count: number): readonly ElementChange[] {
  return Array.from({ length: count }, () => {
    addresses += 1;
    const element = `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
    return { set: SET, element, expiresMs: performance.now() + BAN_MS, known: false };
  });
}

async function run(script: string): Promise<void> {
  const outcome = await shell.run(script);
  if (outcome.kind !== 'applied') throw new Error(outcome.text);
}

async function measure(way: Way, size: number): Promise<Cell> {
  await run(`flush set inet bailiff ${SET.name}\n`);
  addresses = 0;
  const taken: number[] = [];
  const untilMs = performance.now() + CELL_MS;
  for (let round = -WARM_ROUNDS; round < MOST_ROUNDS; round += 1) {
    if (round >= LEAST_ROUNDS && performance.now() > untilMs) break;
    const changes = newBans(size);
    const beganMs = performance.now();
    await way.change(changes);
    if (round >= 0) taken.push(performance.now() - beganMs);
    // As between two bans: everybody else has a turn.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { rounds: taken.length, p50: percentile(taken, 50), p99: percentile(taken, 99) };
}

/** The longest that a ban, and that the main thread, waited while another program loaded its ranges anew. */
async function besideReload(way: Way): Promise<{ readonly ban: number; readonly thread: number }> {
  const script = `flush set ip geo blocked\n${foreignRanges(RANGES)}`;
  const load = { isOver: false };
  let thread = 0;
  let lastMs = performance.now();
  const tick = setInterval(() => {
    const nowMs = performance.now();
    thread = Math.max(thread, nowMs - lastMs);
    lastMs = nowMs;
  }, 1);
  const loading = run(script).then(() => {
    load.isOver = true;
  });
  let ban = 0;
  while (!load.isOver) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const beganMs = performance.now();
    await way.change(newBans(1));
    ban = Math.max(ban, performance.now() - beganMs);
  }
  await loading;
  clearInterval(tick);
  return { ban, thread };
}

async function inside(): Promise<void> {
  await run(TABLE);
  const ways = [spawned(), kept(), await library(), await netlink()];
  const rows = new Map(ways.map((way) => [way, [] as Cell[]]));
  const measureAll = async (size: number): Promise<void> => {
    for (const [way, cells] of rows) cells.push(await measure(way, size));
  };
  await measureAll(1);
  await measureAll(BATCH);
  await run(foreignRanges(RANGES));
  await measureAll(1);
  await measureAll(BATCH);
  const reloads: string[] = [];
  for (const way of ways) {
    const { ban, thread } = await besideReload(way);
    reloads.push(`| ${way.name} | ${ban.toFixed(0)} | ${thread.toFixed(0)} |`);
  }
  for (const way of ways) way.close();
  writeSection('nft-transport', report(rows, reloads));
}

function report(rows: ReadonlyMap<Way, readonly Cell[]>, reloads: readonly string[]): readonly string[] {
  const cell = ({ rounds, p50, p99 }: Cell): string => `${p50.toFixed(2)} / ${p99.toFixed(2)} (${rounds})`;
  return [
    '## From a decision to the kernel',
    '',
    `Milliseconds until the kernel has acknowledged the transaction, p50 / p99 (rounds): one new element, or`,
    `${BATCH.toLocaleString('en')} of them; beside nothing, or beside an interval set of ${RANGES.toLocaleString('en')} ranges in another table.`,
    '',
    `| way | 1 | ${BATCH.toLocaleString('en')} | 1, beside ranges | ${BATCH.toLocaleString('en')}, beside ranges |`,
    '|---|---|---|---|---|',
    ...[...rows].map(([way, cells]) => `| ${way.name} | ${cells.map(cell).join(' | ')} |`),
    '',
    'While another program loads its ranges anew, the longest wait in milliseconds (the kernel deals with one',
    'transaction at a time, so no way is faster than the other program):',
    '',
    '| way | of a ban | of the main thread |',
    '|---|---|---|',
    ...reloads,
    '',
    machineText(),
    '',
    'Reproduce: `npm run bench -- nft-transport`.',
  ];
}

if (process.argv[2] === 'inside') await inside();
else {
  const share = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];
  const words = [...share, process.execPath, fileURLToPath(import.meta.url), 'inside'];
  process.exitCode = spawnSync('unshare', words, { stdio: 'inherit' }).status ?? 1;
}
