import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLibsystemd } from '../../src/source/libsystemd.js';
import { RemoteJournal, canUse, exportEntry, type Fields } from './test-journals.js';

const LONG = 'x'.repeat(70_000);
const ENTRIES: readonly Fields[] = [
  { MESSAGE: 'first', _COMM: 'sshd', A: '1', _SYSTEMD_UNIT: 'ssh.service', _SYSTEMD_USER_UNIT: 'no.service' },
  { MESSAGE: 'second', _COMM: 'sshd', A: '2' },
  { MESSAGE: '', _COMM: 'käse', MESSAGE_ID: 'abc' },
  { _COMM: LONG, MESSAGE: 'f'.repeat(64) },
  { MESSAGE: 'f'.repeat(63), COMM: 'not this' },
  { MESSAGE: 'last', _COMM: 'sshd' },
];
const NAMES = ['MESSAGE', '_COMM', 'A', '_SYSTEMD_UNIT', 'MESSAGE_ID', 'NOWHERE'];

test('the wanted fields of an entry are read at once, whatever others it has', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const library = await loadLibsystemd();
  assert.ok(library);
  const journal = new RemoteJournal(t);
  journal.write(ENTRIES.map((fields, index) => exportEntry(index, fields)).join(''));
  await journal.end();
  const handle = library.open({ kind: 'directory', path: journal.directory });
  assert.ok(typeof handle === 'bigint');
  t.after(() => library.close(handle));
  library.seekHead(handle);
  const fields = library.fields(handle, NAMES);
  for (const entry of ENTRIES) {
    assert.equal(library.next(handle), 1);
    assert.equal(fields.read(), 0);
    const expected = NAMES.map((name) => entry[name]?.slice(0, 64 << 10));
    assert.deepEqual([...fields.values], expected);
  }
});

test('of several values of a field the first is taken, and an entry that cannot be read gives an errno', async (t) => {
  if (!canUse(t, 'journal-remote')) return;
  const library = await loadLibsystemd();
  assert.ok(library);
  const journal = new RemoteJournal(t);
  journal.write(exportEntry(1, { MESSAGE: 'one\nMESSAGE=two' }));
  await journal.end();
  const handle = library.open({ kind: 'directory', path: journal.directory });
  assert.ok(typeof handle === 'bigint');
  t.after(() => library.close(handle));
  library.seekHead(handle);
  const fields = library.fields(handle, ['MESSAGE']);
  assert.ok(fields.read() < 0, 'it stands before the first entry');
  assert.equal(library.next(handle), 1);
  assert.equal(fields.read(), 0);
  assert.deepEqual(fields.values, ['one']);
});
