/**
 * Start, status and reload, whole processes by the clock: Bailiff beside Fail2Ban, with the guide's configuration and with
 * every stock jail of Fail2Ban. Takes `--rounds N`; prints the figures and writes their section of docs/benchmarks.md.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Undone } from '../test/daemon/afterwards.js';
import { PrivateHost } from '../test/daemon/private-host.js';
import { packageRoot } from '../src/lib/package-root.js';
import { keptPackage } from './debian-package.js';
import { keptFail2Ban } from './fail2ban-package.js';
import { machineText } from './figures.js';
import { python } from './python.js';
import { writeSection } from './report.js';
import { bothText, inRounds, LEAST_AND_MEDIAN, type Measured, timesText } from './rounds.js';
import { type Configuration, CONFIGURATIONS, writeConfiguration } from './start-configurations.js';
import { BailiffSide, commandMs, Fail2BanSide, type Side, startedAndStopped } from './start-sides.js';

/** A command is short: it is timed so many times for each start. */
const COMMANDS = 3;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Math.max(1, Number(values.rounds));

interface Pair {
  readonly ours: Measured;
  readonly theirs: Measured;
}

interface Measurements {
  readonly configuration: Configuration;
  readonly jails: number;
  readonly start: Pair;
  readonly status: Pair;
  readonly reload: Pair;
}

async function measure(configuration: Configuration): Promise<Measurements> {
  const lifetime = new Undone();
  try {
    const installed = keptFail2Ban(join(packageRoot, 'dist', 'fail2ban'), 'trixie');
    const kept = keptPackage(join(packageRoot, 'dist', 'python3-systemd'), 'python3-systemd', undefined);
    const host = await PrivateHost.open(lifetime);
    const jails = writeConfiguration(host, installed, configuration).length;
    const modules = join(kept, 'usr', 'lib', 'python3', 'dist-packages');
    const bailiff = await BailiffSide.open(lifetime, host);
    const fail2ban = new Fail2BanSide(lifetime, host, modules, jails);
    const start = await inRounds(rounds, {
      ours: () => startedAndStopped(bailiff),
      theirs: () => startedAndStopped(fail2ban),
    });
    await bailiff.start();
    await fail2ban.start();
    const commands = { ours: bailiff, theirs: fail2ban };
    const status = await both(commands, (side) => side.status());
    const reload = await both(commands, (side) => side.reload());
    await bailiff.stop();
    await fail2ban.stop();
    return { configuration, jails, start, status, reload };
  } finally {
    await lifetime.undo();
  }
}

function both(sides: { ours: Side; theirs: Side }, measure: (side: Side) => number): Promise<Pair> {
  return inRounds(rounds * COMMANDS, {
    ours: () => measure(sides.ours),
    theirs: () => measure(sides.theirs),
  });
}

function row(what: string, goal: string, { ours, theirs }: Pair): string {
  return `| ${what} | ${bothText(theirs, 0)} | ${bothText(ours, 0)} | ${timesText(theirs, ours)} | ${goal} |`;
}

const measured: Measurements[] = [];
for (const configuration of CONFIGURATIONS) measured.push(await measure(configuration));
const bare = await inRounds(rounds * COMMANDS, {
  node: () => commandMs([process.execPath, '-e', '0']),
  python: () => commandMs([python(), '-c', '0']),
});
writeSection('start', [
  '## Start, status, reload',
  '',
  'Milliseconds by the clock, whole processes, Bailiff put together as in a package, in a network and mount namespace with a',
  'journal of its own; the same configuration directory on both sides. A start: from the process started to the moment at which',
  'Bailiff tells the service manager that it is ready (firewall set up, every jail heard), and Fail2Ban 1.1.0 logs the last of its',
  'jails as started. Status: `bailiff status` and `fail2ban-client status`. Reload: `bailiff client reload` and',
  '`fail2ban-client reload`, until they end.',
  LEAST_AND_MEDIAN,
  '',
  '| what | Fail2Ban | Bailiff | × | goal |',
  '|---|---|---|---|---|',
  ...measured.flatMap(({ configuration, jails, start, status, reload }, index) => [
    row(`start, ${configuration} (${jails})`, index === 0 ? '300' : '1500', start),
    row(`status, ${configuration}`, '120', status),
    row(`reload, ${configuration}`, '', reload),
  ]),
  `| \`python3 -c 0\`, \`node -e 0\` | ${bothText(bare.python, 0)} | ${bothText(bare.node, 0)} | | |`,
  '',
  `${rounds} rounds, ${rounds * COMMANDS} for the commands.`,
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- start`.',
]);
