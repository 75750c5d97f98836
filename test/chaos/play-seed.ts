/**
 * One seed from beginning to end: a host of its own, an attack, faults at moments that the seed gives, and the model
 * compared with the kernel, the store and what the shell action did.
 * Gives what was found wrong, by kind; nothing = the seed holds.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kernelSet } from '../action/kernel-set.js';
import { Undone } from '../daemon/afterwards.js';
import { until } from '../daemon/daemon-process.js';
import { rowsOf } from '../daemon/kept-rows.js';
import { PrivateHost } from '../daemon/private-host.js';
import { seededRandom } from '../daemon/seeded-random.js';
import { wholeLines } from '../daemon/whole-lines.js';
import { Attack } from './attack.js';
import { journald, remoteJournal } from './chaos-journal.js';
import { daemonOf, FAULTS, type Scene, STATE_SIZE, startDaemon } from './faults.js';
import { type Expected, expect, MAXRETRY, RECIDIVE_MAXRETRY } from './model.js';

export type Wrong = 'ban lost' | 'failure lost' | 'failure counted twice' | 'ban doubled' | 'effect doubled' | 'stray element' | 'stuck'; // prettier-ignore

export interface Finding {
  readonly kind: Wrong;
  readonly text: string;
}

export interface Played {
  readonly seed: number;
  /** The faults in their order. */
  readonly faults: readonly string[];
  readonly findings: readonly Finding[];
  /** What the daemons said, where something was found. */
  readonly log: string;
}

const FIRST = '198.51.100.249';
const MARKER = '198.51.100.250';
/** How long the kernel may take to be as it should once everything was read. */
const PATIENCE_MS = 10_000;
/** So many of the seeds have a journald of their own; the others a journal that any user may write. */
const JOURNALD_SHARE = 0.25;
const isRoot = process.getuid?.() === 0;

/** `given`: these faults in place of those that the seed chooses. */
export async function playSeed(seed: number, given: readonly string[] = []): Promise<Played> {
  const random = seededRandom(seed);
  const t = new Undone();
  const faults: string[] = [];
  const daemons: Scene['daemons'] = [];
  const findings: Finding[] = [];
  try {
    const scene = await openScene(t, random, daemons);
    startDaemon(scene);
    await firstHeard(scene);
    const chosen = chosenFaults(random);
    for (const name of given.length > 0 ? given : chosen) {
      scene.attack.go(10 + Math.floor(random() * 40));
      await sleep(random() * 30);
      faults.push(name);
      await FAULTS[name]?.(scene);
    }
    while (scene.attack.left > 0) {
      scene.attack.go(1 + Math.floor(random() * 60));
      await sleep(random() * 4);
    }
    await allHeard(scene);
    findings.push(...(await compare(scene)));
  } catch (error) {
    findings.push({
      kind: 'stuck',
      text: error instanceof Error ? error.message.slice(0, 300) : String(error),
    });
  } finally {
    await t.undo();
  }
  const log = findings.length === 0 ? '' : daemons.map((each) => each.log).join('--- next daemon ---\n');
  return { seed, faults, findings, log };
}

/** One to three, and a kill among them. */
function chosenFaults(random: () => number): readonly string[] {
  const names = Object.keys(FAULTS);
  const pick = (): string => names[Math.floor(random() * names.length)] ?? 'kill';
  const chosen = Array.from({ length: Math.floor(random() * 3) }, pick);
  chosen.splice(Math.floor(random() * (chosen.length + 1)), 0, 'kill');
  return chosen;
}

async function openScene(t: Undone, random: () => number, daemons: Scene['daemons']): Promise<Scene> {
  const host = await PrivateHost.open(t);
  const state = join(host.folder, 'state');
  mkdirSync(state);
  host.run('mount', '-t', 'tmpfs', '-o', `size=${STATE_SIZE}`, 'tmpfs', state);
  const journal = random() < JOURNALD_SHARE && isRoot ? await journald(t, host) : remoteJournal(host);
  const attack = new Attack(host, journal, random);
  host.configure('[Definition]\nfailregex = guess(?!z): (?:a+)+b from <HOST>$\n', 'filter.d/runaway.conf');
  host.configure(
    `[Definition]\nnorestored = 1\nactionban = echo "<name> <ip>" >> ${host.folder}/effects\n`,
    'action.d/record.conf',
  );
  const configure: Scene['configure'] = ({ late, bantime }) =>
    void host.configure(
      `[DEFAULT]\nmaxretry = ${MAXRETRY}\nfindtime = 1h\nbantime = ${bantime}\naction = %(action_)s\n    record\n` +
        `[sshd]\nenabled = true\nbackend = systemd\n` +
        `[filed]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${attack.log}\n` +
        (late ? `[late]\nenabled = true\nfilter = sshd\nbackend = systemd\n` : '') +
        `[runaway]\nenabled = true\nbackend = systemd\njournalmatch = SYSLOG_IDENTIFIER=app\n` +
        `[recidive]\nenabled = true\nmaxretry = ${RECIDIVE_MAXRETRY}\nbantime = 1d\n`,
    );
  configure({ late: false, bantime: '1h' });
  return { t, host, attack, random, daemons, byHand: [], configure, isLate: false };
}

/** A first start has no place to come back to: it looks back at the journal and the log, not at what was rotated before. */
async function firstHeard({ attack, daemons }: Scene): Promise<void> {
  attack.write({ way: 'journal', address: FIRST }, { way: 'file', address: FIRST });
  for (const jail of ['sshd', 'filed']) await daemons[0]?.says(`[${jail}] Found ${FIRST}`);
}

/** Once the last lines of both ways have led to a ban everything before them was heard. */
async function allHeard(scene: Scene): Promise<void> {
  const { attack } = scene;
  for (let count = 0; count < MAXRETRY; count += 1)
    attack.write({ way: 'journal', address: MARKER }, { way: 'file', address: MARKER });
  for (const jail of jailsOf(scene)) await daemonOf(scene).says(`[${jail}] Ban ${MARKER}`);
}

function jailsOf({ isLate }: Scene): readonly string[] {
  return isLate ? ['sshd', 'filed', 'late'] : ['sshd', 'filed'];
}

async function compare(scene: Scene): Promise<readonly Finding[]> {
  const expected = expect(scene.attack.written, scene.byHand, jailsOf(scene));
  const findings: Finding[] = [];
  for (const [jail, { banned }] of expected) findings.push(...(await compareKernel(scene, jail, banned)));
  await daemonOf(scene).end();
  // The state is on a file system of the host's own, and SQLite follows no link into it.
  scene.host.run('cp', '-r', join(scene.host.folder, 'state'), join(scene.host.folder, 'kept'));
  for (const [jail, each] of expected) findings.push(...compareStore(scene, jail, each));
  return [...findings, ...compareEffects(scene)];
}

async function compareKernel(
  { host }: Scene,
  jail: string,
  banned: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const held = (): readonly string[] => [
    ...kernelSet(host, `${jail}-4-32`).keys(),
    ...[...kernelSet(host, `${jail}-6-64`).keys()].map((base) => `${base}/64`),
  ];
  const wanted = [...banned].sort().join();
  const isSo = (): boolean => [...held()].sort().join() === wanted;
  await until('the kernel', isSo, PATIENCE_MS).catch(() => undefined);
  const now = held();
  return [
    ...[...banned].filter((target) => !now.includes(target)).map((target) => found('ban lost', jail, target)),
    ...now.filter((target) => !banned.has(target)).map((target) => found('stray element', jail, target)),
  ];
}

function compareStore({ host }: Scene, jail: string, { counted, banned }: Expected): readonly Finding[] {
  const numbers = (sql: string): Map<string, number> =>
    new Map(rowsOf(join(host.folder, 'kept'), sql).map((row) => [String(row['target']), Number(row['n'])]));
  const failures = numbers(
    `SELECT target, count(*) AS n FROM failure WHERE jail = '${jail}' GROUP BY target`,
  );
  const bans = numbers(`SELECT target, count(*) AS n FROM ban WHERE jail = '${jail}' GROUP BY target`);
  const findings: Finding[] = [];
  for (const target of new Set([...counted.keys(), ...failures.keys()])) {
    const [is, should] = [failures.get(target) ?? 0, counted.get(target) ?? 0];
    if (is > should) findings.push(found('failure counted twice', jail, `${target}: ${is}, not ${should}`));
    if (is < should) findings.push(found('failure lost', jail, `${target}: ${is}, not ${should}`));
  }
  for (const [target, count] of bans)
    if (count > 1 || !banned.has(target)) findings.push(found('ban doubled', jail, `${target}: ${count}`));
  for (const target of banned)
    if (!bans.has(target)) findings.push(found('ban lost', jail, `${target}: not in the store`));
  return findings;
}

/** What the shell action did for each ban: once, or not at all where the daemon was killed before. */
function compareEffects({ host }: Scene): readonly Finding[] {
  const path = join(host.folder, 'effects');
  const lines = wholeLines(path);
  const twice = lines.filter((line, index) => lines.indexOf(line) !== index);
  return [...new Set(twice)].map((line) => ({ kind: 'effect doubled', text: line }));
}

function found(kind: Wrong, jail: string, text: string): Finding {
  return { kind, text: `${jail}: ${text}` };
}
