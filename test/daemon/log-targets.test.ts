import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logFileOf } from '../../src/daemon/telling/log-targets.js';

function fileOf(logTarget: string | undefined, stateDirectory = '/home/ada/.local/state/bailiff') {
  return logFileOf({ logLevel: 'info', logTarget, stateDirectory });
}

test('the words for no file name none', () => {
  for (const word of ['journal', 'stderr', 'none', 'SYSTEMD-JOURNAL', 'SYSLOG[facility=auth]'])
    assert.equal(fileOf(word), undefined, word);
});

test('a path is the file, whatever it begins with', () => {
  for (const path of ['/var/log/bailiff.log', 'none.log', 'journal/log']) assert.equal(fileOf(path), path);
});

test('without a target the log lies in /var/log for the service, beside the state for others', () => {
  const kept = process.env['LOGS_DIRECTORY'];
  delete process.env['LOGS_DIRECTORY'];
  assert.equal(fileOf(undefined), '/home/ada/.local/state/bailiff/bailiff.log');
  assert.equal(fileOf(undefined, '/var/lib/bailiff'), '/var/log/bailiff/bailiff.log');
  if (kept !== undefined) process.env['LOGS_DIRECTORY'] = kept;
});
