/**
 * `npm test`: makes the clone ready, then lint, format and every test.
 * Takes names of rooms to test only those (`npm test -- filter store`); gives the exit status.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare([
  { package: 'nftables', program: 'nft', why: 'the firewall is tested in a network namespace' },
  { package: 'iproute2', program: 'ip', why: 'the firewall is tested by packets between two namespaces' },
  { package: 'systemd', program: 'journalctl', why: 'the journal is read through it' },
  {
    package: 'systemd-journal-remote',
    program: 'systemd-journal-remote',
    why: 'recorded journals are made with it',
  },
  { package: 'util-linux', program: 'unshare', why: 'namespaces are made with it' },
  { package: 'python3', program: 'python3', why: "the expressions are compared with Python's" },
]);

const run = (words) => spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status === 0;
const rooms = process.argv.slice(2);
const lint =
  rooms.length > 0 ||
  (run([
    join('node_modules', 'oxlint', 'bin', 'oxlint'),
    '--type-aware',
    '--deny-warnings',
    'src',
    'test',
    'bench',
  ]) &&
    run([join('node_modules', 'oxfmt', 'bin', 'oxfmt'), '--check', 'src', 'test', 'bench', 'scripts']));
const folder = join(root, 'dist', 'test');
const files = readdirSync(folder, { recursive: true })
  .map(String)
  .filter(
    (path) =>
      path.endsWith('.test.js') && (rooms.length === 0 || rooms.some((room) => path.startsWith(room))),
  )
  .filter(
    (path) =>
      statSync(join(root, 'test', path.replace(/\.js$/, '.ts')), { throwIfNoEntry: false }) !== undefined,
  )
  .map((path) => join(folder, path));
const tested = run(['--test', '--test-concurrency=2', ...files]);
process.exitCode = lint && tested ? 0 : 1;
