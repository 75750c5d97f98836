import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import { dumpConfiguration } from '../../src/config/dump.js';
import { pythonRepr } from '../../src/lib/python-repr.js';
import { hiddenSecret } from '../../src/config/secrets.js';
import { folderWith } from './folder.js';

const FILES = {
  'fail2ban.conf': '[Definition]\nloglevel = DEBUG\n',
  'filter.d/f.conf':
    '[Definition]\nfailregex = ^a <HOST> "x" \'y\'$\n   ^b\\t<HOST>$\nignoreregex = ^i\ndatepattern = ^Y\n  {^LN-BEG}\nmaxlines = 3\n' +
    '[Init]\njournalmatch = _COMM=x _PID=1 + _COMM=y\n   _COMM=z\n',
  'action.d/act.conf':
    '[Definition]\nactionstart = echo start <name> <blah> <br>\nactionban = echo <ip> "<foo>" <actname> <known/foo>\n line2\nactionunban = x\n' +
    'norestored = 1\n[Init]\nfoo = default\nname = default\n[Init?family=inet6]\nfoo = six\n',
  'action.d/key.conf':
    '[Definition]\nactionban = curl -H "Key: <my_apikey>" <ip>\n[Init]\nmy_apikey = 0123456789abcdef\n',
  'jail.conf':
    '[DEFAULT]\nbantime = 1h\n[one]\nenabled = true\nfilter = f\naction = act[foo=bar, x="1,2"]\n  key\nignoreip = 127.0.0.1/8 ::1, 10.0.0.0/8\n' +
    'ignoreself = no\nfindtime = 2h\nmaxretry = 7\nbackend = systemd\n[two]\nenabled = true\nfilter = nosuch\n',
};

// Lines of `fail2ban-client -d` (1.1.0) over the same files, but for the key.
const EXPECTED = [
  `['set', 'syslogsocket', 'auto']`,
  `['set', 'loglevel', 'DEBUG']`,
  `['set', 'logtarget', '/var/log/fail2ban.log']`,
  `['set', 'allowipv6', 'auto']`,
  `['set', 'dbfile', '/var/lib/fail2ban/fail2ban.sqlite3']`,
  `['set', 'dbpurgeage', '1d']`,
  `['add', 'one', 'systemd']`,
  `['set', 'one', 'maxlines', 3]`,
  `['set', 'one', 'addignoreregex', '^i']`,
  `['multi-set', 'one', 'addfailregex', ['^a <HOST> "x" \\'y\\'$', '^b\\\\t<HOST>$']]`,
  `['set', 'one', 'datepattern', '^Y\\n{^LN-BEG}']`,
  `['set', 'one', 'addjournalmatch', '_COMM=x', '_PID=1', '+', '_COMM=y']`,
  `['set', 'one', 'addjournalmatch', '_COMM=z']`,
  `['set', 'one', 'maxretry', 7]`,
  `['set', 'one', 'findtime', '2h']`,
  `['set', 'one', 'bantime', '1h']`,
  `['set', 'one', 'ignoreself', False]`,
  `['set', 'one', 'addignoreip', '127.0.0.1/8', '::1', '10.0.0.0/8']`,
  `['set', 'one', 'addaction', 'act']`,
  `['multi-set', 'one', 'action', 'act', [['actionstart', 'echo start one <blah> <br>'], ['actionban', 'echo <ip> "<foo>" act default\\nline2'], ['actionunban', 'x'], ['norestored', True], ['foo', 'bar'], ['x', '1,2'], ['name', 'one'], ['actname', 'act'], ['foo?family=inet6', 'six']]]`,
  `['set', 'one', 'addaction', 'key']`,
  `['multi-set', 'one', 'action', 'key', [['actionban', 'curl -H "Key: …cdef" <ip>'], ['name', 'one'], ['actname', 'key'], ['my_apikey', '…cdef']]]`,
  `['config-error', "Jail 'two' skipped, because of wrong configuration: Unable to read the filter 'nosuch'"]`,
  `['start', 'one']`,
];

test('the dump as Fail2Ban has its lines in its order', (context) => {
  const configDirectory = folderWith(context, FILES);
  const configuration = loadConfiguration({ configDirectory, asFail2ban: true });
  assert.deepEqual(dumpConfiguration(configuration, 'fail2ban').trimEnd().split('\n'), EXPECTED);
});

test('no dump shows a key', (context) => {
  const configDirectory = folderWith(context, FILES);
  for (const form of ['fail2ban', 'native'] as const) {
    const text = dumpConfiguration(
      loadConfiguration({ configDirectory, asFail2ban: form === 'fail2ban' }),
      form,
    );
    assert.doesNotMatch(text, /0123456789ab/);
    assert.match(text, /…cdef/);
  }
});

test('a short secret shows nothing of itself', () => {
  assert.equal(hiddenSecret('abc'), '…');
  assert.equal(hiddenSecret(''), '');
});

test('the native dump is JSON with its journal matches readable', (context) => {
  const configDirectory = folderWith(context, FILES);
  const configuration = loadConfiguration({ configDirectory, asFail2ban: true });
  const read: unknown = JSON.parse(dumpConfiguration(configuration, 'native'));
  assert.match(JSON.stringify(read), /"journalMatch":"_COMM=x _PID=1 \+ _COMM=y \+ _COMM=z"/);
});

test('values are written as Python writes them', () => {
  assert.equal(
    pythonRepr(["a'b", 'a"b', 'a\'"b', 'é', '\u001b\u200b\u{1f600}', '\\ \t', true, 3, []]),
    `["a'b", 'a"b', 'a\\'"b', 'é', '\\x1b\\u200b😀', '\\\\ \\t', True, 3, []]`,
  );
});
