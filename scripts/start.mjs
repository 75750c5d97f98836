/**
 * `npm start`: makes the clone ready and runs the daemon with the configuration it finds.
 * Takes the words after `--` and hands them to `bailiff run`. Asks nothing.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare([
  { package: 'nftables', program: 'nft', why: 'without it bans are decided and told, and enforced nowhere' },
]);

const daemon = spawn(
  process.execPath,
  [join(root, 'dist', 'src', 'cli', 'main.js'), 'run', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'])
  process.on(signal, () => daemon.kill(signal));
daemon.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
