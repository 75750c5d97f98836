/**
 * Lines made to run Fail2Ban's own filters away: the watch of the daemon gives each up after 50 ms of processor time and
 * goes on behind it.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import { WorkerWatch } from '../../src/daemon/worker-watch.js';
import { compileExpressions } from '../../src/filter/expressions.js';
import { expandTags } from '../../src/filter/tags.js';
import { newProgress, readProgress } from '../../src/jail/progress.js';
import { parsePythonRegex } from '../../src/lib/python-regex/parse.js';
import { fail2ban } from './fail2ban.js';
import { hostileLines } from './hostile-lines.js';
import type { FromHostileWorker, HostileWork } from './hostile-worker.js';
import { seededRandom } from './python-patterns.js';

/** The lines that stopped Fail2Ban 1.1.0's dovecot filter. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  dovecot: [
    `mx dovecot[1]: imap-login: Disconnected:${' a:'.repeat(24)}`,
    `mx dovecot[1]: imap-login: Disconnected:${' a:'.repeat(2000)}`,
    `mx dovecot[1]: imap-login: Disconnected${'(: x'.repeat(40)}`,
    `mx dovecot[1]: imap-login: Disconnected${': a'.repeat(33)} (`,
  ],
};

interface Outcome {
  readonly lines: number;
  /** Lines that were given up, with the index of the expression. */
  readonly givenUp: readonly string[];
}

async function hearAll(work: Omit<HostileWork, 'progress' | 'from'>): Promise<Outcome> {
  const givenUp: string[] = [];
  let from = 0;
  while (from < work.lines.length) {
    const progress = newProgress();
    const worker = new Worker(new URL('./hostile-worker.js', import.meta.url), {
      workerData: { ...work, progress, from } satisfies HostileWork,
    });
    const stuckAt = await new Promise<number | undefined>((resolve, reject) => {
      const watch = new WorkerWatch(progress, () => resolve(readProgress(progress).line));
      worker.on('message', (message: FromHostileWorker) => {
        if (message === 'through') resolve(undefined);
        else watch.follow(message.thread);
      });
      worker.once('error', reject);
      worker.once('exit', () => watch.close());
    });
    const { expression } = readProgress(progress);
    await worker.terminate();
    if (stuckAt === undefined) break;
    givenUp.push(`${work.filter} line ${stuckAt}, expression ${expression}`);
    from = stuckAt + 1;
  }
  return { lines: work.lines.length, givenUp };
}

/** Lines for every expression of a filter, after a head that lets prefregex pass where the filter has one. */
function linesFor(filter: string, mode: string, directory: string): readonly string[] {
  const layers = { shipped: undefined, directory, distribution: new DistributionFiles('/nowhere') };
  const { prefregex, all } = compileExpressions(loadFilter(filter, { mode, logtype: 'journal' }, layers));
  const random = seededRandom(20_261_122);
  const trees = all.map(({ text }) => parsePythonRegex(expandTags(text, true)));
  const lines = trees.flatMap((tree) => hostileLines(tree, random));
  const daemon = filter.replace(/-.*/, '');
  const heads =
    prefregex === undefined
      ? ['']
      : ['', `mx ${daemon}[7]: `, `mx ${daemon}/smtpd[7]: `, `mx ${daemon}-login[7]: `];
  return [...(KNOWN[filter] ?? []), ...heads.flatMap((head) => lines.map((line) => head + line))];
}

test('every line that is made to run a stock filter away is heard or given up, and the next ones are heard', async (context) => {
  const { configuration } = fail2ban('1.1.0');
  let lines = 0;
  const givenUp: string[] = [];
  for (const file of readdirSync(join(configuration, 'filter.d'))) {
    if (!/^(?!.*common).*\.conf$/.test(file)) continue;
    const filter = file.replace(/\.conf$/, '');
    const mode = 'normal';
    const outcome = await hearAll({
      directory: configuration,
      filter,
      mode,
      lines: linesFor(filter, mode, configuration),
    });
    lines += outcome.lines;
    givenUp.push(...outcome.givenUp);
  }
  context.diagnostic(`${lines} hostile lines, ${givenUp.length} given up`);
  for (const line of givenUp) context.diagnostic(`given up: ${line}`);
  assert.ok(lines > 5000);
});
