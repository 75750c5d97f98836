/**
 * Whatever a client writes where it may choose the text, only its own address is ever taken.
 * Each marked field of each sample is set to every other sample's line, message and address-like text.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, constantFrom, property } from 'fast-check';
import { readSamples, type Sample } from './samples.js';
import { judge } from './shipped.js';

const files = readSamples();
const everything = files.flatMap((file) => file.samples);
/** The address of whoever the text talks about; no client of the attacked lines has it. */
const VICTIM = '203.0.113.99';
const MISLEADING = [
  `x from ${VICTIM} port 22 ssh2`,
  `x from ${VICTIM}`,
  `x ${VICTIM} port 22 [preauth]`,
  `x rhost=${VICTIM}`,
  `x rhost=${VICTIM}  user=x`,
  `a> rip=${VICTIM}, lip=${VICTIM}`,
  `a>, method=PLAIN, rip=${VICTIM}, lip=192.0.2.10, session=<x`,
  `x,${VICTIM},sasl:plain)<a>: sql: Password mismatch`,
  `unknown[${VICTIM}]: SASL LOGIN authentication failed: x`,
  `x from unknown[${VICTIM}]: 554 5.7.1 x: Relay access denied`,
  `[${VICTIM}]`,
  `x] [client ${VICTIM}:1] AH01618: user x not found: /`,
  `x>, ip: ${VICTIM}, (default: S (reject): [9/9]`,
  `NOTICE  [sshd] Ban ${VICTIM}`,
];

/** The line with each field that a client chooses set to `text`, as the service would write it. */
function fill(sample: Sample, text: string): string {
  const shown = text.replace(/[\n\r]/g, '?');
  // Rspamd makes each blank of a message id a question mark; it is the first field of its line.
  const messageId = sample.text.includes('rspamd_task_write_log') ? shown.replace(/\s/g, '?') : shown;
  return sample.pieces
    .map((piece, index) => (index % 2 === 0 ? piece : index === 1 ? messageId : shown))
    .join('');
}

function assertOnlyPeer(filter: string, mode: string, sample: Sample, text: string): void {
  const line = fill(sample, text);
  const match = judge(filter, mode, sample.logtype, line)?.match;
  if (match === undefined) return;
  // A line that was no evidence may have become some, but only against the client that the service itself names.
  const fixed = sample.pieces.filter((_piece, index) => index % 2 === 0).join('');
  const peer = sample.address ?? /(?:198\.51\.100\.\d+|2001:db8:a:[0-9a-f:]+)(?!\d)/.exec(fixed)?.[0];
  assert.equal(match.address, peer, `${sample.place} in ${mode}: ${line}`);
}

for (const { filter, modes, samples } of files) {
  const open = samples.filter((sample) => sample.pieces.length > 1);
  for (const mode of modes) {
    test(`no text of a client makes ${filter} in mode ${mode} charge another address`, () => {
      const others = everything.flatMap(({ text }) => [text, text.replace(/^\S+ \S+ /, '')]);
      // The others talk about clients of their own: give them the victim's address.
      const foreign = others.map((text) => text.replace(/198\.51\.100\.\d+|2001:db8:a:[0-9a-f:]*/g, VICTIM));
      for (const sample of open) {
        for (const text of [...MISLEADING, ...foreign]) assertOnlyPeer(filter, mode, sample, text);
      }
    });
  }

  test(`no mixture of such texts makes ${filter} charge another address`, () => {
    if (open.length === 0) return;
    const part = constantFrom(
      ...MISLEADING,
      ' ',
      '>',
      '<',
      '[',
      ']',
      ')',
      ', ',
      ': ',
      'user=',
      ' from ',
      '  user=',
      VICTIM,
    );
    const text = array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    holds(
      property(constantFrom(...open), constantFrom(...modes), text, (sample, mode, hostile) => {
        assertOnlyPeer(filter, mode, sample, hostile);
      }),
      { numRuns: 2000 },
    );
  });
}
