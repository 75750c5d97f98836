/**
 * A line of 8 KiB that a client made to be slow is through each filter at once: no expression backtracks without bound.
 * The limit is far above what is needed (milliseconds) and far below what an exponential or cubic expression takes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSamples, type Sample } from './samples.js';
import { judge } from './shipped.js';

const LINE_LENGTH = 8192;
const LIMIT_MS = 1000;
const REPEATED = [
  'a',
  ' ',
  ':',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  ',',
  '=',
  '1.',
  ': ',
  'a: ',
  'a=1 ',
  'auth=0/',
  ' a=1/1',
  ' from ',
  ' from 1.2.3.4 port 1',
  ' from 1.2.3.4 port 1 ssh2',
  ' 1.2.3.4 port 1',
  ' rhost=',
  ' rhost=1.2.3.4',
  '  user=',
  '>, rip=',
  '>, rip=1.2.3.4, lip=',
  ', rip=1.2.3.4, lip=',
  '>,',
  '(auth failed, 1 attempts',
  ',1.2.3.4,sasl:plain)<a>: ',
  ',1.2.3.4)',
  '1:',
  '::',
  ': Recipient address rejected: ',
  ': Relay access',
  ' rejected: ',
  'Service unavailable; ',
  ' not found',
  "' in realm `",
  ' authentication failure',
  '1.1.1.1',
  'limit exceeded: 1 ',
  ' a',
];

const files = readSamples();

for (const { filter, modes, samples } of files) {
  test(`${filter} is through with hostile lines of 8 KiB at once`, () => {
    const mode = modes.includes('aggressive') ? 'aggressive' : 'normal';
    const slowest = { ms: 0, line: '' };
    for (const sample of samples) {
      for (const piece of REPEATED) {
        for (const line of hostileLines(sample, piece)) {
          const start = process.hrtime.bigint();
          judge(filter, mode, sample.logtype, line);
          const ms = Number(process.hrtime.bigint() - start) / 1e6;
          if (ms > slowest.ms) Object.assign(slowest, { ms, line: `${piece} in ${sample.place}` });
        }
      }
    }
    assert.ok(slowest.ms < LIMIT_MS, `${slowest.ms} ms for ${slowest.line}`);
  });
}

/** Each field that a client chose filled up, and the line cut off in its middle and filled up. */
function hostileLines(sample: Sample, piece: string): readonly string[] {
  const room = Math.max(0, LINE_LENGTH - sample.text.length);
  const filling = piece.repeat(Math.ceil(room / piece.length)).slice(0, room);
  const lines = [sample.text.slice(0, sample.text.length / 2) + filling];
  for (let field = 1; field < sample.pieces.length; field += 2) {
    lines.push(sample.pieces.map((part, index) => (index === field ? filling : part)).join(''));
  }
  return lines;
}
