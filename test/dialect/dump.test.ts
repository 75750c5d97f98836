/**
 * `config dump --as fail2ban` beside `fail2ban-client -d`: both read the same files, and print the same lines.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import { dumpConfiguration } from '../../src/config/dump.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { clientDump, fail2ban, VERSIONS, type Version } from './fail2ban.js';
import { nastyConfigurations } from './nasty-configurations.js';

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'bailiff-dump-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A copy of what the package ships, with every jail on and a log for each. */
function everyJail(directory: string, version: Version): number {
  cpSync(fail2ban(version).configuration, directory, { recursive: true });
  const sections = readFileSync(join(directory, 'jail.conf'), 'utf8').matchAll(/^\[([^\]]+)\]/gm);
  const names = [...sections].flatMap(([, name = '']) => (/^(?:INCLUDES|DEFAULT)$/.test(name) ? [] : [name]));
  mkdirSync(join(directory, 'log'));
  const jails = names.map((name) => {
    const log = join(directory, 'log', `${name}.log`);
    writeFileSync(log, '');
    return `[${name}]\nenabled = true\nlogpath = ${log}\n`;
  });
  writeFileSync(join(directory, 'jail.local'), jails.join(''));
  return names.length;
}

function ours(directory: string, version: Version): readonly string[] {
  const configuration = loadConfiguration({ configDirectory: directory, asFail2ban: true });
  const lines = dumpConfiguration(configuration, 'fail2ban').trimEnd().split('\n');
  return lines.map((line) => line.replaceAll('1.1.0', version));
}

/** Theirs, with what ours hides as `…` hidden alike: keys show their last four characters, the one difference that is meant. */
function hidingKeys(theirs: readonly string[], shown: readonly string[]): readonly string[] {
  return theirs.map((line, index) => {
    const own = shown[index] ?? '';
    const pattern = own.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return own.includes('…') && new RegExp(`^${pattern.join('[0-9a-zA-Z_]+')}$`).test(line) ? own : line;
  });
}

for (const version of VERSIONS) {
  test(`every jail of Fail2Ban ${version} is dumped as its own client dumps it`, (context) => {
    const directory = folder(context);
    const jails = everyJail(directory, version);
    const theirs = clientDump(version, directory);
    context.diagnostic(`${version}: ${jails} jails, ${theirs.length} lines`);
    assert.ok(theirs.length > 1000);
    assert.deepEqual(ours(directory, version), theirs);
  });

  test(`the guide's configuration is dumped as Fail2Ban ${version} dumps it, but for the key`, (context) => {
    const directory = folder(context);
    cpSync(fail2ban(version).configuration, directory, { recursive: true });
    cpSync(join(packageRoot, 'config', 'policy'), directory, { recursive: true });
    const key = '[Init]\nabuseipdb_apikey = 0123456789abcdef0123\n';
    writeFileSync(join(directory, 'action.d', 'abuseipdb.local'), key);
    const shown = ours(directory, version);
    assert.ok(shown.some((line) => line.includes('…')));
    assert.deepEqual(shown, hidingKeys(clientDump(version, directory), shown));
  });

  for (const [what, files] of Object.entries(nastyConfigurations)) {
    test(`${what}: the dump is that of Fail2Ban ${version}`, (context) => {
      const directory = folder(context);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text.replaceAll('@/', `${directory}/`));
      }
      assert.deepEqual(ours(directory, version), clientDump(version, directory));
    });
  }
}
