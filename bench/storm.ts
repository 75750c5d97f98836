/**
 * A start with 2,000 bans to bring back, and a storm of 10,000 attackers over their limit within a second, beside Fail2Ban:
 * how long somebody who should be shut out still gets through. Takes `--rounds N`, `--restored N`, `--attackers N` and
 * `--theirs N` (Fail2Ban's attackers); prints the figures and writes their section of docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { machineText } from './figures.js';
import { writeSection } from './report.js';
import { bothText, inRounds, LEAST_AND_MEDIAN, type Measured } from './rounds.js';
import { restored, stormed } from './storm-sides.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    restored: { type: 'string', default: '2000' },
    attackers: { type: 'string', default: '10000' },
    theirs: { type: 'string', default: '1000' },
  },
});
const rounds = Math.max(1, Number(values.rounds));
const bans = Number(values.restored);
const attackers = Number(values.attackers);
const fewer = Number(values.theirs);

/** In seconds, told as they come. */
const told = (what: string, measure: () => Promise<number>) => async (): Promise<number> => {
  const lastMs = await measure();
  process.stderr.write(`${what}: ${lastMs} ms\n`);
  return lastMs / 1000;
};

// Fail2Ban takes a minute and more for each, so it goes through them once.
const theirs = await inRounds(1, {
  restored: told('Fail2Ban, restored', () => restored('fail2ban', bans)),
  stormed: told('Fail2Ban, storm', () => stormed('fail2ban', fewer)),
});
const ours = await inRounds(rounds, {
  restored: told('restored', () => restored('bailiff', bans)),
  stormed: told('smaller storm', () => stormed('bailiff', fewer)),
  large: told('storm', () => stormed('bailiff', attackers)),
});

function row(what: string, own: Measured, their: Measured | undefined, goal: string): string {
  return `| ${what} | ${their === undefined ? '' : their.least.toFixed(1)} | ${bothText(own, 1)} | ${goal} |`;
}

const [bansText, attackersText, fewerText] = [bans, attackers, fewer].map((each) =>
  each.toLocaleString('en'),
);
writeSection('storm', [
  '## A storm, and a start with bans',
  '',
  'Seconds until the last datagram of 100 sampled attackers came through (one from each every 10 ms), after the process was started',
  `with ${bansText} bans in its store, and after the first line of a storm: addresses with 3 failures each, written to a followed`,
  `file within a second. One jail, nftables. Fail2Ban 1.1.0 once and with the smaller storm, since it takes minutes; Bailiff ${rounds} rounds.`,
  LEAST_AND_MEDIAN,
  '',
  '| what | Fail2Ban | Bailiff | goal |',
  '|---|---|---|---|',
  row(`${bansText} bans restored`, ours.restored, theirs.restored, ''),
  row(`storm of ${fewerText}`, ours.stormed, theirs.stormed, ''),
  row(`storm of ${attackersText}`, ours.large, undefined, '2'),
  '',
  machineText(),
  '',
  'Reproduce: `npm run bench -- storm`.',
]);
