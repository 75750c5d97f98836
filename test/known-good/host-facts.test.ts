import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostFacts } from '../../src/known-good/host-facts.js';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function socket(local: string, state: string, uid: number): string {
  return `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 12345 1\n`;
}

test('packages, resolvers and listening ports are read as the host has them', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-facts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'self', 'net'), { recursive: true });
  const sockets = [
    socket('00000000:0016', '0A', 0),
    socket('0100007F:0CEA', '0A', 107),
    socket('0A00020A:0019', '0A', 0),
    socket('0100007F:9999', '01', 0),
    socket('0100007F:9999', '0A', 1000),
    socket('00000000:9998', '0A', 1000),
  ];
  mkdirSync(join(folder, 'sys', 'net', 'ipv4'), { recursive: true });
  writeFileSync(join(folder, 'sys', 'net', 'ipv4', 'ip_local_port_range'), '32768\t60999\n');
  writeFileSync(join(folder, 'self', 'net', 'tcp'), HEAD + sockets.join(''));
  const six = [
    socket('00000000000000000000000000000000:0016', '0A', 0),
    socket('00000000000000000000000001000000:0CEA', '0A', 107),
  ];
  writeFileSync(join(folder, 'self', 'net', 'tcp6'), HEAD + six.join(''));
  writeFileSync(join(folder, 'os-release'), 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n');
  writeFileSync(join(folder, 'resolv.conf'), '# x\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n');
  writeFileSync(
    join(folder, 'status'),
    'Package: postfix\nStatus: install ok installed\nPriority: optional\nVersion: 3.10.4-1\nDescription: x\n\n' +
      'Package: dovecot-core\nStatus: deinstall ok config-files\nVersion: 2.4\n\n' +
      'Package: bash\nStatus: install ok installed\nVersion: 5\n\n',
  );
  const facts = hostFacts({ hostname: 'mx.example', dpkg: folder, proc: folder, etc: folder });
  assert.deepEqual(facts['listening'], {
    'tcp 22': 'every address, user 0',
    'tcp 25': 'some addresses, user 0',
    'tcp 3306': 'loopback, user 107',
    'tcp 39320': 'every address, user 1000',
  });
  assert.deepEqual(facts['packages'], { postfix: '3.10.4-1' });
  assert.equal(facts['host']?.['system'], 'Debian GNU/Linux 13 (trixie)');
  assert.equal(facts['host']?.['resolvers'], '192.0.2.53\n2001:db8::53');
});

test('what cannot be read is unknown, and said so', () => {
  const nowhere = '/nonexistent';
  const facts = hostFacts({ hostname: 'mx.example', dpkg: nowhere, proc: nowhere, etc: nowhere });
  for (const text of [facts['host']?.['system'], facts['packages']?.['all'], facts['listening']?.['all']])
    assert.match(text ?? '', /^unknown: /);
});
