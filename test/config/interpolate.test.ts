import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIni } from '../../src/config/ini-file.js';
import { interpolated } from '../../src/config/interpolate.js';
import { Sections } from '../../src/config/sections.js';

function value(
  texts: readonly string[],
  section: string,
  option: string,
  known?: ReadonlyMap<string, string>,
): string {
  const sections = new Sections(texts.map((text, index) => parseIni(text, `f${index}`)));
  const setting = sections.get(section, option);
  assert.ok(setting);
  return interpolated(setting, { sections, section, known, given: new Map([['given', 'G']]) });
}

test('a reference takes what is given, then the section, then [DEFAULT]', () => {
  assert.equal(value(['[DEFAULT]\na = d\nb = d\n[s]\nb = s\nx = %(given)s%(A)s%(b)s\n'], 's', 'x'), 'Gds');
});

test('a value of [DEFAULT] is resolved in the section that asks', () => {
  assert.equal(value(['[DEFAULT]\nx = %(p)s of %(__name__)s\np = 1\n[s]\np = 2\n'], 's', 'x'), '2 of s');
});

test('%% is a percent sign', () => {
  assert.equal(value(['[s]\nx = 100%% %%(a)s\n'], 's', 'x'), '100% %(a)s');
});

test('%(known/x)s is what the earlier file said, through any number of files', () => {
  const files = ['[s]\nx = 1\n', '[s]\nx = %(known/x)s,2\n', '[s]\nx = %(known/x)s,3\n'];
  assert.equal(value(files, 's', 'x'), '1,2,3');
});

test('%(known/x)s of another option, of the filter, of [DEFAULT]', () => {
  assert.equal(value(['[s]\ny = old\n', '[s]\ny = new\nx = %(known/y)s\n'], 's', 'x'), 'old');
  assert.equal(value(['[s]\nx = %(known/re)s+\n'], 's', 'x', new Map([['re', 'F']])), 'F+');
  assert.equal(value(['[DEFAULT]\nx = d\n[s]\nx = %(known/x)s+\n'], 's', 'x'), 'd+');
});

test('%(section/x)s and %(default/x)s name the place; a section falls back to [DEFAULT]', () => {
  const text = '[DEFAULT]\na = d\n[t]\nb = t\n[s]\na = s\nx = %(t/b)s%(t/a)s%(default/a)s\n';
  assert.equal(value([text], 's', 'x'), 'tdd');
});

for (const [what, text] of [
  ['an unknown name', '%(nowhere)s'],
  ['a stray percent sign', '50% off'],
  ['a percent sign at the end', '50%'],
  ['a value in itself', '%(x)s'],
] as const) {
  test(`${what} is told at the option's line`, () => {
    assert.throws(
      () => value([`[s]\ny = 1\nx = ${text}\n`], 's', 'x'),
      (error: unknown) => {
        assert.ok(error instanceof Error && 'code' in error && 'where' in error);
        assert.equal(error.code, 'config.interpolation');
        assert.deepEqual(error.where, { file: 'f0', line: 3, section: 's', option: 'x' });
        return true;
      },
    );
  });
}

test('values that double at every step end as an error, not in memory', () => {
  const steps = Array.from({ length: 9 }, (_, index) => `x${index} = ${`%(x${index + 1})s`.repeat(16)}`);
  assert.throws(() => value([`[s]\n${steps.join('\n')}\nx9 = 0123456789\n`], 's', 'x0'), {
    code: 'config.interpolation',
  });
});
