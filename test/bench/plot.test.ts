import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plotSvg } from '../../bench/plot.js';
import { linearScale, logarithmicScale, tickText } from '../../bench/plot-scale.js';

test('a linear axis begins at 0, is marked at round values and ends at or behind the largest', () => {
  assert.deepEqual(linearScale([3, 8]).ticks, [0, 2, 4, 6, 8]);
  assert.deepEqual(linearScale([100_000]).ticks, [0, 20_000, 40_000, 60_000, 80_000, 100_000]);
  assert.equal(linearScale([8]).at(4), 0.5);
});

test('a logarithmic axis goes from power of ten to power of ten', () => {
  assert.deepEqual(logarithmicScale([1, 100]).ticks, [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(logarithmicScale([0.66, 1321]).ticks.map(tickText), [
    '0.1',
    '1',
    '10',
    '100',
    '1000',
    '10 k',
  ]);
  assert.equal(logarithmicScale([1, 100]).at(10), 0.5);
});

test('every value lies between both ends of its axis', () => {
  const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      for (const scale of [linearScale(values), logarithmicScale(values)]) {
        for (const each of values) assert.ok(scale.at(each) >= 0 && scale.at(each) <= 1.000001);
        assert.ok(scale.ticks.length >= 2 && scale.ticks.length < 50);
      }
    }),
  );
});

test('a plot holds a point for each value, its title and units, and escapes what would be markup', () => {
  const svg = plotSvg({
    title: 'a < b & c',
    x: 'lines',
    y: 'seconds',
    axes: 'linear',
    series: [
      { name: 'one', points: [[0, 1], [1, 2]] },
      { name: 'two', points: [[0, 3]] },
    ],
  }); // prettier-ignore
  assert.equal([...svg.matchAll(/<circle /g)].length, 3);
  for (const text of ['a &lt; b &amp; c', '>lines<', '>seconds<', '>one<', '>two<'])
    assert.ok(svg.includes(text));
});
