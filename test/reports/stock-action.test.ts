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

/** The file, its text, and whether Debian's own stands beside it. */
const EDITS: readonly (readonly [
  what: string,
  file: string,
  edit: (stock: string) => string,
  besideStock: boolean,
])[] = ['Init', 'Definition'].flatMap((section) => {
  const lines = `abuseipdb_apikey = KEY5\nabuseipdb_category = 18,14\n`;
  const whole = (): string => `[${section}]\n${lines}`;
  return [
    [`.local, [${section}], without Debian's`, 'abuseipdb.local', whole, false],
    [`.local, [${section}], over Debian's`, 'abuseipdb.local', whole, true],
    [`.conf of one's own, [${section}]`, 'abuseipdb.conf', whole, false],
    [
      `Debian's .conf, [${section}]`,
      'abuseipdb.conf',
      (stock: string): string =>
        stock.replace(/^abuseipdb_apikey =.*\n/m, '').replace(`[${section}]`, `[${section}]\n${lines}`),
      false,
    ],
  ] as const;
});

for (const [what, file, edit, besideStock] of EDITS)
  test(`key and category hold from ${what}, where the jail gives none, and the action is ours`, (t) => {
    const configDirectory = folderFor(t);
    mkdirSync(join(configDirectory, 'action.d'));
    const stock = readFileSync(join(fail2ban('1.1.0').configuration, 'action.d/abuseipdb.conf'), 'utf8');
    if (besideStock) writeFileSync(join(configDirectory, 'action.d/abuseipdb.conf'), stock);
    writeFileSync(join(configDirectory, 'action.d', file), edit(stock));
    const called = (jail: string, call: string): string =>
      `[${jail}]\nenabled = true\naction = %(action_)s\n  ${call}\n`;
    writeFileSync(
      join(configDirectory, 'jail.local'),
      called('dovecot', 'abuseipdb') + called('sshd', '%(action_abuseipdb)s[abuseipdb_category="18,22"]'),
    );
    const { jails } = loadConfiguration({ configDirectory });
    const found = ['dovecot', 'sshd'].map((jail) => {
      const action = jails
        .find(({ name }) => name === jail)
        ?.actions.find(({ name }) => name === 'abuseipdb');
      return [
        action?.native,
        action?.parameters['abuseipdb_apikey'],
        action?.parameters['abuseipdb_category'],
      ];
    });
    assert.deepEqual(found, [
      ['abuseipdb', 'KEY5', '18,14'],
      ['abuseipdb', 'KEY5', '18,22'],
    ]);
  });
