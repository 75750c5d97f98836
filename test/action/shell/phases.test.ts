import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ShellFamily, ShellOptions, ShellPhase } from '../../../src/action/options.js';
import { ShellPhases } from '../../../src/action/shell/phases.js';
import { packageRoot } from '../../../src/lib/package-root.js';
import { fail2banPrograms } from './fail2ban.js';
import { seededRandom } from '../../daemon/seeded-random.js';
import { commandsOf, shellOf } from './shell-options.js';

const ORACLE = join(packageRoot, 'test', 'action', 'shell', 'fail2ban-action.py');
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2'] as const;
const LIKELY: Readonly<Record<ShellPhase, number>> = {
  start: 0.9, stop: 0.9, flush: 0.5, reload: 0.5, check: 0.7, repair: 0.4, ban: 1, prolong: 0.6, reban: 0.4, unban: 0.9,
}; // prettier-ignore
const OF_A_BAN: ReadonlySet<string> = new Set(['ban', 'unban', 'reban', 'prolong']);

type Step = readonly ['start' | 'stop' | 'flush' | 'reload' | 'check'] | readonly ['ban' | 'unban' | 'reban' | 'prolong', string, ShellFamily]; // prettier-ignore

interface Scenario {
  readonly shell: ShellOptions;
  readonly properties: readonly (readonly [string, string | boolean])[];
  readonly steps: readonly Step[];
  readonly outcomes: readonly boolean[];
  /** Start commands never fail: a failed one ends Fail2Ban's check of all families with the first. */
  readonly startsWell: boolean;
}

function pick<T>(random: () => number, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

/**
 * `families`: whether its commands differ between IPv4 and IPv6. Where they do not, Fail2Ban forgets at times that it
 * undid a command (docs/adr/0008-shell-actions.md): then no check fails, and nothing that happens once happens twice.
 */
function scenario(random: () => number, families: boolean): Scenario {
  const texts = Object.fromEntries(
    Object.entries(LIKELY).map(([phase, likely]) => {
      if (random() >= (phase === 'check' && !families ? 0 : likely)) return [phase, ''];
      return [phase, OF_A_BAN.has(phase) ? `${phase} <ip>` : phase + (families ? ' <family>' : '')];
    }),
  );
  const startsOnDemand = random() < 0.3 ? random() < 0.5 : families;
  const repairsOnUnban = random() < 0.4;
  const steps: Step[] = [['start']];
  const once = new Set<string>();
  for (let count = 2 + Math.floor(random() * 8); count > 0; count -= 1) {
    const name = pick(random, [
      'ban',
      'ban',
      'ban',
      'unban',
      'prolong',
      'reban',
      'flush',
      'reload',
      'check',
    ] as const);
    const address = pick(random, ADDRESSES);
    if (name === 'ban' || name === 'unban' || name === 'prolong' || name === 'reban')
      steps.push([name, address, address.includes(':') ? 'inet6' : 'inet4']);
    else if (families || (name !== 'check' && !once.has(name))) steps.push([name]);
    once.add(name);
  }
  const failing = pick(random, [0, 0.1, 0.3, 0.5]);
  return {
    shell: shellOf(commandsOf(texts), { isByFamily: families, startsOnDemand, repairsOnUnban }),
    properties: [
      ...Object.entries(texts).map(([phase, text]): [string, string] => [`action${phase}`, text]),
      ...(families
        ? ([
            ['foo', '4'],
            ['foo?family=inet6', '6'],
          ] as const)
        : []),
      ['actionstart_on_demand', startsOnDemand],
      ['actionrepair_on_unban', repairsOnUnban],
    ],
    steps: [...steps, ['stop']],
    outcomes: Array.from({ length: 61 }, () => random() >= failing),
    startsWell: once.has('check'),
  };
}

async function ranBy({ shell, steps, outcomes, startsWell }: Scenario): Promise<readonly string[]> {
  const ran: string[] = [];
  const phases = new ShellPhases<string>(shell, (phase, family, address) => {
    const text = shell.commands[phase][family].replace('<ip>', address ?? '');
    if (text === '') return Promise.resolve(true);
    const isWell = outcomes[ran.length % outcomes.length] === true || (startsWell && phase === 'start');
    ran.push(`${text} ${isWell ? '+' : '-'}`);
    return Promise.resolve(isWell);
  });
  for (const step of steps) {
    if (step.length === 1) await phases[step[0]]();
    else await phases[step[0]](step[1], step[2]);
  }
  return ran;
}

test('commands run in the order in which Fail2Ban runs them, whichever of them fail', async (t) => {
  const random = seededRandom(20_261_122);
  const scenarios = Array.from({ length: 4000 }, (_, index) => scenario(random, index % 2 === 0));
  const { stdout, stderr } = spawnSync('python3', [ORACLE], {
    input: scenarios.map((each) => `${JSON.stringify(each)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: fail2banPrograms().env,
  });
  const theirs = stdout.trimEnd().split('\n');
  assert.equal(theirs.length, scenarios.length, stderr);
  let commands = 0;
  for (const [index, each] of scenarios.entries()) {
    const ran = await ranBy(each);
    commands += ran.length;
    const { properties, steps } = each;
    assert.deepEqual(ran, JSON.parse(theirs[index] ?? ''), JSON.stringify({ properties, steps }));
  }
  t.diagnostic(`${scenarios.length} scenarios, ${commands} commands`);
});

/** Which commands run when those that `fails` names fail at their nth turn. */
async function lifeOf(
  shell: ShellOptions,
  fails: (text: string, turn: number) => boolean,
  life: (phases: ShellPhases<string>) => Promise<unknown>,
): Promise<readonly string[]> {
  const ran: string[] = [];
  const phases = new ShellPhases<string>(shell, (phase, family, address) => {
    const text = shell.commands[phase][family].replace('<ip>', address ?? '');
    if (text !== '') ran.push(text);
    return Promise.resolve(!fails(text, ran.filter((each) => each === text).length));
  });
  await life(phases);
  return ran;
}

const PLAIN = shellOf(commandsOf({ start: 'start', stop: 'stop', check: 'check', flush: 'flush', reload: 'reload', ban: 'ban <ip>' })); // prettier-ignore

test('what was lost is stopped and started at once, also where both families share a command', async () => {
  const ran = await lifeOf(
    PLAIN,
    (text, turn) => turn === 1 && (text === 'check' || text === 'ban 192.0.2.2'),
    async (phases) => {
      await phases.start();
      await phases.ban('192.0.2.1', 'inet4');
      await phases.ban('192.0.2.2', 'inet4');
    },
  );
  const repaired = ['ban 192.0.2.2', 'check', 'stop', 'start', 'check', 'ban 192.0.2.2'];
  assert.deepEqual(ran, ['start', 'ban 192.0.2.1', ...repaired]);
});

test('flush and reload run each time that they are asked for', async () => {
  const ran = await lifeOf(
    PLAIN,
    () => false,
    async (phases) => {
      await phases.start();
      for (let round = 0; round < 2; round += 1) {
        await phases.ban('192.0.2.1', 'inet4');
        await phases.ban('2001:db8::1', 'inet6');
        await phases.reload();
        await phases.flush();
      }
    },
  );
  const round = ['ban 192.0.2.1', 'ban 2001:db8::1', 'reload', 'flush'];
  assert.deepEqual(ran, ['start', ...round, ...round]);
});
