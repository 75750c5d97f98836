/**
 * What is kept, and for how long: the clean-up by a clock that is moved by hand, over a store on disk.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { startCleanUp } from '../../src/daemon/deciding/clean-up.js';
import { Jails } from '../../src/jail/jails.js';
import { Store } from '../../src/store/store.js';
import { jailOptions, surroundings } from '../jail/jail-options.js';

const DAY_SECONDS = 86_400;

test('failures are kept for as long as the longest findtime counts them, however short the history', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-clean-up-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mock.timers.enable({ apis: ['Date', 'setInterval', 'setImmediate', 'setTimeout'], now: 1_795_000_000_000 });
  t.after(() => mock.timers.reset());
  const store = new Store(join(folder, 'bailiff.sqlite'));
  t.after(() => store.close());
  const jails = new Jails(
    [
      jailOptions('sshd', { findtimeSeconds: 600 }),
      jailOptions('recidive', { findtimeSeconds: 7 * DAY_SECONDS }),
    ],
    surroundings,
  );
  const days = [1, 6, 8];
  store.transaction(() => {
    for (const each of days)
      store.failures.add({
        jail: 'recidive',
        id: '192.0.2.1',
        address: '192.0.2.1',
        user: undefined,
        timeMs: Date.now() - each * DAY_SECONDS * 1000,
        attempts: 1,
        spanSeconds: 0,
        lineKind: 'ban:0',
        connection: undefined,
        text: `${each} days ago`,
      });
  });
  const stop = startCleanUp({ jails, store, isQuiet: () => true, historySeconds: () => DAY_SECONDS });
  t.after(stop);
  mock.timers.tick(601_000);
  assert.deepEqual(
    store.failures.history(['192.0.2.1'], 10).map(({ text }) => text),
    ['1 days ago', '6 days ago'],
  );
});
