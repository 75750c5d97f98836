/**
 * How long nobody is kept out: after a start with many bans in the store, and after `nft flush ruleset`, by the packets of
 * 100 sampled addresses. Takes `--bans N,N`; prints the figures and writes their section of docs/benchmarks.md.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { until } from '../test/daemon/daemon-process.js';
import { DaemonOnHost } from './daemon-on-host.js';
import { machineText } from './figures.js';
import { writeSection } from './report.js';
import { nowMs, SampledPackets } from './sampled-packets.js';
import { fillStore, sampledAddresses } from './stored-bans.js';

const SAMPLES = 100;
/** Nobody came through for so long: they are shut out. */
const QUIET_MS = 3000;
const PATIENCE_MS = 300_000;

const { values } = parseArgs({ options: { bans: { type: 'string', default: '100000,1000000' } } });

interface Measured {
  readonly bans: number;
  readonly restoreMs: number;
  readonly flushMs: number;
  readonly banMs: number;
  readonly anonMiB: number;
  readonly storeMiB: number;
}

async function measure(bans: number): Promise<Measured> {
  const on = await DaemonOnHost.open();
  try {
    const { host, t } = on;
    // What is sent from outside to be told by are datagrams.
    host.configure(
      `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${on.log}\naction = nftables[port=ssh, protocol=udp]\n`,
    );
    fillStore(join(host.folder, 'state'), bans);
    const sampled = sampledAddresses(bans, SAMPLES);
    const packets = await SampledPackets.open(t, host, sampled);
    const startMs = nowMs();
    await on.start();
    const restoreMs = await packets.shutOut(startMs, QUIET_MS);
    const anonMiB = on.memory().anonMiB;
    const byHandMs = nowMs();
    await on.daemon.ask({ verb: 'ban', jail: 'sshd', targets: ['203.0.113.1'] });
    const banMs = nowMs() - byHandMs;
    const flushMs = nowMs();
    host.run('nft', 'flush', 'ruleset');
    const backMs = await packets.shutOut(flushMs, QUIET_MS);
    await until('every ban', () => on.isWritten(bans + 1), PATIENCE_MS);
    const storeMiB = Number(host.run('du', '-sm', join(host.folder, 'state')).split('\t')[0]);
    return { bans, restoreMs, flushMs: backMs, banMs, anonMiB, storeMiB };
  } finally {
    await on.close();
  }
}

const measured: Measured[] = [];
for (const count of values.bans.split(',').map(Number)) {
  const one = await measure(count);
  process.stderr.write(`${JSON.stringify(one)}\n`);
  measured.push(one);
}
writeSection('bans', [
  '## Many bans',
  '',
  `Datagrams from ${SAMPLES} of the banned addresses, one from each every 10 ms: how long after the process was started, and after`,
  '`nft flush ruleset`, the last one came through. A ban by hand: from the request to the answer.',
  '',
  '| bans | shut out after a start, ms | after a flush, ms | ban by hand, ms | RssAnon, MiB | store, MiB |',
  '|---|---|---|---|---|---|',
  ...measured.map(
    ({ bans, restoreMs, flushMs, banMs, anonMiB, storeMiB }) =>
      `| ${bans.toLocaleString('en')} | ${restoreMs} | ${flushMs} | ${banMs} | ${anonMiB.toFixed(0)} | ${storeMiB} |`,
  ),
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- bans`.',
]);
