/**
 * Which files `fail2ban-regex` reads: Fail2Ban's alone, or Bailiff's with what is shipped below them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type NamedCall, type RegexCall, readRegexCall } from '../../src/config/regex-call.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderWith, SMALL_FILTER } from '../config/folder.js';

const JAIL = '[sshd]\nenabled = true\n';

test('after a take-over the shipped filters are found, and the admin’s before them', (context) => {
  const root = folderWith(context, {
    'bailiff/jail.local': JAIL,
    'bailiff/filter.d/dovecot.conf': SMALL_FILTER,
    'fail2ban/jail.local': JAIL,
    'fail2ban/filter.d/mine.conf': SMALL_FILTER,
  });
  const found: NamedCall[] = [];
  const read = (text: string, etcBailiff: string): RegexCall | undefined =>
    readRegexCall(text, {
      configDirectory: undefined,
      logtype: 'file',
      environment: { etcBailiff, etcFail2ban: join(root, 'fail2ban') },
      found: (call) => void found.push(call),
    });
  const own = join(root, 'bailiff');
  assert.ok((read('sshd', own)?.options.failregex.length ?? 0) > 3);
  assert.ok((read('rspamd', own)?.options.failregex.length ?? 0) > 0);
  assert.deepEqual(read('filter.d/dovecot.conf', own)?.options.failregex, ['^bad <HOST>$']);
  assert.equal(found.at(0)?.kind, 'jail');
  assert.equal(found.at(-1)?.directory, own);
  assert.equal(read('recidive.conf', own)?.options.name, 'recidive');
  assert.equal(found.at(-1)?.directory, join(packageRoot, 'config'));
  const nowhere = join(root, 'nowhere');
  assert.equal(read('rspamd', nowhere), undefined);
  assert.deepEqual(read('mine', nowhere)?.options.failregex, ['^bad <HOST>$']);
  assert.throws(() => read('sshd', nowhere), /there is no filter `sshd`/);
});
