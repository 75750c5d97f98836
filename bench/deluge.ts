/**
 * A million lines a second through a followed file for a minute, beside attackers in it and in the journal: who is banned,
 * how late, and what the daemon takes of memory meanwhile. Takes `--seconds N`, `--rate N` (lines a second); prints the
 * figures and writes their section of docs/benchmarks.md. The file grows to some five gigabytes.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Undone } from '../test/daemon/afterwards.js';
import { syslogLine } from '../test/daemon/attack.js';
import { Daemon } from '../test/daemon/daemon-process.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { BanScene } from './ban-scene.js';
import { UNIT_ENVIRONMENT } from './daemon-on-host.js';
import { machineText, percentile } from './figures.js';
import { memoryOf } from './memory-of.js';
import { writeSection } from './report.js';

const BANS_A_SECOND = 20;
/** Lines that are written together, and how late a ban may be at the end. */
const BLOCK = 10_000;
const PATIENCE_MS = 120_000;
const WARM_MS = 10_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '1000000' } },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];

/** Nothing that a jail hears: what a log is full of. */
function block(): Buffer {
  const texts = Array.from({ length: BLOCK }, (_, index) =>
    syslogLine(`pam_unix(cron:session): session opened for user u${index % 997} by (uid=0)`, index),
  );
  return Buffer.from(texts.join(''));
}

async function measure(): Promise<readonly string[]> {
  const lifetime = new Undone();
  try {
    const scene = new BanScene(await PrivateHost.open(lifetime));
    scene.host.configure(scene.jails);
    scene.host.settings('loglevel = notice\nlogtarget = none\n');
    const daemon = new Daemon(lifetime, scene.host, {
      words: ['--enforce', 'nftables'],
      environment: UNIT_ENVIRONMENT,
      leads: true,
    });
    await daemon.ready();
    const watch = scene.watchKernel(lifetime);
    await scene.warm(WARM_MS);
    const some = block();
    let [written, mostMiB] = [0, 0];
    await scene.attackFor(seconds * 1000, BANS_A_SECOND, (tookMs) => {
      for (; written < (tookMs * rate) / 1000; written += BLOCK) appendFileSync(scene.authLog, some);
      mostMiB = Math.max(mostMiB, memoryOf(daemon.pid).anonMiB);
    });
    const endMs = performance.now();
    const looking = setInterval(() => {
      mostMiB = Math.max(mostMiB, memoryOf(daemon.pid).anonMiB);
    }, 100);
    lifetime.after(() => clearInterval(looking));
    await scene.settle(PATIENCE_MS);
    // What is in the kernel is told by nft's monitor, which a flood makes lose some; who is banned, by the daemon.
    const { jails } = await daemon.ask({ verb: 'status' });
    const banned = jails.reduce((sum, jail) => sum + jail.currentlyBanned, 0);
    const lateSeconds = (performance.now() - endMs) / 1000;
    const timesMs = watch.takeTimesMs();
    const [p50, p99] = [50, 99].map((percent) => (percentile(timesMs, percent) / 1000).toFixed(1));
    return [
      `| ${Math.round(written / seconds).toLocaleString('en')} | ${scene.attackers} | ${banned} | ${watch.missing} | ${p50} | ${p99} | ${lateSeconds.toFixed(1)} | ${mostMiB.toFixed(0)} |`,
    ];
  } finally {
    await lifetime.undo();
  }
}

const rows = await measure();
writeSection('deluge', [
  '## A million lines a second',
  '',
  `For ${seconds} s, all of them in the followed file and none of them a failure; beside them ${BANS_A_SECOND} attackers a second, in that file and in the`,
  'journal by turns. Seconds from the last line of an attacker to the element in the kernel; how long after the last line of all',
  'the last one was there; MiB of RssAnon at most. What is not heard yet waits in the file.',
  '',
  '| lines a second | attackers | banned | not seen in the kernel | p50 | p99 | behind at the end | RssAnon |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- deluge`.',
]);
