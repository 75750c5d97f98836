import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { lineJson } from '../../src/cli/match.js';
import { buildProgram } from '../../src/cli/program.js';
import { eventJson } from '../../src/cli/replay.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderFor, serve } from '../control/sample-server.js';
import { bailiff } from './run-bailiff.js';
import { matchLine, replayEvents } from './sample-events.js';

/** `## title` → its text, of a page of docs/. */
function sections(page: string): Map<string, string> {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part]),
  );
}

function commands(command: Command, name: string): [string, Command][] {
  return [[name, command], ...command.commands.flatMap((sub) => commands(sub, `${name} ${sub.name()}`))];
}

const program = commands(
  buildProgram(() => Promise.resolve()),
  'bailiff',
);

test('every command is on the page of commands, and no other', () => {
  assert.deepEqual([...sections('commands.md').keys()].sort(), program.map(([name]) => name).sort());
});

for (const [name, command] of program) {
  test(`${name}: the page names its options, and no other`, () => {
    const text = sections('commands.md').get(name) ?? '';
    const rows = text.split('\n').filter((line) => line.startsWith('| `-'));
    const written = /^bailiff (?:client|fail2ban-regex)$/.test(name)
      ? []
      : rows.flatMap((row) => row.split(' | ')[0]?.match(/--[a-z][a-z0-9-]*/g) ?? []);
    const known = command.options.map(({ long }) => long ?? '');
    assert.deepEqual(written.sort(), known.sort());
  });

  test(`${name}: --help has an example`, async () => {
    const { status, out } = await bailiff(...name.split(' ').slice(1), '--help');
    assert.equal(status, 0);
    assert.match(out, /Example:\n {2}(bailiff|fail2ban-client) /);
  });
}

/** Every name of a field in a value; names inside `counters` are data. */
function fieldNames(value: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) fieldNames(item, names);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      names.add(name);
      if (name !== 'counters') fieldNames(item, names);
    }
  }
  return names;
}

function compare(title: string, printed: ReadonlySet<string>, alsoKnown: Iterable<string> = []): void {
  const text = sections('json.md').get(title) ?? '';
  const written = new Set([...text.matchAll(/`([A-Za-z][A-Za-z0-9]*)`/g)].map(([, name]) => name ?? ''));
  for (const name of printed) assert.ok(written.has(name), `${title}: ${name} is not in docs/json.md`);
  // In the first column there are names of fields alone.
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const columns = rows.map((row) => row.split(' | ')[0] ?? '').join(' ');
  const known = new Set([...printed, ...alsoKnown]);
  for (const [, name = ''] of columns.matchAll(/`([^`]+)`/g))
    assert.ok(known.has(name), `${title}: ${name} is not printed`);
}

test('the fields that the asking commands print are those of the page', async (t) => {
  const { path } = await serve(t);
  const commandLines: Readonly<Record<string, readonly string[]>> = {
    status: ['status'],
    'status JAIL': ['status', 'sshd'],
    banned: ['banned'],
    release: ['release', 'sshd'],
    top: ['top'],
    ban: ['ban', 'sshd', '192.0.2.50', '127.0.0.1'],
    explain: ['explain', '192.0.2.1'],
    'reports list': ['reports'],
    'reports preview': ['reports', 'preview'],
    'reports flush': ['reports', 'flush'],
    'reports forget': ['reports', 'forget', '192.0.2.1'],
    unban: ['unban', '192.0.2.50'],
  };
  const jailFields = fieldNames(
    JSON.parse((await bailiff('status', 'sshd', '--json', '--socket', path)).out),
  );
  for (const [title, words] of Object.entries(commandLines)) {
    const { out } = await bailiff(...words, '--json', '--socket', path);
    assert.equal(out.trimEnd().split('\n').length, 1, `${title} prints one line`);
    const names = fieldNames(JSON.parse(out));
    if (title === 'status') for (const name of jailFields) names.delete(name);
    if (title === 'status') for (const name of ['state', 'text']) names.add(name);
    compare(title, names);
  }
});

test('the fields of match and replay are those of the page', () => {
  const lines = (['failure', 'ignored', 'success'] as const).map((verdict) => lineJson(matchLine(verdict)));
  compare('match', fieldNames(lines));
  compare('replay', fieldNames(replayEvents.map(eventJson)));
});

test('the fields of config check are those of the page', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'jail.d'));
  writeFileSync(join(folder, 'jail.d', 'a.conf'), '[nowhere]\nenabled = true\nbantiem = 1\n');
  const { out } = await bailiff('config', 'check', '--json', '--config', folder);
  compare('config check', fieldNames(JSON.parse(out)));
});

test('the fields of known-good are those of the page', async (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'jail.local'), '[sshd]\nenabled = true\n');
  writeFileSync(join(folder, 'other'), '');
  const places = ['--config', folder, '--state', join(folder, 'state'), '--json'];
  for (const verb of ['save', 'check', 'show']) {
    if (verb === 'check') writeFileSync(join(folder, 'bailiff.local'), '[Definition]\nloglevel = debug\n');
    const { out } = await bailiff('known-good', verb, ...places);
    // A parse boundary: our own output.
    const printed = JSON.parse(out) as Record<string, unknown>;
    // Names of facts are data.
    compare(`known-good ${verb}`, fieldNames(verb === 'show' ? { ...printed, facts: null } : printed));
  }
});

test('the fields of config import are those of the page', async (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'jail.local'), `[DEFAULT]\naction = ${folder}/x\n[sshd]\nenabled = true\n`);
  const words = ['config', 'import', folder, '--to', `${folder}-to`, '--db', 'none', '--dry-run', '--json'];
  const { out } = await bailiff(...words);
  const fieldsOfBans = ['taken', 'jails', 'jail', 'inForce', 'over', 'known', 'passedOver', 'id', 'tooOld'];
  const printed = fieldNames(JSON.parse(out));
  compare('config import', printed, [...fieldsOfBans, 'severity', 'code', 'text']);
});
