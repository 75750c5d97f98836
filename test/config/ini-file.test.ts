import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseIni } from '../../src/config/ini-file.js';

function option(text: string, section = 's', name = 'a') {
  return parseIni(text, 'f').sections.get(section)?.get(name);
}

test('an option keeps its file, its line and the line of each line of its value', () => {
  const read = option('# top\n[s]\n\nA : one\n  two\n');
  assert.deepEqual(read, {
    name: 'a',
    value: 'one\ntwo',
    section: 's',
    file: 'f',
    line: 4,
    valueLines: [4, 5],
  });
});

test('an indented line continues the value, however the option itself is indented', () => {
  assert.equal(option('[s]\n  a = 1\n    2\n  b = 3\n')?.value, '1\n2');
  assert.equal(option('[s]\n  a = 1\n    2\n  b = 3\n', 's', 'b')?.value, '3');
});

test('whole-line comments vanish even inside a value; blank lines inside it stay, at its end they go', () => {
  assert.equal(option('[s]\na = 1\n# no\n ; no\n  2\n\n  3\n\n[t]\n')?.value, '1\n2\n\n3');
});

test('a semicolon after a blank begins a comment, a number sign does not', () => {
  assert.equal(option('[s]\na = 1 ; no\n')?.value, '1');
  assert.equal(option('[s]\na = 1;yes # yes\n')?.value, '1;yes # yes');
});

test('the first = or : ends the name, later ones belong to the value', () => {
  assert.equal(option('[s]\na = b=c:d\n')?.value, 'b=c:d');
  assert.equal(option('[s]\na: b=c\n')?.value, 'b=c');
});

test('names of options are lower case, names of sections are as written', () => {
  const { sections } = parseIni('[Sect]\nFoo = 1\n[sect]\nfoo = 2\n', 'f');
  assert.deepEqual([...sections.keys()], ['Sect', 'sect']);
  assert.equal(sections.get('Sect')?.get('foo')?.value, '1');
});

test('an option or a section that stands twice is an error with its line', () => {
  const { errors, sections } = parseIni('[s]\na = 1\na = 2\n[t]\n[s]\nb = 3\n', 'f');
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where.line, where.section, where.option]),
    [
      ['config.duplicate', 3, 's', 'a'],
      ['config.duplicate', 5, 's', undefined],
    ],
  );
  assert.equal(sections.get('s')?.get('a')?.value, '1');
});

test('[DEFAULT] may stand twice', () => {
  assert.deepEqual(parseIni('[DEFAULT]\na = 1\n[s]\n[DEFAULT]\nb = 2\n', 'f').errors, []);
});

test('a line that is no option, and one before any section, are errors; the rest is read', () => {
  const { errors, sections } = parseIni('x = 1\n[s]\nnonsense\na = 1\n', 'f');
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where.line]),
    [
      ['config.syntax', 1],
      ['config.syntax', 3],
    ],
  );
  assert.equal(sections.get('s')?.get('a')?.value, '1');
});

test('a byte-order mark and Windows line ends do not disturb', () => {
  assert.equal(option('\ufeff[s]\r\na = 1\r\n  2\r\n')?.value, '1\n2');
});

test('any text is read without throwing', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void parseIni(`[s]\n${text}`, 'f')));
});
