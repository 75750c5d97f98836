/** Whether filters can be compiled, and which are not tried again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFilterBut } from '../../src/jail/check-filter.js';
import { optionsOf } from '../filter/options.js';

test('a filter that runs is not compiled again, one that differs from it is', () => {
  // That it cannot be compiled shows whether it was.
  const running = optionsOf({ failregex: ['( from <HOST>'] });
  const check = checkFilterBut([optionsOf({ failregex: ['from <HOST>'] }), structuredClone(running)]);
  assert.deepEqual(check(running), []);
  const [error] = check({ ...running, failregex: ['(( from <HOST>'] });
  assert.equal(error?.code, 'filter.regex');
  assert.equal(check({ ...running, maxlines: 2 }).length, 1);
});
