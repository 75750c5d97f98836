/**
 * Times as Fail2Ban reads them: every unit, and what they are put together to.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parseDuration } from '../../src/config/duration.js';
import { fail2ban } from './fail2ban.js';

const UNITS = [
  's', 'ss', 'sec', 'second', 'seconds', 'm', 'mm', 'min', 'minute', 'minutes', 'h', 'hh', 'hour', 'hours', 'd', 'dd', 'day', 'days',
  'w', 'ww', 'week', 'weeks', 'mo', 'mon', 'month', 'months', 'y', 'yy', 'ye', 'yea', 'year', 'years', 'weekss', 'hou', 'da', 'minut', 'parsec',
]; // prettier-ignore
const TEXTS = [
  '600', '-1', '0', '1d12h', '1h 30m', '1year-6mo', '24*60*60', '1.5h', '1H', '  5m ', '10 m', '1d 2h 3m 4s', '3600/2', '(1h+30m)*2',
  '1w3d', '+5m', '5m+', '2 weeks', '1 day 1 hour', '-5m', '1h-30m', '1d-12', '1_000', '', 'abc', '1x', '1h,30m', '__import__("os")', '1;2',
  ...UNITS.flatMap((unit) => [`2${unit}`, `3 ${unit}`, `1${unit.toUpperCase()}`]),
]; // prettier-ignore

test('a time is as long as Fail2Ban takes it, or none to both', () => {
  const program =
    'import json, sys\n' +
    'from fail2ban.server.mytime import MyTime\n' +
    'def seconds(text):\n' +
    '  try: return round(float(MyTime.str2seconds(text)))\n' +
    '  except Exception: return None\n' +
    'print(json.dumps([seconds(text) for text in json.load(sys.stdin)]))\n';
  const { stdout, stderr, status } = spawnSync('python3', ['-W', 'ignore', '-c', program], {
    input: JSON.stringify(TEXTS.filter((text) => !text.includes('import'))),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: fail2ban('1.1.0').pythonPath, PYTHONDONTWRITEBYTECODE: '1' },
  });
  assert.equal(status, 0, stderr);
  const theirs = JSON.parse(stdout) as readonly (number | null)[];
  for (const [index, text] of TEXTS.filter((one) => !one.includes('import')).entries())
    assert.equal(secondsOf(text), theirs[index], JSON.stringify(text));
  assert.equal(secondsOf('__import__("os")'), null);
});

function secondsOf(text: string): number | null {
  try {
    return parseDuration(text);
  } catch {
    // What is no time has no seconds.
    return null;
  }
}
