/**
 * Every sample beside a shipped filter holds in every mode, and every expression is hit by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSamples, type Sample, shippedFilters } from './samples.js';
import { engine, hear, judge } from './shipped.js';

const files = readSamples();

test('every shipped filter has samples beside it', () => {
  assert.deepEqual(files.map((file) => file.filter).toSorted(), shippedFilters().toSorted());
});

for (const { filter, modes, samples } of files) {
  for (const mode of modes) {
    test(`${filter} in mode ${mode} says of each sample what is written beside it`, () => {
      const wrong = lines(samples).map((alike) => complaint(alike, filter, mode));
      assert.deepEqual(
        wrong.filter((text) => text !== ''),
        [],
      );
    });
  }

  test(`every expression of ${filter} is hit by a sample`, () => {
    for (const mode of modes) {
      const hit = new Set<string>();
      for (const sample of samples) {
        const judgement = judge(filter, mode, sample.logtype, sample.text);
        if (judgement !== undefined) hit.add(`${judgement.list} ${judgement.expression}`);
      }
      const { failregex, successregex } = engine(filter, mode, 'journal').expressions;
      const missed = [...failregex, ...successregex].filter(
        ({ list, index }) => !hit.has(`${list} ${index}`),
      );
      assert.deepEqual(
        missed.map(({ list, text }) => `${mode} ${list}: ${text}`),
        [],
      );
    }
  });
}

/** The samples by line: one may be written twice, as a helper in some modes and as a failure in others. */
function lines(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  const alike = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.logtype} ${sample.text}`;
    alike.set(key, [...(alike.get(key) ?? []), sample]);
  }
  return [...alike.values()];
}

/** What is wrong with the line in this mode; empty: nothing. */
function complaint(alike: readonly Sample[], filter: string, mode: string): string {
  const [any] = alike;
  if (any === undefined) return '';
  const { logtype, text } = any;
  const judgement = judge(filter, mode, logtype, text);
  const outcome = judgement?.outcome ?? 'none';
  const sample = alike.find((one) => one.modes.includes(mode));
  const said = `${any.place}: ${text} => ${outcome} ${JSON.stringify(judgement?.data)}`;
  if (sample === undefined) return outcome === 'none' || outcome === 'helper' ? '' : said;
  if (outcome !== sample.kind) return said;
  if (sample.kind === 'none') return '';
  if (sample.user !== undefined && judgement?.data['user'] !== sample.user) return said;
  if (sample.kind === 'helper') return '';
  const match = hear(filter, mode, logtype, text);
  const holds =
    match?.kind === sample.kind &&
    match.address === sample.address &&
    match.attempts === (sample.attempts ?? 1) &&
    match.spanSeconds === (sample.seconds ?? 0);
  return holds ? '' : `${said} ${JSON.stringify(match)}`;
}
