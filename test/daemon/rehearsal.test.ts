import assert from 'node:assert/strict';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Daemon, until } from './daemon-process.js';
import { PrivateHost } from './private-host.js';

/** A daemon on a host without any configuration of its own. */
async function rehearse(t: TestContext): Promise<{ readonly host: PrivateHost; readonly daemon: Daemon }> {
  const host = await PrivateHost.open(t);
  host.run(
    'sh',
    '-c',
    'for d in /etc/bailiff /etc/fail2ban; do [ ! -d $d ] || mount -t tmpfs tmpfs $d; done',
  );
  return { host, daemon: await new Daemon(t, host, { config: null }).ready() };
}

test('where nothing is to be guarded the recording is played, bans appear, and nothing is left behind', async (t) => {
  const { host, daemon } = await rehearse(t);
  await daemon.says('rehearsing');
  const report = await daemon.ask({ verb: 'status' });
  assert.equal(report.mode, 'rehearsing');
  const banned = report.jails.reduce((sum, jail) => sum + jail.totalBanned, 0);
  assert.equal(banned, 102);
  assert.equal(host.run('nft', 'list', 'tables'), '', 'the firewall of the host is not touched');
  const inside = childrenOf(daemon.pid);
  assert.ok(inside.length > 0, 'a process holds the private network');
  assert.equal(await daemon.end(), 0);
  for (const pid of inside)
    assert.throws(() => readlinkSync(`/proc/${pid}/ns/net`), `process ${pid} is gone`);
});

test('a rehearsal that is killed leaves no process and no network behind either', async (t) => {
  const { daemon } = await rehearse(t);
  const inside = childrenOf(daemon.pid);
  assert.ok(inside.length > 0);
  await daemon.end('SIGKILL');
  await until('its children to end', () => inside.every((pid) => !existsSync(`/proc/${pid}/ns/net`)));
});

function childrenOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
}
