/**
 * `npm run bench -- NAME`: makes the clone ready, then runs the benchmark bench/NAME.ts.
 * Takes the name and what follows it; without one, tells the names.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const NAMES = [
  'matching',
  'stock',
  'replay',
  'journal-reading',
  'start',
  'growth',
  'storm',
  'ban-latency',
  'deluge',
  'full-disk',
  'control-latency',
  'hostile-latency',
  'nft-transport',
  'bans',
  'hanging-reports',
  'memory',
  'ratchet',
];

const [name = '', ...words] = process.argv.slice(2);
if (!NAMES.includes(name)) {
  process.stderr.write(`bailiff: npm run bench -- ${NAMES.join(' | ')}\n`);
  process.exit(2);
}
prepare([
  { package: 'python3', program: 'python3', why: 'Fail2Ban runs in it' },
  { package: 'nftables', program: 'nft', why: 'the ways into the firewall are compared with it' },
  { package: 'systemd-journal-remote', program: 'systemd-journal-remote', why: 'it writes the journals' },
]);
const program = join(root, 'dist', 'bench', `${name}.js`);
if (!existsSync(program)) process.exit(1);
process.exitCode =
  spawnSync(process.execPath, [program, ...words], { cwd: root, stdio: 'inherit' }).status ?? 1;
