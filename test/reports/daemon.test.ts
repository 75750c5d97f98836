import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Daemon, until } from '../daemon/daemon-process.js';
import { kernelHolds } from '../daemon/kernel-holds.js';
import { ENFORCE, KEY, reportingHost } from './reporting-daemon.js';

test('a daemon killed before the answer came reports once, and the key is nowhere to be seen', async (t) => {
  const { host, fails, accepted, fault } = await reportingHost(t);
  fault('accepted-hang');
  const first = await new Daemon(t, host, ENFORCE).ready();
  fails('198.51.100.7');
  await until('the report', () => accepted().length === 1);
  // The firewall did not wait for it.
  await kernelHolds(host, 'j-4-32', ['198.51.100.7']);
  const waiting = await first.command('explain', '198.51.100.7');
  assert.match(waiting.out, /report sent, no answer yet; said: a network service: 1 hostile attempt/);
  const shown = [
    readFileSync(`/proc/${first.pid}/cmdline`, 'utf8'),
    readFileSync(`/proc/${first.pid}/environ`, 'utf8'),
    (await first.command('config', 'dump', '--config', join(host.folder, 'config'))).out,
    (await first.command('status', 'j', '--json')).out,
    (await first.command('reports', '--json')).out,
    (await first.command('client', 'get', 'j', 'action', 'abuseipdb', 'abuseipdb_apikey')).out,
  ];
  await first.end('SIGKILL');
  fault('');

  const second = await new Daemon(t, host, ENFORCE).ready();
  const { entries } = await second.until(
    { verb: 'reports' },
    (told) => (told.counters['accepted'] ?? 0) === 1,
  );
  assert.match(entries[0]?.answer ?? '', /it had arrived, only its answer was lost/);
  assert.equal(accepted().length, 1);
  assert.match((await second.command('explain', '198.51.100.7')).out, /report accepted: .*it had arrived/);
  assert.match(
    (await second.command('status', 'j')).out,
    /abuseipdb.*999 of 1000 left today|abuseipdb.*998 of 1000 left today/,
  );
  assert.equal(await second.end(), 0);
  for (const name of readdirSync(join(host.folder, 'state')))
    shown.push(readFileSync(join(host.folder, 'state', name), 'latin1'));
  for (const text of [...shown, first.log, second.log, first.out, second.out])
    assert.ok(!text.includes(KEY), 'the key is shown');
});

test('a daemon that ends while AbuseIPDB hangs ends at once, and a ban by hand is not reported', async (t) => {
  const { host, fails, accepted, fault } = await reportingHost(t);
  fault('accepted-hang');
  const daemon = await new Daemon(t, host, ENFORCE).ready();
  await daemon.command('ban', 'j', '198.51.100.8');
  fails('198.51.100.9');
  await until('the report', () => accepted().length === 1);
  assert.equal(await daemon.end(), 0);
  assert.match(accepted()[0] ?? '', /198\.51\.100\.9/);
});

test('a daemon that observes tells that nothing is reported, and reports nothing', async (t) => {
  const { host, fails, accepted } = await reportingHost(t);
  const daemon = await new Daemon(t, host).ready();
  fails('198.51.100.9');
  await daemon.says('[j] Ban 198.51.100.9');
  assert.match((await daemon.command('status', 'j')).out, /abuseipdb.*off: observing: nothing is reported/);
  const told = await daemon.ask({ verb: 'reports' });
  assert.deepEqual([told.state, told.entries.length, accepted().length], ['off', 0, 0]);
  await daemon.end();
});
