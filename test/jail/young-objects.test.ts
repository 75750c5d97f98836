/** Who hears lines has told V8 where to make objects: see src/lib/young-objects.ts for what comes of it otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { Ears } from '../../src/jail/ears.js';
import { bearObjectsYoung } from '../../src/lib/young-objects.js';

test('where lines are heard, no object is born old', () => {
  assert.equal(typeof Ears, 'function');
  // The tag is made of V8's flags.
  const heard = cachedDataVersionTag();
  setFlagsFromString('--allocation-site-pretenuring');
  const usual = cachedDataVersionTag();
  bearObjectsYoung();
  assert.notEqual(usual, heard);
  assert.equal(cachedDataVersionTag(), heard);
});
