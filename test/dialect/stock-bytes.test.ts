/**
 * Every expression of Fail2Ban's filters on the lines of its sample logs and of the recorded hosts: on bytes they come to
 * the same match and groups as in V8.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordedErrors, recordedSyslog } from '../../bench/recorded-lines.js';
import { DistributionFiles } from '../../src/config/distribution-files.js';
import { loadFilter } from '../../src/config/filter-definition.js';
import type { Expression } from '../../src/filter/expression.js';
import { compileExpressions } from '../../src/filter/expressions.js';
import { ScanRoom } from '../../src/filter/scan-room.js';
import { fail2ban } from './fail2ban.js';

const RECORDED = [...recordedSyslog(), ...recordedErrors()].filter((_, index) => index % 40 === 0);

/** Whole, without a stamp, and without what stands before the message: expressions behind a prefix see that. */
function textsOf(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.flatMap((line) => [line, line.replace(/^\S+ +(?:\S+ \S+ )?/, ''), line.replace(/^.*?\]:? /, '')]))]; // prettier-ignore
}

function samplesOf(folder: string, filter: string): readonly string[] {
  const path = join(folder, filter);
  const lines = existsSync(path) ? readFileSync(path, 'latin1').split(/\r?\n/) : [];
  return lines.filter((line) => line !== '' && !line.startsWith('#') && line.length < 8000);
}

/** What differs; undefined: it cannot be written for bytes. */
function differences(expression: Expression, texts: readonly string[]): readonly string[] | undefined {
  const room = new ScanRoom();
  const matcher = expression.bytesIn(room, 0);
  if (matcher === undefined) return undefined;
  return texts.flatMap((text) => {
    const start = room.keep(text);
    const isFound = matcher.match(start, start + text.length);
    const match = expression.regex.exec(text);
    const { marks, firstMark } = matcher;
    const groups = Array.from(expression.names.keys(), (_, slot) => {
      const [from = -1, end = -1] = marks.subarray(firstMark + 2 * slot, firstMark + 2 * slot + 2);
      return end < 0 ? undefined : text.slice(from - start, end - start);
    });
    const wanted = Array.from(expression.names.values(), (number) => match?.[number]);
    const isSame = isFound === (match !== null) && (match === null || JSON.stringify(groups) === JSON.stringify(wanted)); // prettier-ignore
    return isSame ? [] : [`${expression.text} on ${text}`];
  });
}

test("Fail2Ban's expressions match bytes as V8 matches texts", (context) => {
  const { configuration, tests } = fail2ban('1.1.0');
  const layers = {
    shipped: undefined,
    directory: configuration,
    distribution: new DistributionFiles('/nowhere'),
  };
  const logs = join(tests, 'files', 'logs');
  let [written, left, pairs] = [0, 0, 0];
  for (const file of readdirSync(join(configuration, 'filter.d'))) {
    if (!/^(?!.*common).*\.conf$/.test(file)) continue;
    const name = file.replace(/\.conf$/, '');
    const options = loadFilter(name, { logtype: 'file' }, layers);
    const texts = textsOf([...samplesOf(logs, name), ...RECORDED]);
    if (options.maxlines > 1) continue;
    for (const expression of compileExpressions(options).all) {
      const different = differences(expression, texts);
      assert.deepEqual(different?.slice(0, 3) ?? [], [], name);
      if (different === undefined) left += 1;
      else [written, pairs] = [written + 1, pairs + texts.length];
    }
  }
  assert.ok(samplesOf(logs, 'sshd').length > 50, 'the samples are there');
  context.diagnostic(`${pairs} pairs of ${written} expressions; ${left} are left to V8`);
  assert.ok(written > 180 && left < written / 10, `${written} are written, ${left} are not`);
});
