import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionName, expressionText, MEMORY_MS, Strikes } from '../../src/daemon/hearing/strikes.js';
import type { Strike } from '../../src/daemon/hearing/thread-port.js';
import { jailOptions } from '../jail/jail-options.js';
import { optionsOf } from '../filter/options.js';

const NOW_MS = Date.UTC(2026, 10, 22, 15);
const jail = jailOptions('a', {});

function strike(lines = 1, isKilled = false): Strike {
  return { jail, source: 'journal', expression: 0, lines, isKilled };
}

test('three lines within ten minutes are often, three in a longer time are not', () => {
  const strikes = new Strikes();
  assert.equal(strikes.add(strike(), NOW_MS), 1);
  strikes.add(strike(), NOW_MS + 1);
  assert.ok(!strikes.isOften('a', NOW_MS + 2));
  assert.equal(strikes.add(strike(), NOW_MS + 3), 3);
  assert.ok(strikes.isOften('a', NOW_MS + 3));
  assert.ok(!strikes.isOften('a', NOW_MS + MEMORY_MS));
  assert.ok(!strikes.isOften('b', NOW_MS));
  strikes.forget('a');
  assert.ok(!strikes.isOften('a', NOW_MS + 3));
});

test('a jail is heard with caution for ten minutes after a line', () => {
  const strikes = new Strikes();
  assert.deepEqual(strikes.recent(NOW_MS), []);
  strikes.add(strike(500), NOW_MS);
  assert.deepEqual(strikes.recent(NOW_MS + MEMORY_MS - 1), ['a']);
  assert.deepEqual(strikes.recent(NOW_MS + MEMORY_MS), []);
  assert.equal(strikes.worst('a')?.lines, 500);
});

test('a worker that keeps being killed is started anew after longer and longer pauses, up to a limit', () => {
  const strikes = new Strikes();
  const pauses = Array.from({ length: 6 }, (_, index) => {
    strikes.add(strike(1, true), NOW_MS + index);
    return strikes.pauseMs('a', NOW_MS + index);
  });
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 2000, 2000]);
  assert.equal(strikes.pauseMs('a', NOW_MS + 2 * MEMORY_MS), 250);
});

test('an expression is named by its list, and shown as it may be', () => {
  const filter = optionsOf({
    name: 'dovecot',
    prefregex: '^p',
    failregex: ['^f0', `^f1\u001b${'x'.repeat(300)}`],
    ignoreregex: ['^i'],
    successregex: ['^s'],
  });
  const names = [0, 1, 2, 3, 4, 5, -1].map((index) => expressionName(filter, index));
  const lists = [
    'prefregex',
    'failregex 0',
    'failregex 1',
    'successregex 0',
    'ignoreregex 0',
    'expression 5',
    'datepattern',
  ];
  assert.deepEqual(
    names,
    lists.map((list) => `${list} of filter dovecot`),
  );
  assert.equal(expressionText(filter, 1), '^f0');
  assert.match(expressionText(filter, 2), /^\^f1\\x1bx{190,200}…$/);
});
