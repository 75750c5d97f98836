/**
 * `npm run chaos -- --seeds 1000 --jobs 2`: makes the clone ready, then plays seeds of test/chaos/.
 * Takes the words of test/chaos/chaos.ts; gives its exit status.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare([
  { package: 'nftables', program: 'nft', why: 'bans are in the kernel of a network namespace' },
  { package: 'systemd-journal-remote', program: 'systemd-journal-remote', why: 'it writes the journal' },
  { package: 'util-linux', program: 'unshare', why: 'namespaces are made with it' },
]);
const program = join(root, 'dist', 'test', 'chaos', 'chaos.js');
if (!existsSync(program)) process.exit(1);
process.exitCode =
  spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }).status ??
  1;
