import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadConfiguration } from '../../src/config/configuration.js';
import { fullHostName } from '../../src/config/host-name.js';
import { trustedMatch } from '../../src/config/trusted-match.js';
import { formatJournalMatch, parseJournalMatch } from '../../src/lib/journal-match.js';
import { SMALL_FILTER, folderWith } from './folder.js';

function jail(context: TestContext, text: string, asFail2ban = false, filter = SMALL_FILTER) {
  const configDirectory = folderWith(context, {
    'filter.d/small.conf': filter,
    'jail.local': `[j]\nenabled = yes\nfilter = small\n${text}`,
  });
  const configuration = loadConfiguration({ configDirectory, asFail2ban });
  const found = configuration.jails.find(({ name }) => name === 'j');
  assert.ok(found, JSON.stringify(configuration.problems));
  return found;
}

test('what nobody sets has the defaults of the table', (context) => {
  const { failure, ban } = jail(context, '');
  assert.deepEqual(failure, {
    maxretry: 5,
    findtimeSeconds: 600,
    ignoreip: [],
    ignoreself: true,
    maxmatches: 5,
    sameattempt: true,
    ipv6prefix: 64,
    mostCounted: 50_000,
    knownclientsDays: 30,
  });
  assert.deepEqual(ban, {
    bantimeSeconds: 600,
    ipv6prefix: 64,
    spares: ['sessions', 'gateways', 'resolvers', 'networks'],
    breakerBans: 100,
  });
});

test('bans grow only where `bantime.increment` says so', (context) => {
  const text = 'bantime.formula = ban.Time * 3\nbantime.maxtime = 5w\nbantime.rndtime = 8m\n';
  assert.equal(jail(context, text).ban.growth, undefined);
  const more = 'bantime.increment = true\nbantime.multipliers = 1 5 30\nbantime.overalljails = yes\n';
  assert.deepEqual(jail(context, text + more).ban.growth, {
    factor: '1',
    formula: 'ban.Time * 3',
    multipliers: [1, 5, 30],
    maxtimeSeconds: 3_024_000,
    rndtimeSeconds: 480,
    overallJails: true,
  });
});

test('as Fail2Ban, nothing shipped is read and our own options are neutral', (context) => {
  const { failure, actions, ban } = jail(context, 'logpath = /var/log/x\n', true);
  assert.deepEqual([ban.spares, ban.breakerBans], [[], 0]);
  assert.deepEqual(
    [
      failure.maxretry,
      failure.sameattempt,
      failure.ipv6prefix,
      failure.knownclientsDays,
      failure.findtimeSeconds,
    ],
    [3, false, 128, 0, 600],
  );
  assert.deepEqual(actions, []);
});

test('logpath has a path or glob a line, each with its end', (context) => {
  const { watch } = jail(
    context,
    'backend = polling\nlogpath = /var/log/a/*.log tail\n  /var/log/b c\n  /var/log/d head\n',
  );
  assert.equal(watch.backend, 'file');
  assert.deepEqual(watch.files, [
    { glob: '/var/log/a/*.log', from: 'tail' },
    { glob: '/var/log/b c', from: 'head' },
    { glob: '/var/log/d', from: 'head' },
  ]);
});

test('auto without a file listens to the journal', (context) => {
  assert.equal(
    jail(context, 'backend = auto\njournalmatch = _SYSTEMD_UNIT=x.service\n').watch.backend,
    'journal',
  );
});

test('the journal namespace is a parameter of the backend', (context) => {
  assert.equal(jail(context, 'backend = systemd[namespace=mail]\n').watch.journalNamespace, 'mail');
});

test("a jail's journalmatch replaces its filter's; as Fail2Ban, it is added to one of [Init]", (context) => {
  const definition = `${SMALL_FILTER}journalmatch = _SYSTEMD_UNIT=f.service\n`;
  const init = `${SMALL_FILTER}[Init]\njournalmatch = _SYSTEMD_UNIT=f.service\n`;
  const own = 'backend = systemd\njournalmatch = _SYSTEMD_UNIT=j.service\n';
  const match = (text: string, asFail2ban: boolean, filter: string) =>
    formatJournalMatch(jail(context, text, asFail2ban, filter).watch.journalMatch);
  assert.equal(match('backend = systemd\n', false, definition), '_SYSTEMD_UNIT=f.service');
  assert.equal(match(own, false, init), '_SYSTEMD_UNIT=j.service');
  assert.equal(match(own, true, definition), '_SYSTEMD_UNIT=j.service');
  assert.equal(match(own, true, init), '_SYSTEMD_UNIT=f.service + _SYSTEMD_UNIT=j.service');
});

test('a jail may set what its filter says, and extend it', (context) => {
  const { filter } = jail(
    context,
    'failregex = %(known/failregex)s\n  ^worse <HOST>$\nmaxlines = 3\nusedns = no\nlogtimezone = UTC+0100\n',
  );
  assert.deepEqual(filter.failregex, ['^bad <HOST>$', '^worse <HOST>$']);
  assert.deepEqual([filter.maxlines, filter.usedns, filter.logTimezoneSeconds], [3, 'no', 3600]);
});

test('postfix in mode auth serves a jail that is configured so', (context) => {
  const configDirectory = folderWith(context, {
    'jail.local': '[sasl]\nenabled = yes\nfilter = postfix[mode=auth]\n',
  });
  const configuration = loadConfiguration({ configDirectory });
  const sasl = configuration.jails.find(({ name }) => name === 'sasl');
  assert.equal(sasl?.filter.name, 'postfix[mode=auth]');
  assert.ok((sasl?.filter.failregex.length ?? 0) > 0);
});

test("what any user can name also has to come from root or the service's user", () => {
  const uids = new Map([['postfix', 104]]);
  const narrowed = (text: string, filter: string) =>
    formatJournalMatch(trustedMatch(parseJournalMatch(text), filter, (user) => uids.get(user)).match);
  assert.equal(narrowed('_COMM=sshd', 'sshd'), '_COMM=sshd _UID=0');
  assert.equal(
    narrowed('SYSLOG_IDENTIFIER=postfix/smtpd', 'postfix'),
    'SYSLOG_IDENTIFIER=postfix/smtpd _UID=0 _UID=104',
  );
  assert.equal(
    narrowed('_SYSTEMD_UNIT=ssh.service _COMM=sshd', 'sshd'),
    '_SYSTEMD_UNIT=ssh.service _COMM=sshd',
  );
  assert.equal(narrowed('_COMM=x _UID=7', 'x'), '_COMM=x _UID=7');
  assert.equal(
    narrowed('_TRANSPORT=kernel SYSLOG_IDENTIFIER=kernel', 'x'),
    '_TRANSPORT=kernel SYSLOG_IDENTIFIER=kernel',
  );
});

test('the full name of this host is the one of hosts(5)', (context) => {
  const folder = folderWith(context, { hosts: '127.0.0.1 localhost\n127.0.1.1 mx.example.org mx # us\n' });
  assert.equal(fullHostName('mx', `${folder}/hosts`), 'mx.example.org');
  assert.equal(fullHostName('other', `${folder}/hosts`), 'other');
  assert.equal(fullHostName('mx', '/nonexistent'), 'mx');
});
