import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import { ForeignExpressions } from '../../src/daemon/hearing/foreign-expressions.js';
import { checkFilter } from '../../src/jail/check-filter.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderWith } from '../config/folder.js';

const written = (configDirectory: string) =>
  loadConfiguration({ configDirectory, asFail2ban: false, checkFilter }).written;

test("the mail policy's jails run expressions that are all ours", () => {
  const jails = written(join(packageRoot, 'config', 'policy'));
  assert.ok(jails.length > 5);
  assert.ok(!new ForeignExpressions(jails).any);
});

test('a filter of the admin, one changed by the admin and an expression in a jail are foreign; a journalmatch is not', (t) => {
  const sshd = '[sshd]\nenabled = true\n';
  const foreign = (files: Readonly<Record<string, string>>): boolean =>
    new ForeignExpressions(written(folderWith(t, files))).any;
  assert.ok(!foreign({ 'jail.local': sshd }));
  assert.ok(!foreign({ 'jail.local': `${sshd}journalmatch = _SYSTEMD_UNIT=sshd.service\n` }));
  assert.ok(foreign({ 'jail.local': `${sshd}failregex = ^bad <HOST>$\n` }));
  assert.ok(
    foreign({ 'jail.local': sshd, 'filter.d/sshd.local': '[Definition]\nfailregex = ^bad <HOST>$\n' }),
  );
  const own = '[own]\nenabled = true\nlogpath = /var/log/own.log\n';
  assert.ok(foreign({ 'jail.local': own, 'filter.d/own.conf': '[Definition]\nfailregex = ^bad <HOST>$\n' }));
});

test('a jail that is ours again after a reload needs no spare worker any more', (t) => {
  const sshd = '[sshd]\nenabled = true\n';
  const expressions = new ForeignExpressions(
    written(folderWith(t, { 'jail.local': `${sshd}failregex = ^bad <HOST>$\n` })),
  );
  assert.ok(expressions.any);
  expressions.take(written(folderWith(t, { 'jail.local': sshd })));
  assert.ok(!expressions.any);
});
