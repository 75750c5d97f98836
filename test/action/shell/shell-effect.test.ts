import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Turns } from '../../../src/action/shell/turns.js';
import { until } from '../../daemon/daemon-process.js';
import { banOf, unbanOf } from '../decisions.js';
import { folderFor, recordingAction } from './recording-action.js';

const restored = banOf('j', '192.0.2.9', { origin: 'restored' });

test('bans and unbans run in the order in which they were decided, between start and stop', async (t) => {
  const { effect, ran } = recordingAction(t);
  effect.start([restored]);
  effect.follow([banOf('j', '192.0.2.1'), banOf('j', '2001:db8::/64'), unbanOf('j', '192.0.2.1')]);
  effect.follow([unbanOf('j', '192.0.2.77'), banOf('j', '192.0.2.2')]);
  effect.reload();
  await effect.lift();
  await effect.close();
  assert.deepEqual(ran(), [
    'start', 'ban 192.0.2.9 1', 'ban 192.0.2.1 0', 'ban 2001:db8::/64 0', 'unban 192.0.2.1', 'ban 192.0.2.2 0', 'reload',
    'unban 192.0.2.9', 'unban 2001:db8::/64', 'unban 192.0.2.2', 'stop',
  ]); // prettier-ignore
  assert.deepEqual(effect.state(), {
    state: 'working',
    detail: 'runs `x` in a shell',
    queued: 0,
    done: 9,
    failed: 0,
  });
});

test('with norestored a ban that outlived a restart is neither banned nor lifted', async (t) => {
  const { effect, ran } = recordingAction(t, { shell: { runsRestored: false } });
  effect.start([restored]);
  effect.follow([banOf('j', '192.0.2.1'), unbanOf('j', '192.0.2.9')]);
  await effect.lift();
  assert.deepEqual(ran(), ['start', 'ban 192.0.2.1 0', 'unban 192.0.2.1']);
});

test('a longer ban of somebody banned prolongs, and a shorter one does nothing', async (t) => {
  const { effect, ran } = recordingAction(t);
  const ban = banOf('j', '192.0.2.1', { bannedAtMs: 0, untilMs: 600_000 });
  effect.follow([
    ban,
    { ...ban, untilMs: 1_200_000 },
    { ...ban, untilMs: 900_000 },
    { ...ban, untilMs: undefined },
  ]);
  await effect.settled();
  assert.deepEqual(ran(), ['ban 192.0.2.1 0', 'prolong 192.0.2.1 1200', 'prolong 192.0.2.1 -1']);
});

test('a ban that is longer because of earlier ones is carried out, and prolonged, as Fail2Ban does', async (t) => {
  const { effect, ran } = recordingAction(t, { texts: { ban: 'ban <ip> <bancount>' } });
  const grown = { bannedAtMs: 0, untilMs: 1_200_000, banCount: 2, isGrown: true };
  effect.start([banOf('j', '192.0.2.8', { ...grown, origin: 'restored' })]);
  effect.follow([
    banOf('j', '192.0.2.1', grown),
    banOf('j', '192.0.2.9', { ...grown, prolongs: true }),
    banOf('j', '192.0.2.1', { ...grown, untilMs: 2_400_000, prolongs: true }),
  ]);
  await effect.settled();
  assert.deepEqual(ran(), [
    'start',
    'ban 192.0.2.8 2',
    'ban 192.0.2.1 2',
    'prolong 192.0.2.1 1200',
    'prolong 192.0.2.1 2400',
  ]);
});

test('the lines of a ban are kept until its command has run; from then on the store has them', async (t) => {
  const evidence = ['Failed password for root'];
  const asked: (readonly string[] | undefined)[] = [];
  const { effect } = recordingAction(t, {
    texts: { ban: 'ban <matches>', unban: 'unban <matches>' },
    surroundings: {
      evidenceOf: (ban) => {
        asked.push(ban.evidence);
        return ban.evidence ?? ['of the store'];
      },
    },
  });
  effect.follow([banOf('j', '192.0.2.1', { evidence, data: { user: 'root' } }), unbanOf('j', '192.0.2.1')]);
  await effect.settled();
  assert.deepEqual(asked, [evidence, undefined]);
});

test('a thousand commands wait with their lines, the others without', async (t) => {
  const withLines = new Set<string>();
  const { effect } = recordingAction(t, {
    texts: { ban: 'ban <matches>' },
    surroundings: {
      evidenceOf: (ban) => {
        if (ban.evidence !== undefined) withLines.add(ban.target);
        return assert.fail('no command has to run for this');
      },
    },
  });
  effect.follow(
    Array.from({ length: 1200 }, (_, number) =>
      banOf('j', `198.18.${number >> 8}.${number & 255}`, { evidence: ['a line'] }),
    ),
  );
  await effect.settled();
  assert.equal(withLines.size, 1000);
});

test('all bans at once are lifted by one flush, one by one where that fails', async (t) => {
  const bans = [banOf('j', '192.0.2.1'), banOf('j', '192.0.2.2')];
  const unbans = bans.map(({ target }) => unbanOf('j', target));
  const whole = recordingAction(t, { texts: { flush: 'flush' } });
  whole.effect.follow(bans);
  whole.effect.liftAll(unbans);
  await whole.effect.settled();
  assert.deepEqual(whole.ran().slice(2), ['flush']);
  const failing = recordingAction(t, { texts: { flush: 'flush; false' } });
  failing.effect.follow(bans);
  failing.effect.liftAll(unbans);
  await failing.effect.settled();
  assert.deepEqual(failing.ran().slice(2), ['flush', 'unban 192.0.2.1', 'unban 192.0.2.2']);
});

test('a command that fails is told once with its status and what it said, and the next ban runs', async (t) => {
  const { effect, ran, notices } = recordingAction(t, { texts: { ban: `ban <ip>; echo "no $(printf '\\033')[31m" >&2; test <ip> != 192.0.2.1` } }); // prettier-ignore
  effect.follow([banOf('j', '192.0.2.1')]);
  await effect.settled();
  assert.equal(effect.state().state, 'failing');
  assert.match(effect.state().detail, /actionban of `act` for 192\.0\.2\.1 ended with exit status 1$/);
  effect.follow([banOf('j', '192.0.2.2')]);
  await effect.settled();
  assert.deepEqual(ran(), ['ban 192.0.2.1', 'ban 192.0.2.1', 'ban 192.0.2.2']);
  assert.deepEqual(
    notices.map(({ effect: about, level, text }) => [about, level, text]),
    [['j', 'warning', 'actionban of `act` for 192.0.2.1 ended with exit status 1: no \\x1b[31m. Try the command by hand as the user that Bailiff runs as. (action.shell-failed)']],
  ); // prettier-ignore
  const { state, done, failed } = effect.state();
  assert.deepEqual({ state, done, failed }, { state: 'working', done: 1, failed: 1 });
});

test('a command that does not end in time is killed and told', async (t) => {
  const { effect, notices } = recordingAction(t, { texts: { ban: 'ban <ip>; exec sleep 600' }, shell: { timeoutSeconds: 0.1 } }); // prettier-ignore
  effect.follow([banOf('j', '192.0.2.1')]);
  await effect.settled();
  assert.match(notices[0]?.text ?? '', /was ended after 0\.1 s\. .*\(action\.shell-timeout\)$/);
});

test('a store that cannot be asked fails the command, not the daemon', async (t) => {
  const { effect, notices } = recordingAction(t, {
    texts: { ban: 'ban <ipmatches>' },
    surroundings: { pastOf: () => assert.fail('database is locked') },
  });
  effect.follow([banOf('j', '192.0.2.1')]);
  await effect.settled();
  assert.match(notices[0]?.text ?? '', /could not be started: database is locked/);
});

test('what a log says reaches the command as it is and never runs', async (t) => {
  const folder = folderFor(t);
  const ban = `ban <ip>; printf '%s|%s|%s\\n' "<F-USER>" "<matches>" "<F-NONE>" > ${folder}/said`;
  const { effect } = recordingAction(t, { folder, texts: { ban } });
  const user = `$(touch ${folder}/x)\`id\`'";\n<ip>`;
  effect.follow([banOf('j', '192.0.2.1', { data: { user }, evidence: [`a ${user}`, 'b'] })]);
  await effect.settled();
  assert.equal(readFileSync(join(folder, 'said'), 'utf8'), `${user}|a ${user}\nb|\n`);
  assert.equal(existsSync(join(folder, 'x')), false);
});

test('actions of one definition take turns, and none waits for another definition', async (t) => {
  const folder = folderFor(t);
  const turns = new Turns();
  const wait = `ban <ip>; while [ ! -e ${folder}/go ]; do sleep 0.02; done`;
  const slow = recordingAction(t, {
    folder,
    turns,
    name: 'slow',
    texts: { ban: wait },
    shell: { definition: 'one' },
  });
  const same = recordingAction(t, { folder, turns, name: 'same', shell: { definition: 'one' } });
  const other = recordingAction(t, { folder, turns, name: 'other', shell: { definition: 'two' } });
  slow.effect.follow([banOf('j', '192.0.2.1')]);
  same.effect.follow([banOf('j', '192.0.2.1')]);
  other.effect.follow([banOf('j', '192.0.2.1')]);
  await other.effect.settled();
  await until('the slow one to begin', () => slow.ran().length === 1);
  assert.deepEqual([same.ran(), other.ran()], [[], ['ban 192.0.2.1 0']]);
  assert.equal(same.effect.state().queued, 1);
  writeFileSync(join(folder, 'go'), '');
  await same.effect.settled();
  assert.deepEqual(same.ran(), ['ban 192.0.2.1 0']);
});

test('an end that takes too long is given up: the command is killed, and what was not lifted is told', async (t) => {
  const { effect, ran, notices } = recordingAction(t, { texts: { unban: 'unban <ip>; exec sleep 600' } });
  effect.follow([banOf('j', '192.0.2.1'), banOf('j', '192.0.2.2')]);
  const lifted = effect.lift();
  await until('the first unban', () => ran().length === 3);
  effect.giveUp();
  await lifted;
  await effect.close();
  assert.deepEqual(ran().slice(2), ['unban 192.0.2.1']);
  assert.deepEqual(notices.map(({ level }) => level), ['alarm']); // prettier-ignore
  assert.match(notices[0]?.text ?? '', /up to 2 bans were not lifted.*\(action\.shell-unfinished\)/);
});

test('somebody banned who comes again has the action looked after, and is banned anew where it was lost', async (t) => {
  const folder = folderFor(t);
  const gone = `test ! -e ${folder}/gone`;
  const { effect, ran } = recordingAction(t, {
    folder,
    hitsToCheck: 2,
    texts: { start: `start; rm -f ${folder}/gone`, check: `check; ${gone}`, reban: 'reban <ip>' },
  });
  const early = banOf('j', '192.0.2.1', { bannedAtMs: Date.now() - 60_000 });
  const fresh = banOf('j', '192.0.2.2');
  effect.start([early, fresh]);
  effect.hit(fresh, Date.now());
  effect.hit(fresh, Date.now());
  effect.hit(early, Date.now());
  await effect.settled();
  assert.deepEqual(ran(), ['start', 'ban 192.0.2.1 0', 'ban 192.0.2.2 0']);
  writeFileSync(join(folder, 'gone'), '');
  effect.hit(early, Date.now());
  await effect.settled();
  effect.hit(fresh, Date.now());
  effect.hit(fresh, Date.now());
  await effect.settled();
  assert.deepEqual(ran().slice(3), [
    'check',
    'stop',
    'start',
    'check',
    'check',
    'reban 192.0.2.1',
    'reban 192.0.2.2',
  ]);
});
