/**
 * Loaded into a daemon by `--import`, into each of its threads: `Date.now` is off by as many milliseconds as the file says
 * that BAILIFF_TEST_CLOCK names, read anew all the time. A test cannot set the clock of its host.
 */
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 20;
const path = process.env['BAILIFF_TEST_CLOCK'];

if (path !== undefined) {
  const now = Date.now.bind(Date);
  const offset = (): number => Number(readFileSync(path, 'utf8'));
  let offsetMs = offset();
  setInterval(() => {
    offsetMs = offset();
  }, LOOK_EVERY_MS).unref();
  Date.now = () => now() + offsetMs;
}
