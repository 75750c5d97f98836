/**
 * The program as a package has it, put together by scripts/bundle.mjs, does what the compiled sources do.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import { compileExpressions } from '../../src/filter/expressions.js';
import { type KeptTranslation, TRANSLATIONS_FILE } from '../../src/filter/kept-translations.js';
import { filtersOf } from '../../src/jail/filters-of.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { failedPassword } from '../daemon/attack.js';
import { Daemon } from '../daemon/daemon-process.js';
import { PrivateHost, sshdEntry } from '../daemon/private-host.js';
import { filesIn } from '../source-files.js';
import { run } from './run-bailiff.js';

const policy = join(packageRoot, 'config', 'policy');
let app = '';

before(async () => {
  const dist = join(packageRoot, 'dist');
  mkdirSync(dist, { recursive: true });
  // Inside the package, where a program looks for its configuration.
  app = mkdtempSync(join(dist, 'bundle-'));
  const { status, err } = await run(process.execPath, [join(packageRoot, 'scripts', 'bundle.mjs'), app]);
  assert.equal(status, 0, err);
  const kept = await run(process.execPath, [join(packageRoot, 'scripts', 'keep-code.mjs'), app]);
  assert.deepEqual([kept.status, kept.err], [0, '']);
});

after(() => rmSync(app, { recursive: true, force: true }));

test('every thread has a file of its own, at the place where it is looked for', () => {
  const threads = filesIn('src').filter((path) => path.endsWith('-worker.ts'));
  const missing = threads.filter((path) => !existsSync(join(app, path.replace(/^src\/(.*)ts$/, '$1js'))));
  assert.deepEqual(missing, []);
});

test('what is put together has a fifth of the files', () => {
  const count = readdirSync(app, { recursive: true }).length;
  assert.ok(count * 4 < filesIn('src').length, `${count} files`);
});

test("what V8 makes of it is kept for the service's threads and for commands, and taken back", async () => {
  const keptOf = (folder: string, name: string): readonly string[] =>
    readdirSync(join(app, folder)).filter((file) => file.startsWith(`${name}.code.cjs.`));
  assert.equal(keptOf('cli', 'main').length, 2);
  assert.equal(keptOf('jail', 'hear-worker').length, 1);
  const asks = join(app, 'asks.cjs');
  writeFileSync(
    asks,
    "const vm = require('node:vm'); const { Script } = vm;\n" +
      'vm.Script = class extends Script { constructor(code, options) { super(code, options);\n' +
      'process.stderr.write(`rejected: ${this.cachedDataRejected}`); } };',
  );
  const { err } = await run(process.execPath, ['--require', asks, join(app, 'cli', 'main.js'), '--version']);
  assert.equal(err, 'rejected: false');
});

test('kept translations are of the expressions that the policy has, and JavaScript takes them as they are', () => {
  // A parse boundary: what the program wrote.
  const kept = JSON.parse(readFileSync(join(app, TRANSLATIONS_FILE), 'utf8')) as Record<
    string,
    KeptTranslation
  >;
  const { jails } = loadConfiguration({ configDirectory: policy });
  const expressions = filtersOf(jails).flatMap((filter) => compileExpressions(filter).all);
  const found = new Map(
    Object.entries(kept).map(([key, { source }]) => [key.split(' ').slice(2).join(' '), source]),
  );
  for (const { text, regex } of expressions)
    assert.equal(new RegExp(found.get(text) ?? '').source, regex.source, text);
});

test('the configuration is checked, expressions and all', async () => {
  const main = join(app, 'cli', 'main.js');
  const { status, out, err } = await run(process.execPath, [main, 'config', 'check', '--config', policy]);
  assert.equal(err, '');
  assert.match(out, /^Jails: sshd, apache-auth, postfix, postfix-sasl, dovecot, recidive$/m);
  assert.match(out, /\(action\.report-category\)/);
  assert.equal(status, 0);
});

test('the daemon hears, counts and bans, and its configuration is read again', async (t) => {
  const host = await PrivateHost.open(t);
  host.configure('[sshd]\nenabled = true\nbackend = systemd\nmaxretry = 2\n');
  const daemon = await new Daemon(t, host, { main: join(app, 'cli', 'main.js') }).ready();
  for (const pid of [1, 2]) host.journal(sshdEntry(failedPassword('192.0.2.61', pid), pid));
  await daemon.says('[sshd] Ban 192.0.2.61');
  await daemon.ask({ verb: 'reload' });
  assert.equal(await daemon.end(), 0);
});
