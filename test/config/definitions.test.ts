import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadAction } from '../../src/config/action-definition.js';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter, readFilter } from '../../src/config/filter-definition.js';
import { type ConfigLayers, readLayers } from '../../src/config/layers.js';
import { parseCall } from '../../src/config/parameters.js';
import { folderWith } from './folder.js';

type Files = Readonly<Record<string, string>>;

/** A shipped folder and a directory over it; `packaged` are files that dpkg knows. */
function layersOf(
  context: TestContext,
  shipped: Files,
  directory: Files,
  packaged: Files = {},
): ConfigLayers {
  const sums = Object.entries(packaged).map(
    ([name, text]) => ` /etc/fail2ban/${name} ${createHash('md5').update(text).digest('hex')}`,
  );
  const dpkg = folderWith(context, { status: `Package: fail2ban\nConffiles:\n${sums.join('\n')}\n` });
  return {
    shipped: folderWith(context, { ...shipped, README: '' }),
    directory: folderWith(context, { ...packaged, ...directory, README: '' }),
    distribution: new DistributionFiles(dpkg),
  };
}

function action(layers: ConfigLayers, text: string) {
  return loadAction(parseCall(text), { jail: 'j', layers, hostname: 'mx.example.org' }).options;
}

test('the layers are read in their order', (context) => {
  const layers = layersOf(
    context,
    { 'jail.conf': '[s]\na = shipped\nb = shipped\nc = shipped\nd = shipped\ne = shipped\nf = shipped\n' },
    {
      'jail.conf': '[s]\nb = conf\nc = conf\nd = conf\ne = conf\nf = conf\n',
      'jail.d/2.conf': '[s]\nc = 2\nd = 2\n',
      'jail.d/1.conf': '[s]\nc = 1\nd = 1\ne = 1\nf = 1\n',
      'jail.local': '[s]\nd = local\ne = local\n',
      'jail.d/1.local': '[s]\ne = last\n',
    },
  );
  const sections = readLayers(layers, 'jail');
  const values = ['a', 'b', 'c', 'd', 'e', 'f'].map((option) => sections.own('s', option)?.value);
  assert.deepEqual(values, ['shipped', 'conf', '2', 'local', 'last', '1']);
});

test('includes come before and after, each with its .local, and a circle ends', (context) => {
  const layers = layersOf(
    context,
    {},
    {
      'filter.d/x.conf':
        '[INCLUDES]\nbefore = common.conf\n  missing.conf\nafter = x-after.local\n[Definition]\na = x\nb = x\nc = x\n',
      'filter.d/common.conf':
        '[INCLUDES]\nbefore = x.conf\n[Definition]\na = common\nd = common\ne = common\n',
      'filter.d/common.local': '[Definition]\ne = local\n',
      'filter.d/x-after.local': '[Definition]\nc = after\n',
    },
  );
  const sections = readLayers(layers, 'filter.d/x');
  const values = ['a', 'b', 'c', 'd', 'e'].map((option) => sections.own('Definition', option)?.value);
  assert.deepEqual(values, ['x', 'x', 'after', 'common', 'local']);
});

test('parameters lie over [Init] over [Definition], in tags and in references', (context) => {
  const layers = layersOf(
    context,
    {},
    {
      'filter.d/x.conf':
        '[Definition]\nmode = def\nkind = def\nfailregex = ^<mode> <kind> %(mode)s <own> <HOST> <known/own>$\n[Init]\nkind = init\nown = init\n',
    },
  );
  assert.deepEqual(loadFilter('x', {}, layers).failregex, ['^def init def init <HOST> init$']);
  assert.deepEqual(loadFilter('x', { mode: 'm', own: 'o' }, layers).failregex, ['^m init m o <HOST> init$']);
});

test('logtype follows what is listened to, unless the filter or the jail says otherwise', (context) => {
  const text =
    '[DEFAULT]\nlogtype = none\n[Definition]\nfailregex = <re-<logtype>>\nre-file = F <HOST>\nre-journal = J <HOST>\n';
  const layers = layersOf(
    context,
    {},
    {
      'filter.d/x.conf': text,
      'filter.d/y.conf': text.replace('[Definition]', '[Definition]\nlogtype = file'),
    },
  );
  const journal = (name: string, parameters = new Map<string, string>()) =>
    readFilter(name, parameters, layers, { logtype: 'journal' }).options;
  assert.deepEqual(journal('x').failregex, ['J <HOST>']);
  assert.deepEqual(journal('y').failregex, ['F <HOST>']);
  assert.deepEqual(journal('x', new Map([['logtype', 'file']])).failregex, ['F <HOST>']);
  assert.deepEqual(loadFilter('x', {}, layers).failregex, ['F <HOST>']);
});

test("a distribution's unmodified file yields to ours, a changed one wins", (context) => {
  const ours = { 'filter.d/x.conf': '[Definition]\nfailregex = ^ours <HOST>\nsuccessregex = ^ok <HOST>\n' };
  const packaged = { 'filter.d/x.conf': '[Definition]\nfailregex = ^theirs <HOST>\n' };
  const changed = { 'filter.d/x.conf': '[Definition]\nfailregex = ^changed <HOST>\n' };
  assert.deepEqual(loadFilter('x', {}, layersOf(context, ours, {}, packaged)).failregex, ['^ours <HOST>']);
  const own = loadFilter('x', {}, layersOf(context, ours, changed, packaged));
  assert.deepEqual([own.failregex, own.successregex], [['^changed <HOST>'], []]);
  const bare = { ...layersOf(context, ours, {}, packaged), shipped: undefined };
  assert.deepEqual(loadFilter('x', {}, bare).failregex, ['^theirs <HOST>']);
});

test('a .local extends ours', (context) => {
  const ours = { 'filter.d/x.conf': '[Definition]\nfailregex = ^ours <HOST>\n' };
  const local = { 'filter.d/x.local': '[Definition]\nfailregex = %(known/failregex)s\n    ^more <HOST>\n' };
  assert.deepEqual(loadFilter('x', {}, layersOf(context, ours, local)).failregex, [
    '^ours <HOST>',
    '^more <HOST>',
  ]);
});

const OURS = {
  'action.d/report.conf': '[Definition]\nnative = report\n[Init]\nreport_apikey =\ncategory = 18\n',
};

test('a change of parameters alone is taken over into our native action', (context) => {
  for (const theirs of [
    { 'action.d/report.conf': '[Definition]\nreport_apikey = KEY\ncategory = 21\n' },
    { 'action.d/report.local': '[Init]\nreport_apikey = KEY\ncategory = 21\n' },
    { 'action.d/report.local': '[Definition]\nreport_apikey = KEY\ncategory = 21\n' },
  ]) {
    const { native, parameters } = action(layersOf(context, OURS, theirs), 'report');
    assert.deepEqual([native, parameters['report_apikey'], parameters['category']], ['report', 'KEY', '21']);
  }
});

test("commands of the admin's own are run in place of our native action", (context) => {
  const theirs = { 'action.d/report.conf': '[Definition]\nactionban = curl <ip> <key>\n[Init]\nkey = K\n' };
  const whole = action(layersOf(context, OURS, theirs), 'report');
  assert.equal(whole.native, undefined);
  assert.equal(whole.parameters['actionban'], 'curl <ip> K');
  const local = { 'action.d/report.local': '[Definition]\nactionban = curl <ip>\n' };
  assert.equal(action(layersOf(context, OURS, local), 'report').native, undefined);
});

test('a shell action keeps its commands with what is known filled in, and what a ban knows left', (context) => {
  const layers = layersOf(
    context,
    {},
    {
      'action.d/x.conf':
        '[Definition]\nactionban = run <name> <actname> <ip> <port> <set> <known/port> <fq-hostname><br>\n' +
        '[Init]\nport = 1\nset = four\n[Init?family=inet6]\nset = six\n',
    },
  );
  const { name, native, parameters } = action(layers, 'x[port=2, actname=y]');
  assert.deepEqual([name, native], ['y', undefined]);
  assert.equal(parameters['actionban'], 'run j y <ip> 2 <set> 1 mx.example.org\n');
  assert.equal(parameters['set?family=inet6'], 'six');
});

test("an action is named by actname, else by its file and what its name adds to the jail's", (context) => {
  const layers = layersOf(context, {}, { 'action.d/x.conf': '[Definition]\nactionban = x\n' });
  const names = ['x', 'x[actname=y, name=z]', 'x[name=j]', 'x[name=j-tcp]', 'x[name=other]'];
  assert.deepEqual(
    names.map((text) => action(layers, text).name),
    ['x', 'y', 'x', 'x-tcp', 'x-other'],
  );
});

test('smtp.py is done natively, with the host filled in', (context) => {
  const { native, parameters } = action(layersOf(context, {}, {}), 'smtp.py[sender="root@<fq-hostname>"]');
  assert.deepEqual([native, parameters['sender']], ['smtp', 'root@mx.example.org']);
});

test('every shipped action is read, and each is native', () => {
  const layers = {
    shipped: join(import.meta.dirname, '../../../config'),
    directory: '/nonexistent',
    distribution: new DistributionFiles('/nonexistent'),
  };
  for (const name of [
    'nftables',
    'nftables-multiport',
    'nftables-allports',
    'iptables',
    'iptables-multiport',
    'iptables-allports',
    'ufw',
    'sendmail',
    'sendmail-whois',
    'sendmail-whois-lines',
    'mail',
    'mail-whois',
    'mail-whois-lines',
    'smtp.py',
    'abuseipdb',
  ])
    assert.ok(action(layers, `${name}[port="25"]`).native, name);
});
