/**
 * Lines made to run filters away, for every mode of Fail2Ban's own filters and of ours: the watch of the daemon gives each
 * up and goes on behind it; in a jail that is heard with caution the thread does so by itself.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import type { ConfigLayers } from '../../src/config/layers.js';
import { WorkerWatch } from '../../src/daemon/hearing/worker-watch.js';
import { compileExpressions } from '../../src/filter/expressions.js';
import type { FilterOptions } from '../../src/filter/match.js';
import { expandTags } from '../../src/filter/tags.js';
import { runawayLines, runawayText } from '../../src/jail/lint/runaway-lines.js';
import { newProgress, readProgress } from '../../src/jail/progress.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { parsePythonRegex } from '../../src/lib/python-regex/parse.js';
import { fail2ban } from './fail2ban.js';
import { hostileLines } from './hostile-lines.js';
import { type FromHostileWorker, type HostileWork, spentMs } from './hostile-worker.js';
import { seededRandom } from './python-patterns.js';

const DISTRIBUTION = new DistributionFiles('/nowhere');
/** The lines that stopped Fail2Ban 1.1.0's dovecot filter. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  dovecot: [
    `mx dovecot[1]: imap-login: Disconnected:${' a:'.repeat(24)}`,
    `mx dovecot[1]: imap-login: Disconnected:${' a:'.repeat(2000)}`,
    `mx dovecot[1]: imap-login: Disconnected${'(: x'.repeat(40)}`,
    `mx dovecot[1]: imap-login: Disconnected${': a'.repeat(33)} (`,
    `mx dovecot[1]: imap-login: Disconnected${'a: '.repeat(33)}`,
    'a: '.repeat(33),
  ],
};

interface Outcome {
  readonly lines: number;
  /** The lines that were given up, each with the index of the expression. */
  readonly givenUp: ReadonlyMap<string, number>;
  /** How often the thread had to be killed for it. */
  readonly kills: number;
  /** The most processor time that a line took until it was heard or given up. */
  readonly mostMs: number;
}

async function hearAll(
  options: FilterOptions,
  lines: readonly string[],
  isCautious: boolean,
): Promise<Outcome> {
  const givenUp = new Map<string, number>();
  let [from, kills, mostMs] = [0, 0, 0];
  while (from < lines.length) {
    const progress = newProgress();
    const costs = new SharedArrayBuffer(16);
    const worker = new Worker(new URL('./hostile-worker.js', import.meta.url), {
      workerData: { progress, costs, options, lines, from, isCautious } satisfies HostileWork,
    });
    const cost = new Float64Array(costs);
    const stuckAt = await new Promise<number | undefined>((resolve, reject) => {
      let thread = '';
      const watch = new WorkerWatch(progress, () => {
        mostMs = Math.max(mostMs, spentMs(thread) - (cost[0] ?? 0));
        resolve(readProgress(progress).line);
      });
      worker.on('message', (message: FromHostileWorker) => {
        if (message === 'through') resolve(undefined);
        else if ('thread' in message) void watch.follow((thread = message.thread));
        else givenUp.set(lines[message.givenUp] ?? '', message.expression);
      });
      worker.once('error', reject);
      worker.once('exit', () => watch.close());
    });
    const { expression } = readProgress(progress);
    await worker.terminate();
    mostMs = Math.max(mostMs, cost[1] ?? 0);
    if (stuckAt === undefined) break;
    kills += 1;
    givenUp.set(lines[stuckAt] ?? '', expression);
    from = stuckAt + 1;
  }
  return { lines: lines.length, givenUp, kills, mostMs };
}

/** Lines for every expression of a filter, after a head that lets prefregex pass where the filter has one. */
function linesFor(filter: string, options: FilterOptions): readonly string[] {
  const { prefregex, all } = compileExpressions(options);
  const random = seededRandom(20_261_122);
  const trees = all.map(({ text }) => parsePythonRegex(expandTags(text, true)));
  const lines = trees.flatMap((tree) => [
    ...hostileLines(tree, random),
    ...runawayLines(tree.root).map((line) => runawayText(line)),
  ]);
  const daemon = filter.replace(/-.*/, '');
  const heads =
    prefregex === undefined
      ? ['']
      : ['', `mx ${daemon}[7]: `, `mx ${daemon}/smtpd[7]: `, `mx ${daemon}-login[7]: `];
  return [
    ...new Set([...(KNOWN[filter] ?? []), ...heads.flatMap((head) => lines.map((line) => head + line))]),
  ];
}

/** `normal`, and what else the options are called by that it chooses among: `<mdre-<mode>>` among `mdre-ddos = …`. */
function modesOf(folder: string, filter: string): readonly string[] {
  const text = readFileSync(join(folder, `${filter}.conf`), 'utf8');
  const before = [...text.matchAll(/^before\s*=\s*(.*common\.conf)$/gm)].map(([, name = '']) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const modes = [...text.matchAll(/<([\w-]+)-<mode>>/g)].flatMap(([, prefix = '']) =>
    [text, ...before].flatMap((each) =>
      [...each.matchAll(new RegExp(`^${prefix}-(\\w+)\\s*=`, 'gm'))].map(([, mode = '']) => mode),
    ),
  );
  return [...new Set(['normal', ...modes])].sort();
}

async function campaign(context: TestContext, folder: string, layers: ConfigLayers): Promise<void> {
  let [lines, filters, kills, mostMs, mostCautiousMs] = [0, 0, 0, 0, 0];
  for (const file of readdirSync(folder)) {
    if (!/^(?!.*common|syslog-line).*\.conf$/.test(file)) continue;
    const filter = file.replace(/\.conf$/, '');
    for (const mode of modesOf(folder, filter)) {
      const options = loadFilter(filter, { mode, logtype: 'journal' }, layers);
      const outcome = await hearAll(options, linesFor(filter, options), false);
      filters += 1;
      lines += outcome.lines;
      kills += outcome.kills;
      mostMs = Math.max(mostMs, outcome.mostMs);
      if (outcome.kills === 0) continue;
      const expressions = [...new Set(outcome.givenUp.values())].join(', ');
      context.diagnostic(`${filter}[mode=${mode}]: ${outcome.kills} lines by expression ${expressions}`);
      const cautious = await hearAll(options, [...outcome.givenUp.keys()], true);
      mostCautiousMs = Math.max(mostCautiousMs, cautious.mostMs);
    }
  }
  context.diagnostic(
    `${lines} hostile lines for ${filters} filters and modes, ${kills} given up by the watch; processor time of a line at most ${mostMs.toFixed(0)} ms, with caution ${mostCautiousMs.toFixed(0)} ms`,
  );
  assert.ok(lines > 100 * filters);
}

test("every line that is made to run a filter of Fail2Ban's away, in any mode, is heard or given up", async (t) => {
  const { configuration } = fail2ban('1.1.0');
  const layers = { shipped: undefined, directory: configuration, distribution: DISTRIBUTION };
  await campaign(t, join(configuration, 'filter.d'), layers);
});

test('every line that is made to run a filter of ours away, in any mode, is heard or given up', async (t) => {
  const shipped = join(packageRoot, 'config');
  const directory = join(packageRoot, 'test', 'filters', 'no-configuration');
  await campaign(t, join(shipped, 'filter.d'), { shipped, directory, distribution: DISTRIBUTION });
});
