/**
 * What `config check` warns of: expressions that serve the client, each with a line that proves it, and jails that hear
 * nothing of what their service logs. What is shipped, and the guide's configuration, give no warning.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.js';
import type { Problem } from '../../src/config/problem.js';
import { checkFilter } from '../../src/jail/check-filter.js';
import { lint } from '../../src/jail/lint/lint.js';
import { type LintedFindings, lintExpressions } from '../../src/jail/lint/lint-expressions.js';
import { lintFilters } from '../../src/jail/lint/lint-filters.js';
import { LintedExpression, type LintSubject } from '../../src/jail/lint/linted-expression.js';
import { strayTags } from '../../src/jail/lint/stray-tags.js';
import { unheardFailures, type UnheardFailures } from '../../src/jail/lint/unheard-failures.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { bailiff } from '../cli/run-bailiff.js';
import { folderWith } from '../config/folder.js';
import { fail2ban } from '../dialect/fail2ban.js';
import { canUse, exportEntry, RemoteJournal } from '../source/test-journals.js';

/** An hour after the recording began. */
const RECORDED_MS = 1_795_362_052_000 + 3_600_000;
const NOWHERE: readonly string[] = [];

function subject(text: string): LintSubject {
  return { text, hostNames: true, multiline: false };
}

async function findings(...texts: readonly string[]): Promise<readonly LintedFindings[]> {
  return lintExpressions(texts.map(subject));
}

function read(configDirectory: string, asFail2ban = false): Configuration {
  return loadConfiguration({ configDirectory, asFail2ban, checkFilter });
}

const codes = (problems: readonly Problem[]): readonly string[] => problems.map(({ code }) => code);

const CHOSEN = [
  ['Login failed from <HOST>', 'loose'],
  [String.raw`<ADDR> - - "POST /login`, 'loose'],
  ['^.*Login failed from <HOST>$', 'loose'],
  ['^(?P<words>.+)Login failed from <HOST>$', 'loose'],
  ['^Login failed for .*? from <HOST>', 'wide'],
  ['^Login failed for .* from <HOST>', 'wide'],
  ['^Login failed for .+ from <HOST> port', 'wide'],
  [String.raw`^Failed (?:a|b) for <F-USER>[^:]+</F-USER> from <ADDR>`, 'wide'],
  [String.raw`^user=(?P<user>.*) rhost=<HOST>(?:\s+user=.*)?$`, 'wide'],
  [String.raw`^(?:<F-USER>.*</F-USER>: )?bad from <HOST>\b`, 'wide'],
] as const;

test('an expression that lets a client choose the address is found, with a line that it is misled by', async () => {
  const found = await findings(...CHOSEN.map(([text]) => text));
  for (const [index, [text, how]] of CHOSEN.entries()) {
    const choice = found[index]?.choice;
    assert.equal(choice?.how, how, text);
    const expression = new LintedExpression(subject(text));
    assert.equal(expression.addressIn(choice?.line ?? ''), choice?.given, text);
    assert.notEqual(choice?.given, choice?.real);
  }
});

const SOUND = [
  '^Login failed from <HOST>',
  '^Login failed for .* from <HOST>$',
  '^Login failed for .*? from <HOST>$',
  String.raw`^Login failed for \S+ from <HOST>`,
  '^Login failed for (?:(?! from ).)* from <HOST>',
  String.raw`^Failed password for <F-USER>.*</F-USER> from <ADDR> port \d+ ssh2$`,
  String.raw`^[^[]*\[<HOST>\]: SASL LOGIN authentication failed`,
  '^<HOST> .* 401 .*$',
  String.raw`^(?:a|b)\s*<HOST>: .*`,
  String.raw`^\s*(?:\S+\s+)?refused connect from \S+ \(<HOST>\)`,
];

test('an expression that binds the address to what the service writes is not', async () => {
  for (const [index, each] of (await findings(...SOUND)).entries())
    assert.deepEqual([each.choice, each.runaway, each.dead], [undefined, undefined, false], SOUND[index]);
});

test('an expression that does not come to an end is found by trying, and stops no other', async () => {
  const found = await lintExpressions(
    [
      String.raw`^x(?=.)(?:a+)+ <HOST>$`,
      String.raw`^(?!zzz)(?:Aborted login|Disconnected)(?:: (?:\w+\([^\):]*\) \w+|[^\(]+))* \(auth failed <HOST>`,
      '^sound <HOST>$',
      String.raw`^(?P<q>x)(?:b|bb)*(?P=q) <HOST>$`,
    ].map(subject),
    500,
  );
  assert.deepEqual(
    found.map(({ runaway }) => runaway?.pump),
    ['a', ': a', undefined, 'b'],
  );
});

test('an expression that does not compile is passed over here', async () => {
  const found = await findings('(', '^bad from <HOST>');
  assert.deepEqual(
    found.map(({ choice }) => choice),
    [undefined, undefined],
  );
});

test("where V8's linear engine takes over, an expression comes to its end", async () => {
  const [found] = await findings(String.raw`^x (?:a+)+ <ADDR>$`);
  assert.equal(found?.runaway, undefined);
});

test('groups and expressions that nothing can match are found', async () => {
  const found = await findings(
    '^a$ <HOST>',
    'a^ <HOST>',
    '^a (?:b|$ <F-USER>x</F-USER>)<HOST>$',
    String.raw`^a (?P<n>[^\s\S])?<HOST>$`,
    '^a(?:x<F-USER>y</F-USER>){0} <HOST>$',
    '^a <HOST>$\n?',
  );
  assert.deepEqual(
    found.map(({ dead, deadGroups }) => (dead ? 'all' : deadGroups.join())),
    ['all', 'all', 'user', 'n', 'user', ''],
  );
});

test('words that look like tags and are none are found', () => {
  assert.deepEqual(strayTags('^<HOSTS> <F-user>x</F-user> <host> </F-USER> <F-ID>y</F-ID> <ADDR>'), [
    '<HOSTS>',
    '<F-user>',
    '</F-user>',
    '<host>',
    '</F-USER>',
  ]);
  assert.deepEqual(
    strayTags(String.raw`(?P<host>\S+) (?<=<HOST>) <\S+@\S+> <F-MLFID>x</F-MLFID><SKIPLINES>`),
    [],
  );
});

test("config check passes the guide's configuration, and warns of its one slip alone: category 22", async () => {
  const configuration = join(packageRoot, 'config', 'policy');
  const { status, out } = await bailiff('config', 'check', '--json', '--config', configuration);
  assert.equal(status, 0, out);
  // A parse boundary: our own output.
  const { problems } = JSON.parse(out) as { readonly problems: readonly Problem[] };
  assert.deepEqual(codes(problems), ['action.report-category']);
});

test('every mode of every shipped filter passes', async (context) => {
  const jails = ['sshd', 'postfix', 'postfix-sasl', 'dovecot', 'apache-auth', 'rspamd', 'recidive'].flatMap(
    (filter) =>
      ['normal', 'more', 'extra', 'ddos', 'aggressive', 'auth', 'rbl', 'errors'].map(
        (mode) => [filter, mode] as const,
      ),
  );
  const known = jails.filter(([filter, mode]) => {
    const text = readFileSync(join(packageRoot, 'config', 'filter.d', `${filter}.conf`), 'utf8');
    return mode === 'normal' || new RegExp(`^re-(?:for-)?${mode} =`, 'm').test(text);
  });
  const sections = known.map(
    ([filter, mode]) =>
      `[${filter}-${mode}]\nenabled = true\nfilter = ${filter}[mode=${mode}]\nport = 1\nbackend = systemd\n`,
  );
  const configuration = read(folderWith(context, { 'jail.local': sections.join('') }));
  assert.ok(configuration.jails.length >= known.length);
  assert.deepEqual(await lintFilters(configuration), []);
});

/** Each is justified: docs/filters.md says why. */
const STOCK: Readonly<Record<string, string>> = {
  'courier-auth.conf': 'lint.runaway',
  'drupal-auth.conf': 'lint.address-choice',
  'oracleims.conf': 'lint.address-loose',
  'pam-generic.conf': 'lint.address-choice',
  'portsentry.conf': 'lint.address-loose',
  'pure-ftpd.conf': 'lint.address-choice',
  'roundcube-auth.conf': 'lint.address-choice',
  'selinux-common.conf': 'lint.runaway',
  'sogo-auth.conf': 'lint.never',
};

test("of Fail2Ban's stock filters only those are told that deserve it", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-stock-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fail2ban('1.1.0').configuration, folder, { recursive: true });
  const names = [...readFileSync(join(folder, 'jail.conf'), 'utf8').matchAll(/^\[([^\]]+)\]/gm)];
  const jails = names.flatMap(([, name = '']) => (/^(?:INCLUDES|DEFAULT)$/.test(name) ? [] : [name]));
  writeFileSync(
    join(folder, 'jail.local'),
    jails.map((name) => `[${name}]\nenabled = true\nlogpath = /dev/null\n`).join(''),
  );
  const told = await lintFilters(read(folder, true));
  context.diagnostic(`${jails.length} jails`);
  const found = Object.fromEntries(
    told.map(({ file = '', code }) => [file.slice(file.lastIndexOf('/') + 1), code]),
  );
  assert.deepEqual(found, STOCK);
});

const MINE = (failregex: string): string => `[Definition]\nfailregex = ${failregex}\n`;

function jail(name: string, log: string): string {
  return `[${name}]\nenabled = true\nfilter = ${name}\nport = 80\nlogpath = ${log}\n`;
}

/** A configuration of jails without sshd, each with a filter of its own and the log of the folder. */
function withLog(
  context: TestContext,
  filters: Readonly<Record<string, string>>,
  log: string,
): Configuration {
  const files = Object.fromEntries(
    Object.entries(filters).map(([name, text]) => [`filter.d/${name}.conf`, MINE(text)]),
  );
  const folder = folderWith(context, { ...files, 'app.log': log });
  const jails = Object.keys(filters).map((name) => jail(name, join(folder, 'app.log')));
  writeFileSync(join(folder, 'jail.local'), `[sshd]\nenabled = false\n${jails.join('')}`);
  return read(folder);
}

function logOf(text: string, times = 4, ago = 60): string {
  const at = new Date(Date.now() - ago * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${clock} ${text}\n`.repeat(times);
}

const FAILED = 'app: authentication failure for joe from 192.0.2.7';

test('a jail whose filter knows none of the failed logins of the last day is told, with one of them', async (context) => {
  const problems = await lint(
    withLog(context, { app: '^ app: login refused for <ADDR>$' }, logOf(FAILED)),
    NOWHERE,
  );
  assert.deepEqual(codes(problems), ['lint.unheard']);
  assert.match(problems[0]?.message ?? '', /4 lines .*authentication failure for joe from 192\.0\.2\.7/);
  assert.equal(problems[0]?.section, 'app');
});

test('a jail that recognises anything, or whose lines another jail knows, is not told', async (context) => {
  const heard = withLog(
    context,
    { app: '^ app: hello <ADDR>$' },
    logOf(FAILED) + logOf('app: hello 192.0.2.1', 1),
  );
  assert.deepEqual(await lint(heard, NOWHERE), []);
  const filters = {
    app: '^ app: login refused for <ADDR>$',
    other: '^ app: authentication failure for .* from <ADDR>$',
  };
  assert.deepEqual(await lint(withLog(context, filters, logOf(FAILED)), NOWHERE), []);
});

test('what is older than a day, has no address, or happened once or twice, is no reason to tell', async (context) => {
  const quiet = { app: '^ app: login refused for <ADDR>$' };
  assert.deepEqual(await lint(withLog(context, quiet, logOf(FAILED, 4, 90_000)), NOWHERE), []);
  assert.deepEqual(
    await lint(withLog(context, quiet, logOf('app: authentication failure for joe')), NOWHERE),
    [],
  );
  assert.deepEqual(await lint(withLog(context, quiet, logOf(FAILED, 2)), NOWHERE), []);
  const old = withLog(context, quiet, logOf(FAILED));
  utimesSync(join(old.directory, 'app.log'), new Date(0), new Date(0));
  assert.deepEqual(await lint(old, NOWHERE), []);
});

test('an expression that runs away is not tried on the logs', async (context) => {
  const problems = await lint(
    withLog(context, { app: '^(?=.)(?: app: (?:[^x]+)+)+x <ADDR>$' }, logOf(FAILED)),
    NOWHERE,
  );
  assert.deepEqual(codes(problems), ['lint.runaway']);
});

test('the journal of the last day is looked at by the match of the jail', async (context) => {
  if (!canUse(context, 'journal-remote')) return;
  const journal = new RemoteJournal(context);
  const entry = (number: number, unit: string): string =>
    exportEntry(number, {
      _SYSTEMD_UNIT: unit,
      _UID: '0',
      SYSLOG_IDENTIFIER: 'app',
      _HOSTNAME: 'mx',
      MESSAGE: 'authentication failure for joe from 192.0.2.7',
    });
  for (let number = 0; number < 5; number += 1) journal.write(entry(number, 'app.service'));
  await journal.end();
  const looked = async (unit: string): Promise<readonly UnheardFailures[]> => {
    const folder = folderWith(context, {
      'filter.d/app.conf': MINE(String.raw`^mx app: login refused for <ADDR>$`),
      'jail.local': `[sshd]\nenabled = false\n[app]\nenabled = true\nport = 80\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=${unit}\n`,
    });
    const nowMs = 1_795_362_052_000 + 60_000;
    return unheardFailures(read(folder).jails, { journals: [journal.directory], nowMs, untilMs: Infinity });
  };
  assert.deepEqual(
    (await looked('app.service')).map(({ jail: name, where, failures }) => [name, where, failures]),
    [['app', 'the journal', 5]],
  );
  assert.deepEqual(await looked('other.service'), []);
});

test("on a recorded day the guide's jails hear what was logged; Fail2Ban's dovecot does not", async (context) => {
  if (!canUse(context, 'journal-remote')) return;
  const recorded = join(packageRoot, 'recordings', 'debian13', 'virtual', 'journal.export.gz');
  const journal = new RemoteJournal(context);
  journal.write(gunzipSync(readFileSync(recorded)).toString('latin1'));
  await journal.end();
  const logs = { journals: [journal.directory], nowMs: RECORDED_MS, untilMs: Infinity };
  const guide = read(join(packageRoot, 'config', 'policy'));
  assert.deepEqual(await unheardFailures(guide.jails, logs), []);
  // As soon as every jail has heard something, the rest of the journal is left.
  assert.deepEqual(
    await unheardFailures(
      guide.jails.filter(({ name }) => name === 'sshd'),
      logs,
    ),
    [],
  );
  const stock = mkdtempSync(join(tmpdir(), 'bailiff-stock-'));
  context.after(() => rmSync(stock, { recursive: true, force: true }));
  cpSync(fail2ban('1.1.0').configuration, stock, { recursive: true });
  writeFileSync(
    join(stock, 'jail.local'),
    '[postfix]\nenabled = true\n[dovecot]\nenabled = true\nbackend = systemd\n',
  );
  const found = await unheardFailures(read(stock, true).jails, logs);
  assert.deepEqual(
    found.map(({ jail: name }) => name),
    ['dovecot'],
  );
  assert.match(found[0]?.line ?? '', /Login aborted: .*\(auth_failed\)/);
});
