/**
 * A jail whose expression keeps running away is heard apart, and nobody's lines are lost or counted twice by it: neither
 * when it goes, nor when the daemon dies meanwhile, nor when it comes back.
 */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Daemon } from './daemon-process.js';
import { PrivateHost } from './private-host.js';
import { seededRandom } from './seeded-random.js';

/** The lookahead keeps the engine that would end in linear time away. */
const RUNAWAY = 'guess(?!z): (?:a+)+b from <HOST>$';
const APART =
  /degraded: failregex 0 of filter admins does not end on some lines, \d+ passed over; heard apart/;

class Scene {
  readonly host: PrivateHost;
  readonly log: string;
  #count = 1;

  constructor(host: PrivateHost) {
    this.host = host;
    this.log = join(host.folder, 'shared.log');
    writeFileSync(this.log, '');
    this.admins(RUNAWAY);
    host.configure('[Definition]\nfailregex = guess: a+b from <HOST>$\n', 'filter.d/sound.conf');
    const filed = `enabled = true\nbackend = polling\nlogpath = ${this.log}\n`;
    const journaled = 'enabled = true\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=app.service\n';
    host.configure(
      `[DEFAULT]\nmaxretry = 1000\n[sshd]\nenabled = false\n[hit]\nfilter = admins\n${filed}[sound]\n${filed}` +
        `[hit-journal]\nfilter = admins\n${journaled}[sound-journal]\nfilter = sound\n${journaled}`,
    );
  }

  static async open(t: TestContext): Promise<Scene> {
    return new Scene(await PrivateHost.open(t));
  }

  admins(failregex: string): void {
    this.host.configure(`[Definition]\nfailregex = ${failregex}\n`, 'filter.d/admins.conf');
  }

  say(text: string): void {
    this.#count += 1;
    const own = { _SYSTEMD_UNIT: 'app.service', SYSLOG_IDENTIFIER: 'app', _PID: String(this.#count) };
    this.host.journal({ ...own, MESSAGE: text });
    const time = new Date().toISOString().slice(0, 19);
    appendFileSync(this.log, `${time}+00:00 mx app[${this.#count}]: ${text}\n`);
  }

  rotate(): void {
    renameSync(this.log, `${this.log}.1`);
    writeFileSync(this.log, '');
  }

  good(address: string): void {
    this.say(`guess: aab from ${address}`);
  }

  /** The daemon, once no jail over the file is deaf: a deaf one hears the journal as well, and tells what it found there. */
  async begin(t: TestContext): Promise<Daemon> {
    const daemon = await new Daemon(t, this.host).ready();
    const time = new Date().toISOString().slice(0, 19);
    appendFileSync(this.log, `${time}+00:00 mx app[1]: guess: aab from 192.0.2.50\n`);
    for (const jail of ['hit', 'sound']) await daemon.says(`[${jail}] Found 192.0.2.50`);
    return daemon;
  }

  hostile(lines = 1): void {
    for (let line = 0; line < lines; line += 1) this.say(`guess: ${'a'.repeat(60)}c b from 192.0.2.66`);
  }
}

const JAILS = ['hit', 'hit-journal', 'sound', 'sound-journal'] as const;

async function allFound(daemon: Daemon, address: string): Promise<void> {
  for (const jail of JAILS) await daemon.says(`[${jail}] Found ${address}`);
}

/** Every address was found as often in every jail, over all logs. */
function counted(logs: string, times: Readonly<Record<string, number>>): void {
  for (const jail of JAILS)
    for (const [address, count] of Object.entries(times))
      assert.equal(logs.split(`[${jail}] Found ${address} `).length - 1, count, `${address} in [${jail}]`);
}

async function bothApart(daemon: Daemon): Promise<void> {
  for (const jail of ['hit', 'hit-journal'])
    await daemon.until({ verb: 'jail', jail }, ({ hears }) => APART.test(hears.text));
}

test('a jail with a runaway expression is heard apart, the expression named, and every line counts once', async (t) => {
  const scene = await Scene.open(t);
  const daemon = await scene.begin(t);
  for (let round = 0; round < 5; round += 1) {
    scene.good('192.0.2.51');
    scene.hostile();
    scene.good('192.0.2.52');
  }
  scene.good('192.0.2.53');
  await allFound(daemon, '192.0.2.53');
  await bothApart(daemon);
  scene.hostile(120);
  scene.good('192.0.2.54');
  await allFound(daemon, '192.0.2.54');
  counted(daemon.log, { '192.0.2.51': 5, '192.0.2.52': 5, '192.0.2.53': 1, '192.0.2.54': 1 });
  const status = await daemon.ask({ verb: 'status' });
  assert.equal(status.counters['passedOverLines'], 2 * 125);
  const restarts = status.counters['workerRestarts'] ?? 0;
  assert.ok(restarts >= 2 && restarts < 10, `${restarts} workers died: later lines are given up in time`);
  for (const { name, hears } of status.jails)
    assert.equal(hears.state, name.startsWith('hit') ? 'failing' : 'hearing', `${name}: ${hears.text}`);
  assert.ok(status.sources.some(({ id }) => id === `[hit] file:${scene.log}`));
  assert.ok(status.sources.some(({ id }) => id === '[hit-journal] journal'));
  assert.match(daemon.log, /ERROR .*hit: It is degraded: failregex 0 of filter admins/);
  assert.ok(daemon.log.includes(`passed over in [hit]: ${RUNAWAY}`), 'the log holds the expression itself');
  assert.ok(daemon.log.split('did not end on a line').length < 15, 'an attacker does not fill the log');
  assert.doesNotMatch(daemon.log, /192\.0\.2\.66/);
});

test('a daemon that is killed with jails apart hears them apart again, and every line counts once', async (t) => {
  const scene = await Scene.open(t);
  const first = await scene.begin(t);
  scene.good('192.0.2.51');
  scene.hostile(4);
  scene.good('192.0.2.52');
  await allFound(first, '192.0.2.52');
  await bothApart(first);
  scene.good('192.0.2.51');
  scene.hostile(40);
  for (let index = 0; index < 20; index += 1) scene.good('192.0.2.53');
  await first.end('SIGKILL');
  const second = await new Daemon(t, scene.host).ready();
  scene.good('192.0.2.54');
  await allFound(second, '192.0.2.54');
  const { evidence } = await second.ask({ verb: 'explain', address: '192.0.2.53' });
  for (const jail of JAILS) {
    // Over the file there is the one of the beginning too.
    const addresses = jail.endsWith('-journal') ? 4 : 5;
    assert.equal(evidence.filter((each) => each.jail === jail).length, 20, `192.0.2.53 in [${jail}]`);
    assert.equal((await second.ask({ verb: 'jail', jail })).currentlyFailed, addresses, jail);
  }
  const status = await second.ask({ verb: 'status' });
  for (const { name, hears } of status.jails)
    if (name.startsWith('hit')) assert.match(hears.text, /heard apart/);
});

test('a jail whose expression is mended is heard with the others again, and every line counts once', async (t) => {
  const scene = await Scene.open(t);
  const daemon = await scene.begin(t);
  scene.good('192.0.2.51');
  scene.hostile(4);
  await bothApart(daemon);
  scene.hostile(100);
  for (let index = 0; index < 5; index += 1) scene.good('192.0.2.52');
  scene.admins('guess(?!z): a+b from <HOST>$');
  assert.equal((await daemon.command('client', 'reload')).status, 0);
  for (let index = 0; index < 5; index += 1) scene.good('192.0.2.52');
  for (const jail of ['hit', 'hit-journal']) {
    scene.good('192.0.2.53');
    await daemon.says(`${jail}: It is heard with the other jails again.`);
  }
  scene.good('192.0.2.54');
  await allFound(daemon, '192.0.2.54');
  counted(daemon.log, { '192.0.2.51': 1, '192.0.2.52': 10, '192.0.2.53': 2, '192.0.2.54': 1 });
  const status = await daemon.ask({ verb: 'status' });
  for (const { name, hears } of status.jails) assert.equal(hears.state, 'hearing', `${name}: ${hears.text}`);
  assert.ok(!status.notices.some(({ text }) => text.startsWith('It is degraded')));
});

test('killed again and again while a jail goes apart and comes back, the log rotated meanwhile: every line counts once', async (t) => {
  const scene = await Scene.open(t);
  const random = seededRandom(3);
  const times: Record<string, number> = {};
  let daemon = await scene.begin(t);
  for (let round = 0; round < 6; round += 1) {
    const [many, one] = [`192.0.2.${100 + round}`, `192.0.2.${200 + round}`];
    if (round === 2) scene.rotate();
    // Mended in the middle, and broken again towards the end.
    if (round === 3 || round === 4) {
      scene.admins(round === 3 ? 'guess(?!z): a+b from <HOST>$' : RUNAWAY);
      assert.equal((await daemon.command('client', 'reload')).status, 0);
    }
    for (let line = 0; line < 30; line += 1) {
      if (random() < 0.2) scene.hostile();
      else {
        scene.good(many);
        times[many] = (times[many] ?? 0) + 1;
      }
    }
    scene.good(one);
    times[one] = 1;
    const jail = JAILS[Math.floor(random() * JAILS.length)] ?? 'hit';
    await daemon.says(`[${jail}] Found ${random() < 0.5 ? one : many}`);
    await daemon.end('SIGKILL');
    daemon = await new Daemon(t, scene.host).ready();
  }
  scene.good('192.0.2.99');
  await allFound(daemon, '192.0.2.99');
  for (const [address, count] of Object.entries(times)) {
    const { evidence } = await daemon.ask({ verb: 'explain', address });
    for (const jail of JAILS)
      assert.equal(evidence.filter((each) => each.jail === jail).length, count, `${address} in [${jail}]`);
  }
});
