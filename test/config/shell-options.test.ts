import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadAction } from '../../src/config/action-definition.js';
import { loadConfiguration } from '../../src/config/configuration.js';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { dumpConfiguration } from '../../src/config/dump.js';
import { parseCall } from '../../src/config/parameters.js';
import { folderWith } from './folder.js';

function shellOf(context: TestContext, definition: string, call = 'x') {
  const directory = folderWith(context, { 'action.d/x.conf': definition });
  const layers = { shipped: undefined, directory, distribution: new DistributionFiles('/nowhere') };
  const { options, defects } = loadAction(parseCall(call), { jail: 'j', layers, hostname: 'mx.example.org' });
  if (options.shell === undefined) throw new Error('no shell action');
  return { shell: options.shell, defects };
}

test('each family has its own commands, with every tag filled in that no ban decides', (context) => {
  const { shell } = shellOf(
    context,
    '[Definition]\nactionstart = add <set> <family> <kind-<set>> <br>end\nactionban = put <ip> <set> <F-USER> <bantime> <name> <nobody>\nkind-four = A\nkind-six = B\n' +
      '[Init]\nset = four\nbantime = 7\n[Init?family=inet6]\nset = six\n[Definition?family=inet6]\nactionunban = six <ip>\n',
  );
  assert.deepEqual(shell.commands.start, {
    inet4: 'add four inet4 A \nend',
    inet6: 'add six inet6 B \nend',
    any: 'add four <family> A \nend',
  });
  assert.equal(shell.commands.ban.inet6, 'put <ip> six <F-USER> <bantime> j <nobody>');
  assert.deepEqual(shell.commands.unban, { inet4: '', inet6: 'six <ip>', any: '' });
  assert.deepEqual([shell.isByFamily, shell.startsOnDemand], [true, true]);
});

test('an action says when it starts, whether it repairs, for whom it runs and how long its commands may take', (context) => {
  const plain = shellOf(context, '[Definition]\nactionban = x\n').shell;
  const { definition, isByFamily, startsOnDemand, repairsOnUnban, runsRestored, timeoutSeconds } = plain;
  assert.deepEqual(
    { definition, isByFamily, startsOnDemand, repairsOnUnban, runsRestored, timeoutSeconds },
    { definition: 'x', isByFamily: false, startsOnDemand: false, repairsOnUnban: false, runsRestored: true, timeoutSeconds: 60 },
  ); // prettier-ignore
  const told = shellOf(
    context,
    '[Definition]\nnorestored = 1\nactionstart_on_demand = true\nactionrepair_on_unban = yes\n[Init]\ntimeout = 10\n',
    'x[timeout=2m]',
  ).shell;
  assert.deepEqual(
    [told.startsOnDemand, told.repairsOnUnban, told.runsRestored, told.timeoutSeconds],
    [true, true, false, 120],
  );
});

test('a value that does not hold is told, and the action runs with the usual one', (context) => {
  const { shell, defects } = shellOf(context, '[Definition]\nnorestored = maybe\n[Init]\ntimeout = 0\n');
  assert.deepEqual([shell.runsRestored, shell.timeoutSeconds], [true, 60]);
  assert.deepEqual(
    defects.map(({ code, where }) => [code, where.option]),
    [['config.boolean', 'x norestored'], ['config.time', 'x timeout']],
  ); // prettier-ignore
});

test('no dump shows a key that stands in a command', (context) => {
  const configDirectory = folderWith(context, {
    'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>$\n',
    'action.d/x.conf':
      '[Definition]\nactionban = curl -H "<x_apikey>" <ip>\n[Init]\nx_apikey = 0123456789abcdef\n',
    'jail.conf': '[j]\nenabled = true\nfilter = f\naction = x\nlogpath = /dev/null\n',
  });
  const text = dumpConfiguration(loadConfiguration({ configDirectory, asFail2ban: true }), 'native');
  assert.match(text, /curl/);
  assert.doesNotMatch(text, /0123456789ab/);
});
