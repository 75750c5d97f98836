import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIni } from '../../src/config/ini-file.js';
import { hiddenSecret, quotable } from '../../src/config/secrets.js';
import { describeError } from '../../src/lib/errors.js';

const KEY = 'hush0123456789abcdef';

test('what is quoted of a configuration has no value of a secret name, wherever in the line it stands', () => {
  for (const line of [
    `abuseipdb_apikey = ${KEY}`,
    `abuseipdb_apikey=${KEY}`,
    `abuseipdb_apikey: '${KEY}'`,
    `ABUSEIPDB_APIKEY = ${KEY}`,
    `action = abuseipdb[abuseipdb_apikey="${KEY}"]`,
    `action = abuseipdb[abuseipdb_category=18, abuseipdb_apikey=${KEY}][x=1]`,
    `a = b[c=d][abuseipdb_apikey='${KEY}`,
    `bailiff_token_of = ${KEY}`,
    `action = x[name=a[b], webhook_secret="${KEY}"]`,
  ]) {
    assert.ok(!quotable(line).includes(KEY.slice(0, 8)), quotable(line));
    assert.notEqual(quotable(line), '');
  }
  assert.equal(
    quotable('action = abuseipdb[abuseipdb_category="18"]'),
    'action = abuseipdb[abuseipdb_category="18"]',
  );
});

test('an error about a line does not tell the key in it', () => {
  const { errors } = parseIni(`action = abuseipdb[abuseipdb_apikey="${KEY}"]\n`, 'jail.local');
  const told = errors.map(describeError).join('\n');
  assert.match(told, /stands before any \[section\]/);
  assert.ok(!told.includes(KEY), told);
});

test('of a secret its last four characters are shown, and of a short one nothing', () => {
  assert.deepEqual([KEY, 'short', ''].map(hiddenSecret), ['…cdef', '…', '']);
});
