/**
 * The recorded journals of two mail hosts as the lines that rsyslog would have written: of each daemon, or all of them.
 * Gives them by the name of the filter that reads them. Leaves out the few entries whose text is not plain.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../src/lib/package-root.js';

const HOSTS = ['virtual', 'pam'] as const;
const DAEMONS = { sshd: /^sshd/, postfix: /^postfix/, dovecot: /^dovecot/ } as const;

export function recordedLines(): ReadonlyMap<string, readonly string[]> {
  const entries = HOSTS.flatMap(entriesOf);
  return new Map(
    Object.entries(DAEMONS).map(([name, identifier]) => [
      name,
      entries.filter((entry) => identifier.test(entry.get('SYSLOG_IDENTIFIER') ?? '')).map(lineOf),
    ]),
  );
}

/** The one log in which all programs of both hosts write, one host after the other. */
export function recordedSyslog(): readonly string[] {
  return HOSTS.flatMap(entriesOf).map(lineOf);
}

/** Apache's error logs. */
export function recordedErrors(): readonly string[] {
  return HOSTS.flatMap((host) => recordedText(host, 'error.log.gz').split('\n').slice(0, -1));
}

function entriesOf(host: string): readonly ReadonlyMap<string, string>[] {
  const texts = recordedText(host, 'journal.export.gz').split('\n\n');
  const entries = texts.map(
    (text) =>
      new Map([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value])),
  );
  return entries.filter((entry) => entry.has('MESSAGE'));
}

function recordedText(host: string, file: string): string {
  return gunzipSync(readFileSync(join(packageRoot, 'recordings', 'debian13', host, file))).toString('utf8');
}

function lineOf(entry: ReadonlyMap<string, string>): string {
  const us = Number(entry.get('__REALTIME_TIMESTAMP'));
  const seconds = new Date(Math.floor(us / 1e6) * 1000).toISOString().slice(0, 19);
  const stamp = `${seconds}.${String(us % 1e6).padStart(6, '0')}+00:00`;
  const pid = entry.get('SYSLOG_PID') ?? entry.get('_PID') ?? '';
  return `${stamp} ${entry.get('_HOSTNAME') ?? ''} ${entry.get('SYSLOG_IDENTIFIER') ?? ''}[${pid}]: ${entry.get('MESSAGE') ?? ''}`;
}
