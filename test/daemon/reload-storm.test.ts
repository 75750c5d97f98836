/** A reload that has not begun is the one that everybody waits for who asks meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoticeBoard } from '../../src/daemon/telling/notice-board.js';
import { Reloading } from '../../src/daemon/reloading/reload.js';
import { loadConfiguration } from '../../src/config/configuration.js';
import { Log } from '../../src/lib/log.js';

const nothing = { added: [], changed: [], removed: [], restarted: [] };

test('however often it is asked for while one is under way, the configuration is read once more', async () => {
  let reads = 0;
  const configuration = loadConfiguration({});
  const reloading = new Reloading(
    {
      read: async () => {
        reads += 1;
        await new Promise(setImmediate);
        return configuration;
      },
      adapt: (jail) => jail,
      live: { options: () => [], change: () => Promise.resolve(nothing), hush: () => Promise.resolve() },
      notices: new NoticeBoard(new Log('error', [])),
      taken: () => undefined,
    },
    { directory: null, ignoredDirectory: null, asFail2ban: false, problems: [] },
  );
  const whole = { jail: undefined, isRestart: false };
  const first = reloading.reload(whole);
  await new Promise(setImmediate);
  const others = Array.from({ length: 100 }, () => reloading.reload({ ...whole }));
  const one = reloading.reload({ jail: 'sshd', isRestart: true });
  await Promise.all([first, ...others, one]);
  assert.equal(reads, 3);
});
