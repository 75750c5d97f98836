/**
 * The translator against what CPython 3.11 answers; the expected values were printed by Python.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegexSyntaxError } from '../../src/lib/python-regex/regex-syntax-error.js';
import { translatePythonRegex } from '../../src/lib/python-regex/translate.js';

/** expression, text, Python's `group(0)` (null: no match), some named groups. */
const CASES: readonly (readonly [string, string, string | null, Readonly<Record<string, string>>?])[] = [
  ['a(?P<x>b)?c', 'abc', 'abc', { x: 'b' }],
  ['(?P<q>["\'])\\w+(?P=q)', `x'a"'b'`, "'b'", { q: "'" }],
  ['[]a]+', 'x]a]', ']a]'],
  ['[^]a]+', ']xy]', 'xy'],
  ['[a\\]-]+', '-]a', '-]a'],
  ['x{,2}y', 'xxxy', 'xxy'],
  ['x{}y', 'x{}y', 'x{}y'],
  ['a{2,}', 'aaa', 'aaa'],
  ['^a.c$', 'a\rc', 'a\rc'],
  ['a.c', 'a\nc', null],
  ['(?s)a.c', 'a\nc', 'a\nc'],
  ['(?i)straße', 'STRAßE', 'STRAßE'],
  ['x(?i:login|PLAIN)y', 'xLoGiNy', 'xLoGiNy'],
  ['x(?i:login)y', 'XLOGINy', null],
  ['((?i)LOGIN|plain)!', 'Plain!', 'Plain!'],
  ['(?i)[a-c]+', 'aBC', 'aBC'],
  ['^(?P<c>a)?b(?(c)c|d)$', 'abc', 'abc', { c: 'a' }],
  ['^(?P<c>a)?b(?(c)c|d)$', 'abd', null],
  ['^(?P<c>a)?b(?(c)c|d)$', 'bd', 'bd'],
  ['^(?P<c>a)?b(?(c)c)$', 'b', 'b'],
  ['^(?:(?P<c>\\w+)|\\w*?) x(?(c): |$)', 'ab x: 1', 'ab x: ', { c: 'ab' }],
  ['^(?:(?P<c>\\w+)|\\w*?) x(?(c): |$)', 'ab x', 'ab x'],
  ['^(?:(?P<c>\\w+)|\\w*?) x(?(c): |$)', 'ab x: ', 'ab x: ', { c: 'ab' }],
  ['^(?:(?P<c>a)|b)+-(?(c)x|y)', 'ab-x', 'ab-x', { c: 'a' }],
  ['^(?:(?P<c>a)|b)+-(?(c)x|y)', 'b-y', 'b-y'],
  ['^(?:(?P<c>a)|b)+-(?(c)x|y)', 'a-x', 'a-x', { c: 'a' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab x: 1', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab x', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab x: ', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab-x', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab-y', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ab', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'ac', 'ac'],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'abab', 'ab', { c: 'ab' }],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'abac', 'ab', { c: 'ab' }],
  ['^((?P<c>a)(?(c)b|c))+$', 'ab', 'ab', { c: 'a' }],
  ['^((?P<c>a)(?(c)b|c))+$', 'abab', 'abab', { c: 'a' }],
  ['^(?P<c>a: )?b(?(c): |!)', 'a: b: ', 'a: b: ', { c: 'a: ' }],
  ['^(?P<c>a: )?b(?(c): |!)', 'b!', 'b!'],
  ['^(?:(?P<c>\\w+)|\\w*?) x(?(c): |$)', 'ab-x', null],
  ['^(?:(?P<c>\\w+)|\\w*?) x(?(c): |$)', 'ab-y', null],
  ['^(?:(?P<c>a)|b)+-(?(c)x|y)', 'ab x: 1', null],
  ['^(?:(?P<c>a)|b)+-(?(c)x|y)', 'ab x', null],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'b-y', null],
  ['^(?=(?P<c>a.))?a(?(c)b|c)', 'a: b: ', null],
  ['^((?P<c>a)(?(c)b|c))+$', 'ab x: 1', null],
  ['^((?P<c>a)(?(c)b|c))+$', 'ab x', null],
  ['^(?P<c>a: )?b(?(c): |!)', 'ab x: 1', null],
  ['^(?P<c>a: )?b(?(c): |!)', 'ab x', null],
  ['^(?:(a)|b)\\1$', 'b', null],
  ['^(?:(a)|b)\\1$', 'aa', 'aa'],
  ['\\Aab\\Z', 'ab', 'ab'],
  ['a(?#not here)b', 'ab', 'ab'],
  ['(?x) a b # end\n c', 'abc', 'abc'],
  ['(?>a+)ab', 'aaab', null],
  ['a++b', 'aaab', 'aaab'],
  ['a*+a', 'aaa', null],
  ['(?<=\\d)x(?<!\\dx)', '1x', null],
  ['\\w+', 'é_9ж!', 'é_9ж'],
  ['\\d+', '٣7', '٣7'],
  ['(?a)\\w+', 'éa', 'a'],
  ['\\s', '\u001c', '\u001c'],
  ['\\s', '\ufeff', null],
  ['\\-\\"\\\'\\:\\,\\;\\=\\<\\>\\ \\/', '-"\':,;=<> /', '-"\':,;=<> /'],
  ['\\x41\\u0042\\103', 'ABC', 'ABC'],
  ['{"a":1}', '{"a":1}', '{"a":1}'],
  ['a|b(?=c)|(?!x)d', 'bd', 'd'],
  ['^(?P<x>a*)?(?(x)b|c)', 'b', 'b', { x: '' }],
  ['^(?:u=(?P<u>\\w) ?|h=(?P<h>\\w) ?)+$', 'u=a h=b', 'u=a h=b', { u: 'a', h: 'b' }],
  ['(?i)(?P<n>ab)-(?P=n)', 'aB-Ab', 'aB-Ab', { n: 'aB' }],
  ['\\bж\\b', 'ёж ж', 'ж'],
  ['(?i)straſſe', 'STRASSE', 'STRASSE'],
  ['(?:|a)*', 'a', ''],
  ['a(?#c)*', 'aaa', 'aaa'],
];

for (const [expression, text, whole, groups = {}] of CASES) {
  test(`${JSON.stringify(expression)} does to ${JSON.stringify(text)} what Python does`, () => {
    const { regex, names } = translatePythonRegex(expression, { textEnd: 'newline' });
    const match = regex.exec(text);
    assert.equal(match === null ? null : match[0], whole, String(regex));
    for (const [name, value] of Object.entries(groups)) assert.equal(match?.[names.get(name) ?? -1], value);
  });
}

test('the newline that Python sees at the end of a line can be matched where nothing else follows', () => {
  const matches = (expression: string, text: string): boolean =>
    translatePythonRegex(expression).regex.test(text);
  assert.equal(matches('from \\S+\\s', 'from x'), true);
  assert.equal(matches('from \\S+(?:\\s|$)', 'from x'), true);
  assert.equal(matches('from x(?=\\s)', 'from x'), true);
  assert.equal(matches('from x[^0-9]', 'from x'), true);
  assert.equal(matches('from x\\sy', 'from x'), false);
  assert.equal(matches('from x.', 'from x'), false);
});

test('JavaScript matches alone where what may stand behind the newline cannot begin with it', () => {
  const texts = ['x a', 'x a [p]', 'x a [p] ', 'x a [p]b', 'x ', 'x a\\', 'x a [p', 'x  [p]'];
  for (const [expression, alone] of [
    ['^x [^\\[]+(?: \\[p\\])?\\s*$', true],
    ['^x [^b]*(?:, (?P<s>\\S+))?(?: \\[p\\]){0,3}\\s*$', true],
    ['^x [^\\[]+(?:\\s\\[p\\])?$', false],
    ['^x [^\\[]+(?: \\[p\\]|\\n)?$', false],
    ['^x [^\\[]+(?: \\[p\\]|)?$', false],
  ] as const) {
    const { regex } = translatePythonRegex(expression);
    assert.equal(regex.constructor === RegExp, alone, expression);
    const whole = translatePythonRegex(expression, { textEnd: 'newline' }).regex;
    for (const text of texts) {
      const seen = whole.exec(`${text}\n`)?.map((group) => group?.replace(/\n$/, ''));
      assert.deepEqual(regex.exec(text)?.map(String), seen?.map(String), `${expression} on ${text}`);
    }
  }
});

const WRONG: readonly (readonly [string, RegExp, number])[] = [
  ['a(b', /lacks its `\)`/, 1],
  ['a)b', /has no `\(`/, 1],
  ['[a', /lacks its `\]`/, 0],
  ['*a', /nothing to repeat/, 0],
  ['a**', /repetition is repeated/, 2],
  ['(?P<a>x)(?P<a>y)', /used twice/, 8],
  ['(?P=nobody)', /no group nobody/, 0],
  ['(?(2)a|b)', /no group 2/, 0],
  ['\\q', /\\q is unknown/, 0],
  ['a(?i)b', /middle of the expression/, 1],
  ['(?P<a-b>x)', /cannot name a group/, 0],
  ['[z-a]', /range in a class/, 2],
  ['(?<=a+)b', /one length/, 0],
  ['[\u{1f600}]', /beyond U\+FFFF/, 1],
  ['(?-a:x)', /cannot be taken off/, 0],
];

for (const [expression, message, position] of WRONG) {
  test(`${JSON.stringify(expression)} is refused with the construct and its place`, () => {
    assert.throws(
      () => translatePythonRegex(expression),
      (error) => {
        assert.ok(error instanceof RegexSyntaxError);
        assert.match(error.message, message);
        assert.equal(error.position, position);
        return true;
      },
    );
  });
}

test('an exponential expression without lookaround ends on a hostile text', () => {
  const { regex } = translatePythonRegex('^(?:a+)+$');
  assert.equal(regex.test(`${'a'.repeat(64)}!`), false);
});
