/**
 * The key as the guide has the admin put it: into Debian's own abuseipdb.conf, whose action is a `curl` in a shell.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ActionOptions } from '../../src/action/options.js';
import { loadConfiguration } from '../../src/config/configuration.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderFor } from '../control/sample-server.js';
import { fail2ban } from '../dialect/fail2ban.js';

const GUIDE = join(packageRoot, 'config/policy/jail.local');

function reporting(t: TestContext, edit: (stock: string) => string): ActionOptions | undefined {
  const configDirectory = folderFor(t);
  mkdirSync(join(configDirectory, 'action.d'));
  const stock = readFileSync(join(fail2ban('1.1.0').configuration, 'action.d/abuseipdb.conf'), 'utf8');
  writeFileSync(join(configDirectory, 'action.d/abuseipdb.conf'), edit(stock));
  writeFileSync(join(configDirectory, 'jail.local'), readFileSync(GUIDE));
  const jail = loadConfiguration({ configDirectory }).jails.find(({ name }) => name === 'dovecot');
  return jail?.actions.find(({ name }) => name === 'abuseipdb');
}

test("a key in Debian's file is taken over, and its shell action is not", (t) => {
  const inPlace = reporting(t, (stock) =>
    stock.replace(/^abuseipdb_apikey =.*$/m, 'abuseipdb_apikey = KEY1'),
  );
  assert.equal(inPlace?.native, 'abuseipdb');
  assert.equal(inPlace?.parameters['abuseipdb_apikey'], 'KEY1');
  const asTheGuide = reporting(t, (stock) =>
    stock.replace(/^abuseipdb_apikey =.*$/m, 'abuseipdb_apikey   = KEY2\nabuseipdb_category = 18,14'),
  );
  assert.equal(asTheGuide?.native, 'abuseipdb');
  assert.equal(asTheGuide?.parameters['abuseipdb_apikey'], 'KEY2');
  const definition = reporting(t, (stock) => stock.replace('[Init]', 'abuseipdb_apikey = KEY3\n[Init]'));
  assert.equal(definition?.native, 'abuseipdb');
});

test('lines put at its end, so that the key stands twice, do not bring the shell action back', (t) => {
  const twice = reporting(t, (stock) => `${stock}\nabuseipdb_apikey = KEY4\nabuseipdb_category = 18\n`);
  assert.equal(twice?.native, 'abuseipdb');
});
