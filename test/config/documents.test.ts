import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIni } from '../../src/config/ini-file.js';
import { settingsDocument } from '../../src/config/settings-document.js';
import { findSetting } from '../../src/config/settings.js';
import { packageRoot } from '../../src/lib/package-root.js';

function text(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

test('docs/settings.md says what the table of settings says', () => {
  assert.equal(text('docs/settings.md'), settingsDocument());
});

test('shipped files say nothing that the tables contradict', () => {
  for (const [file, section, table] of [
    ['jail.conf', 'DEFAULT', 'jail'],
    ['fail2ban.conf', 'Definition', 'fail2ban'],
    ['bailiff.conf', 'Definition', 'bailiff'],
  ] as const) {
    const { sections, errors } = parseIni(text(`config/${file}`), file);
    assert.deepEqual(errors, []);
    for (const { name, value } of sections.get(section)?.values() ?? []) {
      if (name.startsWith('action')) continue;
      assert.equal(value, findSetting(table, name)?.default, `${file}: ${name}`);
    }
  }
});
