import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillCommand } from '../../../src/action/shell/command.js';

/** What a shell prints for a command whose tag `<F-USER>` has this value, and the files that came into being. */
async function printed(command: string, value: string): Promise<{ text: string; files: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-command-'));
  try {
    const { script, variables } = await fillCommand(command, (tag) => (tag === 'F-USER' ? value : undefined));
    const { stdout } = spawnSync('/bin/sh', ['-c', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...variables },
    });
    return { text: stdout.toString(), files: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const HOSTILE = [
  '$(touch x)', '`touch x`', '"; touch x; "', "'; touch x; '", 'a\ntouch x\n', 'a\r\ntouch x', '| touch x', '& touch x &',
  '> x', '${IFS}touch${IFS}x', '\\', '\\\n', '#', '!touch x', '<ip>', '<F-USER>', '$f2bV_F_user', '* ? [a-z]', '~root', '{a,b}',
  '((touch x))', '\u{202e}\u{feff}', '\0 nul', 'ü ñ 漢', '$\'\\x24(touch x)\'', '%s %n', '-n -e', '=', 'a'.repeat(5000),
] as const; // prettier-ignore

test('between double quotes every value is printed as it is, and nothing of it is run', async () => {
  for (const value of HOSTILE) {
    const expected = value.replaceAll('\0', '\u{fffd}');
    assert.deepEqual(await printed(`printf '%s' "<F-USER>"`, value), { text: expected, files: [] }, value);
  }
});

test('between single quotes, unquoted, in a here-document or beside a word nothing of a value is run', async () => {
  const commands = [
    `echo '<F-USER>'`,
    'echo <F-USER>',
    'cat <<EOF\n<F-USER>\nEOF\n',
    'echo a<F-USER>b',
    `echo "x<F-USER>_1"`,
  ];
  for (const value of HOSTILE)
    for (const command of commands) {
      const { files } = await printed(command, value);
      assert.deepEqual(files, [], `${command} with ${value}`);
    }
});

test('whatever the text, a shell gets exactly that text', async () => {
  const shellish = fc.constantFrom(
    ...`$ \` " ' \\ ; & | < > ( ) { } [ ] * ? ~ # ! % ^ = a b 1 - /`.split(' '),
    ' ',
    '\n',
    '\r',
    '\t',
  );
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: shellish }));
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const sound = Buffer.from(value.replaceAll('\0', '\u{fffd}')).toString();
      assert.deepEqual(await printed(`printf '%s' "[<F-USER>]"`, value), { text: `[${sound}]`, files: [] });
    }),
    { numRuns: 400, seed: 7 },
  );
});

test('a tag beside letters is that tag, and one that nobody knows stays', async () => {
  const { script, variables } = await fillCommand('a <x>b <y> <z>', (tag) =>
    tag === 'x' ? ';' : tag === 'y' ? 'plain' : undefined,
  );
  assert.deepEqual({ script, variables }, { script: 'a ${f2bV_x}b plain <z>', variables: { f2bV_x: ';' } });
});

test('of what is too long for a variable the newest lines are kept', async () => {
  const lines = Array.from({ length: 4000 }, (_, index) => `line ${index} of $(many)`);
  const { variables } = await fillCommand('x <matches>', () => lines.join('\n'));
  const kept = (variables['f2bV_matches'] ?? '').split('\n');
  assert.ok(kept.length > 2000);
  assert.deepEqual(kept, lines.slice(-kept.length));
});
