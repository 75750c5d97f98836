/**
 * The recorded hosts as the tests need them: the journal's entries and Apache's and Rspamd's lines, and what the clients
 * did. Reads systemd's export format without binary fields (the recordings have none).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Line } from '../../src/source/lines.js';
import { packageRoot } from '../../src/lib/package-root.js';

export interface Act {
  readonly src: string;
  readonly service: string;
  readonly user: string;
  readonly kind: string;
  readonly outcome: string;
}

/** A journal entry with the unit that a journal match asks for. */
export interface Entry extends Line {
  readonly unit: string;
}

function unpack(host: string, file: string): string {
  return gunzipSync(readFileSync(join(packageRoot, 'recordings/debian13', host, `${file}.gz`))).toString(
    'utf8',
  );
}

/** What each client did, in order. */
export function truth(host: string): readonly Act[] {
  const lines = unpack(host, 'truth.jsonl').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Act);
}

/** Entries as `HOST IDENT[PID]: MESSAGE`. */
export function journal(host: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (const block of unpack(host, 'journal.export').split('\n\n')) {
    const fields = new Map(block.split('\n').map((line) => splitField(line)));
    const message = fields.get('MESSAGE');
    if (message === undefined) continue;
    const ident = fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM') ?? '';
    const pid = fields.get('SYSLOG_PID') ?? fields.get('_PID') ?? '';
    entries.push({
      text: `${fields.get('_HOSTNAME') ?? 'mx13'} ${ident}[${pid}]: ${message}`,
      timeMs: Number(fields.get('__REALTIME_TIMESTAMP')) / 1000,
      route: 0,
      unit: fields.get('_SYSTEMD_UNIT') ?? '',
    });
  }
  return entries;
}

/** Lines of a log file, their time still in the text. */
export function logLines(host: string, file: 'error.log' | 'rspamd.log'): readonly Line[] {
  const lines = unpack(host, file).split('\n');
  return lines.map((text) => ({ text, timeMs: Number.NaN, route: 0 }));
}

function splitField(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
