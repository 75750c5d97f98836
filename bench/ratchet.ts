/**
 * The ratchet: a short run of some benchmarks, its ratios held against bench/limits.json, which are two thirds of what was
 * typical, so that a change that loses a third fails. Takes `--update` to write the limits anew from what is measured now.
 * Ends with 1 and names case, ratio and limit where one is below; a case that fails is measured a second time before that.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/lib/package-root.js';
import { type Case, cases } from './ratchet-cases.js';
import { below, better, limitsOf, type Ratios } from './ratios.js';

const PATH = join(packageRoot, 'bench', 'limits.json');

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
process.env['TZ'] = 'UTC';

async function hold({ name, measure }: Case, limits: Ratios): Promise<boolean> {
  let ratios = await measure();
  if (below(ratios, limits).length > 0) ratios = better(ratios, await measure());
  const missed = below(ratios, limits);
  for (const [ratio, limit] of Object.entries(limits)) {
    const text = `${name}: ${ratio} is ${textOf(ratios[ratio])}, its limit ${textOf(limit)}`;
    if (!missed.includes(ratio)) process.stdout.write(`ok - ${text}\n`);
    else
      process.stdout.write(
        `not ok - ${text}: a third of what was typical is lost. Find out what made it dear; where it is worth that, write\n` +
          'the limits anew with `npm run bench -- ratchet --update` and say why in the commit.\n',
      );
  }
  return missed.length === 0;
}

function textOf(ratio: number | undefined): string {
  return ratio === undefined ? 'not measured' : String(Number(ratio.toPrecision(3)));
}

const folder = mkdtempSync(join(tmpdir(), 'bailiff-ratchet-'));
const startMs = performance.now();
try {
  const limits: { [name: string]: Ratios } = {};
  let isHeld = true;
  // A parse boundary: written below.
  const kept = values.update ? {} : (JSON.parse(readFileSync(PATH, 'utf8')) as { [name: string]: Ratios });
  for (const each of cases(folder)) {
    if (values.update) {
      const ratios = await each.measure();
      limits[each.name] = limitsOf(ratios);
    } else isHeld = (await hold(each, kept[each.name] ?? {})) && isHeld;
    process.stderr.write(`${each.name}: ${((performance.now() - startMs) / 1000).toFixed(0)} s\n`);
  }
  if (values.update) writeFileSync(PATH, `${JSON.stringify(limits, undefined, 2)}\n`);
  if (!isHeld) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
