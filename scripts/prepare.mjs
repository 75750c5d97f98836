/**
 * Makes a fresh clone ready: npm packages, Debian packages where that is possible, the build.
 * Takes the Debian packages with what each is for; says in one line what is missing and why, and goes on without it.
 * Asks nothing, installs nothing globally.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const say = (text) => process.stderr.write(`bailiff: ${text}\n`);

/** @param {readonly { package: string, program: string, why: string }[]} debian */
export function prepare(debian) {
  checkNode();
  installNpmPackages();
  installDebianPackages(debian);
  build();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Node ${process.versions.node} is too old; 20.19 or newer is needed (Debian 13's own will do).`);
  process.exit(1);
}

/** As the lock says; again only when the lock has changed. */
function installNpmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = join(root, 'node_modules', '.bailiff-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  if (existsSync(join(root, 'node_modules', 'typescript')) && !existsSync(mark)) return;
  say('installing npm packages …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    say('`npm ci` failed (see above); without its packages nothing runs.');
    process.exit(1);
  }
  writeFileSync(mark, lock);
}

function installDebianPackages(wanted) {
  const missing = wanted.filter(({ program }) => !onPath(program));
  if (missing.length === 0) return;
  const isDebian = existsSync('/etc/debian_version') && onPath('apt-get');
  if (process.getuid?.() === 0 && isDebian) {
    say(`installing Debian packages: ${missing.map((each) => each.package).join(' ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const packages = missing.map((each) => each.package);
    const apt = (...words) => spawnSync('apt-get', ['-qq', ...words], { env, stdio: 'ignore' }).status === 0;
    const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
    if (!install()) apt('update') && install();
  }
  for (const { package: name, program, why } of missing) {
    if (!onPath(program)) say(`${program} is missing (Debian package ${name}): ${why}. Going on without it.`);
  }
}

function onPath(program) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/local/sbin`.split(':');
  return folders
    .concat('/lib/systemd', '/usr/lib/systemd')
    .some((folder) => existsSync(join(folder, program)));
}

/** TypeScript's own record of what changed makes a second build cheap; a build newer than every source is left alone. */
function build() {
  const done = join(root, 'dist', 'src', 'cli', 'main.js');
  if (!existsSync(done)) say('building …');
  mkdirSync(join(root, 'dist'), { recursive: true });
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root], {
      stdio: 'inherit',
    });
  } catch {
    say('the build failed (see above).');
    process.exit(1);
  }
  if (!existsSync(done) || !statSync(done).isFile()) {
    say('the build left no program; remove dist/ and try again.');
    process.exit(1);
  }
}
