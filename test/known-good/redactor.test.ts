import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Redactor } from '../../src/known-good/redactor.js';

function hidden(text: string, isConfiguration = true): string {
  const redactor = new Redactor();
  redactor.learnFrom(text);
  return redactor.hide(text, isConfiguration);
}

/** Places in which admins write keys. */
const PLACES: readonly ((key: string) => string)[] = [
  (key) => `[Init]\nabuseipdb_apikey = ${key}\n`,
  (key) => `[Init]\nabuseipdb_apikey=${key}`,
  (key) => `[Init]\nABUSEIPDB_APIKEY : ${key}  ; mine\n`,
  (key) => `[Init]\nabuseipdb_apikey =\n   ${key}\n\n`,
  (key) => `[Init]\r\nabuseipdb_apikey = ${key}\r\n`,
  (key) => `# abuseipdb_apikey = ${key}\n[Init]\n`,
  (key) => `;abuseipdb_apikey = "${key}"\n`,
  (key) => `[sshd]\naction = abuseipdb[abuseipdb_category="18", abuseipdb_apikey="${key}"]\n`,
  (key) => `[sshd]\naction = %(action_)s\n  abuseipdb[abuseipdb_apikey=${key}][abuseipdb_category=18]\n`,
  (key) => `[DEFAULT]\naction_abuseipdb = abuseipdb[abuseipdb_apikey='${key}']\n`,
  (key) => `[Definition]\nactionban = curl -H "Key: ${key}" https://api.example/report\n`,
  (key) => `[Definition]\nactionban = curl -H 'Authorization: Bearer ${key}' https://api.example/\n`,
  (key) => `[Definition]\nactionban = curl -sSf -H "X-Api-Key: ${key}" https://api.example/\n`,
  (key) => `[Init]\nwebhook_url = https://hooks.example/services/${key}\n`,
  (key) => `[Init]\nurl = https://joe:${key}@hooks.example/\n`,
  (key) => `[Definition]\nactionban = sendit ${key}\n# ${key}\n`,
  (key) => `[Init]\nsecret =\n  x=${key}\n  y:${key}==\n`,
  (key) => `  [Init]\n  abuseipdb_apikey = ${key} and more\n`,
  (key) => `[Init]\npassword = ${key}\n[Definition]\nactionban = login <password> ${key}\n`,
];

const KEY = fc
  .stringMatching(/^[0-9a-f]{40}$/)
  .filter((key) => /\d.*\d.*\d/.test(key) && /[a-f].*[a-f].*[a-f]/.test(key));

test('a key is hidden wherever an admin may have written it', () => {
  fc.assert(
    fc.property(KEY, fc.constantFrom(...PLACES), (key, place) => {
      const shown = hidden(place(key));
      for (let at = 0; at + 12 <= key.length; at += 1)
        assert.ok(!shown.includes(key.slice(at, at + 12)), shown);
      assert.ok(shown.includes('…'), shown);
    }),
  );
});

test('what was learnt in one file is hidden in another, and in what the configuration means', () => {
  const redactor = new Redactor();
  redactor.learnFrom('[Init]\nntfy_token = tk_0123456789abcdef\n');
  redactor.learn('a phrase of words\n');
  assert.equal(redactor.hide('failregex = ^tk_0123456789abcdef$', false), 'failregex = ^…cdef$');
  assert.equal(redactor.hide('say a phrase of words', false), 'say …ords');
});

test('what is no secret stays as it is', () => {
  const text = [
    '[INCLUDES]',
    'before = paths-debian.conf',
    '[DEFAULT]',
    'bantime.factor = 1',
    'ignoreip = 127.0.0.1/8 ::1 2001:db8:1234:5678:9abc:def0:1234:5678',
    'webhook_secret = file:/etc/bailiff/webhook-secret',
    'ntfy_token = credential:ntfy',
    'abuseipdb_keyfile = /etc/bailiff/abuseipdb-key-0123456789',
    'abuseipdb_apikey =',
    'logpath = /var/log/apache2/other_vhosts_access.log',
    'actionban = curl -H "Key: <abuseipdb_apikey>" %(url)s',
    'nftables_parameter_name = inet-f2b-chain-INPUT',
    '',
  ].join('\n');
  assert.equal(hidden(text), text);
});

test('the next option after a secret of several lines is shown again', () => {
  assert.equal(
    hidden('[Init]\npassword =\n  hush0123\n  hush4567\nname = joe\n'),
    '[Init]\npassword =\n  …0123\n  …4567\nname = joe\n',
  );
});
