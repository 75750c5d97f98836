/**
 * `logencoding` beside Python's codecs: every byte, under every name.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { decodeOf } from '../../src/source/encodings.js';

const SINGLE = [
  'latin-1', 'latin1', 'iso-8859-1', 'ISO8859_1', 'ascii', 'us-ascii', 'latin2', 'iso8859-15', 'iso8859_15', 'latin9', 'l9',
  'iso-8859-5', 'iso8859_7', 'cp1250', 'cp1251', 'cp1252', 'windows-1252', 'cp1253', 'cp1254', 'cp1257', 'koi8_r', 'koi8-r', 'koi8_u', 'cp866',
  'mac_roman', 'utf_8', 'utf8', 'UTF-8', 'U8',
]; // prettier-ignore
const WIDE: Readonly<Record<string, string>> = {
  utf_8: 'größe 日本 ж', euc_jp: '日本', 'shift-jis': '日本', gb18030: '中文', gbk: '中文', big5: '中文', euc_kr: '한국',
}; // prettier-ignore

/** Where the tables of the web differ from Python's. */
const KNOWN = new Set(['cp1253 0xaa', 'cp866 0x1a', 'cp866 0x1c', 'cp866 0x7f']);

function askPython(program: string, question: unknown): unknown {
  const { stdout, status, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('every byte means what it means in Python', () => {
  const program =
    'import json, sys\n' +
    'print(json.dumps({name: [bytes([b]).decode(name, "replace") for b in range(256)] for name in json.load(sys.stdin)}))';
  const theirs = askPython(program, SINGLE) as Readonly<Record<string, readonly string[]>>;
  const all: string[] = [];
  for (const name of SINGLE) {
    const decode = decodeOf(name);
    assert.ok(decode, name);
    const own = Array.from({ length: 256 }, (_, byte) => decode(Buffer.from([byte])));
    const different = own.flatMap((text, byte) =>
      text === theirs[name]?.[byte] || KNOWN.has(`${name} 0x${byte.toString(16)}`)
        ? []
        : [`0x${byte.toString(16)}: ${text}, Python ${theirs[name]?.[byte]}`],
    );
    all.push(...different.map((text) => `${name} ${text}`));
  }
  assert.deepEqual(all, []);
});

test('words of several bytes are read', () => {
  const program =
    'import json, sys\nprint(json.dumps({k: list(v.encode(k)) for k, v in json.load(sys.stdin).items()}))';
  const bytes = askPython(program, WIDE) as Readonly<Record<string, readonly number[]>>;
  for (const [name, text] of Object.entries(WIDE))
    assert.equal(decodeOf(name)?.(Buffer.from(bytes[name] ?? [])), text, name);
});

test('what is no encoding, or has no newline of one byte, is none', () => {
  for (const name of ['klingon', 'utf-16', 'utf_16_le', 'utf-32', '', 'rot13'])
    assert.equal(decodeOf(name), undefined, name);
});
