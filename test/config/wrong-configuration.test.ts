import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as fc from 'fast-check';
import { loadConfiguration } from '../../src/config/configuration.js';
import type { Problem } from '../../src/config/problem.js';
import { checkFilter } from '../../src/jail/check-filter.js';
import { SMALL_FILTER, folderWith } from './folder.js';

/** Reads jail.local (and more) beside a sound jail named `sound`. */
function read(context: TestContext, jail: string, more: Readonly<Record<string, string>> = {}) {
  const configDirectory = folderWith(context, {
    'filter.d/small.conf': SMALL_FILTER,
    'jail.d/sound.conf': '[sound]\nenabled = yes\nfilter = small\nlogpath = /var/log/x\n',
    'jail.local': jail,
    ...more,
  });
  const configuration = loadConfiguration({ configDirectory, checkFilter });
  return { configDirectory, configuration };
}

const JAIL = '[broken]\nenabled = yes\nfilter = small\nlogpath = /var/log/x\n';

interface Case {
  readonly what: string;
  readonly jail: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly expected: Partial<Problem> & { readonly code: string; readonly line: number };
  readonly remedy: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: 'a time that is none',
    jail: `${JAIL}bantime = soon\n`,
    expected: { code: 'config.time', line: 5, option: 'bantime' },
    remedy: /1d12h/,
  },
  {
    what: 'a findtime of nothing',
    jail: `${JAIL}findtime = 0\n`,
    expected: { code: 'config.time', line: 5, option: 'findtime' },
    remedy: /10m/,
  },
  {
    what: 'a ban of less than for ever',
    jail: `${JAIL}bantime = -2\n`,
    expected: { code: 'config.time', line: 5, option: 'bantime' },
    remedy: /-1 bans for ever/,
  },
  {
    what: 'a number that is none',
    jail: `${JAIL}maxretry = three\n`,
    expected: { code: 'config.number', line: 5, option: 'maxretry' },
    remedy: /whole number/,
  },
  {
    what: 'neither yes nor no',
    jail: `${JAIL}ignoreself = perhaps\n`,
    expected: { code: 'config.boolean', line: 5, option: 'ignoreself' },
    remedy: /yes or no/,
  },
  {
    what: 'a formula that is none',
    jail: `${JAIL}bantime.formula = __import__("os").system("id")\n`,
    expected: { code: 'config.formula', line: 5, option: 'bantime.formula' },
    remedy: /ban\.Time/,
  },
  {
    what: 'a multiplier that is no number',
    jail: `${JAIL}bantime.multipliers = 1 5 many\n`,
    expected: { code: 'config.number', line: 5, option: 'bantime.multipliers' },
    remedy: /whole number/,
  },
  {
    what: 'an ignorecache without a key',
    jail: `${JAIL}ignorecache = max-count=100\n`,
    expected: { code: 'config.ignorecache', line: 5, option: 'ignorecache' },
    remedy: /max-time=5m/,
  },
  {
    what: 'an action that does not exist',
    jail: `${JAIL}action = nftable[port=ssh]\n`,
    expected: { code: 'config.action-missing', line: 5, option: 'action' },
    remedy: /`nftables`/,
  },
  {
    what: 'an action without its closing bracket',
    jail: `${JAIL}action = nftables[port=ssh\n`,
    expected: { code: 'config.parameters', line: 5, option: 'action' },
    remedy: /quote/,
  },
  {
    what: 'the same action twice',
    jail: `${JAIL}action = nftables\n  nftables\n`,
    expected: { code: 'config.action-twice', line: 5, option: 'action' },
    remedy: /actname/,
  },
  {
    what: 'a jail with an empty filter',
    jail: '[broken]\nenabled = yes\nfilter =\nlogpath = /var/log/x\n',
    expected: { code: 'config.filter-missing', line: 3, option: 'filter' },
    remedy: /filter = NAME/,
  },
  {
    what: 'a filter that does not exist',
    jail: '[broken]\nenabled = yes\nfilter = smal\nlogpath = /var/log/x\n',
    expected: { code: 'config.filter-missing', line: 3, option: 'filter' },
    remedy: /`small`/,
  },
  {
    what: 'a filter without a failregex',
    jail: '[broken]\nenabled = yes\nfilter = own\nlogpath = /var/log/x\n',
    more: { 'filter.d/own.conf': '[Definition]\nfailregex =\n' },
    expected: { code: 'config.filter-empty', line: 2, option: 'failregex', section: 'Definition' },
    remedy: /<HOST>/,
  },
  {
    what: 'an expression that can give no address, at its own line',
    jail: '[broken]\nenabled = yes\nfilter = own\nlogpath = /var/log/x\n',
    more: { 'filter.d/own.conf': '[Definition]\nfailregex = ^good <HOST>$\n    # note\n    ^bad .*$\n' },
    expected: { code: 'config.filter-no-address', line: 4, option: 'failregex', section: 'Definition' },
    remedy: /<HOST>/,
  },
  {
    what: 'an expression that does not compile',
    jail: '[broken]\nenabled = yes\nfilter = own\nlogpath = /var/log/x\n',
    more: { 'filter.d/own.conf': '[Definition]\nfailregex = ^fine <HOST>$\n    ^((bad <HOST>$\n' },
    expected: { code: 'filter.regex', line: 3, option: 'failregex', section: 'Definition' },
    remedy: /Correct the expression/,
  },
  {
    what: 'a reference to nothing',
    jail: `${JAIL}logpath2 = x\nport = %(prot)s\naction = nftables[port="%(port)s"]\n`,
    expected: { code: 'config.interpolation', line: 6, option: 'port' },
    remedy: /\[DEFAULT\]/,
  },
  {
    what: 'a journal match that is none',
    jail: `${JAIL}backend = systemd\njournalmatch = ssh.service\n`,
    expected: { code: 'config.journalmatch', line: 6, option: 'journalmatch' },
    remedy: /journalctl/,
  },
  {
    what: 'a backend that does not exist',
    jail: `${JAIL}backend = inotify\n`,
    expected: { code: 'config.choice', line: 5, option: 'backend' },
    remedy: /systemd/,
  },
  {
    what: 'an option that stands twice',
    jail: `${JAIL}logpath = /var/log/y\n`,
    expected: { code: 'config.duplicate', line: 5, option: 'logpath' },
    remedy: /one of them/,
  },
];

for (const { what, jail, more, expected, remedy } of CASES)
  test(`${what} is told with file, line, option and remedy; the other jail runs`, (context) => {
    const { configDirectory, configuration } = read(context, jail, more);
    const [first] = configuration.problems.filter(({ severity }) => severity === 'error');
    assert.ok(first);
    const file = join(configDirectory, more === undefined ? 'jail.local' : 'filter.d/own.conf');
    assert.deepEqual({ ...first, ...expected, file }, first);
    assert.match(first.remedy ?? '', remedy);
    assert.deepEqual(configuration.brokenJails, ['broken']);
    assert.ok(configuration.jails.some(({ name }) => name === 'sound'));
  });

test('a mistake in [DEFAULT] is told once, at its place, and breaks every jail that it reaches', (context) => {
  const { configuration } = read(context, `[DEFAULT]\nbantime = soon\n${JAIL}`);
  assert.deepEqual(
    configuration.problems.map(({ code, line, section }) => [code, line, section]),
    [['config.time', 2, 'DEFAULT']],
  );
  assert.deepEqual([...configuration.brokenJails].sort(), ['broken', 'sound', 'sshd']);
  assert.deepEqual(configuration.jails, []);
});

test('several mistakes in one jail are told at once', (context) => {
  const { configuration } = read(context, `${JAIL}bantime = x\nfindtime = y\nmaxretry = z\n`);
  assert.deepEqual(
    configuration.problems.map(({ line }) => line),
    [7, 6, 5],
  );
});

test('a Python action is refused by name and the jail runs on', (context) => {
  const { configuration } = read(context, `${JAIL}action = nftables\n  own.py[x=1]\n`);
  const [problem] = configuration.problems;
  assert.deepEqual([problem?.severity, problem?.code, problem?.line], ['warning', 'config.action-python', 5]);
  assert.match(problem?.message ?? '', /own\.py/);
  assert.deepEqual(
    configuration.jails.find(({ name }) => name === 'broken')?.actions.map(({ name }) => name),
    ['nftables'],
  );
});

test('an unknown key is a warning with the nearest name, and the jail runs', (context) => {
  const { configDirectory, configuration } = read(context, `${JAIL}maxrety = 3\n`);
  assert.deepEqual(configuration.problems, [
    {
      severity: 'warning',
      code: 'config.unknown-key',
      file: join(configDirectory, 'jail.local'),
      line: 5,
      section: 'broken',
      option: 'maxrety',
      message: 'no setting has this name.',
      remedy: 'Did you mean `maxretry`?',
    },
  ]);
  assert.ok(configuration.jails.some(({ name }) => name === 'broken'));
});

test('a section that is a slip away from a jail is told', (context) => {
  const { configuration } = read(context, '[dovcot]\nbantime = 2h\n[mine]\nbantime = 2h\n');
  assert.deepEqual(
    configuration.problems.map(({ code, line, section, remedy }) => [
      code,
      line,
      section,
      remedy?.slice(0, 23),
    ]),
    [['config.stray-section', 2, 'dovcot', 'Did you mean [dovecot]?']],
  );
});

test("a key of one's own that something interpolates is no mistake", (context) => {
  const { configuration } = read(context, `${JAIL}my_ports = 25\nport = %(my_ports)s\n`);
  assert.deepEqual(configuration.problems, []);
});

test('a slip beside an action is an error, but the jail bans on', (context) => {
  const { configDirectory, configuration } = read(context, `${JAIL}action = nftables\n  abuseipdb\n`, {
    'action.d/abuseipdb.local': 'abuseipdb_apikey = KEY\nabuseipdb_category = 18\n',
  });
  const file = join(configDirectory, 'action.d/abuseipdb.local');
  assert.deepEqual(
    configuration.problems.map(({ severity, code, file, line }) => [severity, code, file, line]),
    [1, 2].map((line) => ['error', 'config.syntax', file, line]),
  );
  const jail = configuration.jails.find(({ name }) => name === 'broken');
  assert.deepEqual(
    jail?.actions.map(({ name }) => name),
    ['nftables', 'abuseipdb'],
  );
});

test('no problem quotes a key', (context) => {
  const { configuration } = read(context, `${JAIL}action = abuseipdb[abuseipdb_apikey="SECRET1234, x=1\n`, {
    'action.d/abuseipdb.local': 'abuseipdb_apikey = SECRET1234\n',
    'jail.d/other.local': '[other]\nenabled = yes\nfilter = small\naction = abuseipdb\n',
  });
  assert.deepEqual(configuration.problems.map(({ code }) => code).sort(), [
    'config.parameters',
    'config.syntax',
  ]);
  assert.doesNotMatch(JSON.stringify(configuration.problems), /SECRET/);
});

test('a setting that has no effect in this version is told', (context) => {
  const { configuration } = read(context, `${JAIL}skip_if_nologs = true\n`);
  assert.deepEqual(
    configuration.problems.map(({ code, option, severity }) => [severity, code, option]),
    [['warning', 'config.no-effect', 'skip_if_nologs']],
  );
});

test("a wrong value of Bailiff's own settings gives way to the default and is told", (context) => {
  const { configuration } = read(context, '', {
    'bailiff.local': '[Definition]\nenforce = iptables\nlogleval = debug\n',
  });
  assert.equal(configuration.settings.enforce, undefined);
  assert.deepEqual(
    configuration.problems.map(({ code, option }) => [code, option]),
    [
      ['config.unknown-key', 'logleval'],
      ['config.choice', 'enforce'],
    ],
  );
});

test('a file that is no configuration at all does not stop the reading', (context) => {
  const { configuration } = read(context, '\u0000\u001b[2J garbage\n= = =\n[\n');
  assert.ok(configuration.problems.length > 0);
  assert.ok(configuration.jails.some(({ name }) => name === 'sound'));
});

test('whatever the files say, reading ends with problems, not with an exception', (context) => {
  const lines = fc.constantFrom(
    '[sshd]', '[DEFAULT]', '[x]', 'enabled = yes', 'filter = %(__name__)s[mode=<a>]', 'filter = sshd', '  more', 'a = <b>',
    'b = <a>', 'action = %(action_)s', 'action = nftables[a="<b>"]', 'bantime = %(bantime)s', 'logpath = *', 'maxretry = 1e9',
    'failregex = (', 'failregex = %(known/failregex)s %(known/x)s', 'journalmatch = _COMM=a +', 'backend = systemd[', '%', '= 1',
    'ignoreip = <x>', 'usedns = %(a)s', '[INCLUDES]', 'before = jail.local', '\u0000\u001b[2J',
  ); // prettier-ignore
  const configDirectory = folderWith(context, {});
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 12 }), (text) => {
      writeFileSync(join(configDirectory, 'jail.local'), text.join('\n'));
      for (const asFail2ban of [false, true]) {
        const configuration = loadConfiguration({ configDirectory, asFail2ban });
        assert.equal(
          configuration.enabledJails.length,
          configuration.jails.length + configuration.brokenJails.length,
        );
      }
    }),
    { numRuns: 60 },
  );
});
