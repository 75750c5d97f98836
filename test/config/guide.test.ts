import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.js';
import { checkFilter } from '../../src/jail/check-filter.js';
import { formatJournalMatch } from '../../src/lib/journal-match.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { folderWith } from './folder.js';

const GUIDE = readFileSync(join(packageRoot, 'config/policy/jail.local'), 'utf8');
const JAILS = ['sshd', 'apache-auth', 'postfix', 'postfix-sasl', 'dovecot', 'recidive'];

/** What Debian lays down beside the guide's file, as far as the jails rest on it. */
const DEBIAN = {
  'jail.d/defaults-debian.conf':
    '[DEFAULT]\nbanaction = nftables\nbanaction_allports = nftables[type=allports]\n\n' +
    '[sshd]\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=ssh.service + _COMM=sshd\nenabled = true\n',
};

function jailOf(configuration: Configuration, name: string) {
  const jail = configuration.jails.find((each) => each.name === name);
  assert.ok(jail, `${name} runs`);
  return jail;
}

test('the guide alone, in /etc/bailiff or given, makes six jails without a problem', (context) => {
  const configDirectory = folderWith(context, { 'jail.local': GUIDE });
  const given = loadConfiguration({ configDirectory });
  const etcBailiff = loadConfiguration({
    environment: { etcBailiff: configDirectory, etcFail2ban: '/nonexistent' },
  });
  for (const configuration of [given, etcBailiff]) {
    assert.deepEqual(configuration.problems, []);
    assert.deepEqual(configuration.jails.map(({ name }) => name).sort(), [...JAILS].sort());
  }
});

test("the guide beside Debian's files makes the same six, and tells that _COMM can be anybody's", (context) => {
  const etcFail2ban = folderWith(context, { ...DEBIAN, 'jail.local': GUIDE });
  const configuration = loadConfiguration({ environment: { etcBailiff: '/nonexistent', etcFail2ban } });
  assert.equal(configuration.from, 'fail2ban');
  assert.deepEqual(configuration.jails.map(({ name }) => name).sort(), [...JAILS].sort());
  assert.deepEqual(
    configuration.problems.map(({ code, section }) => [code, section]),
    [['config.journalmatch-trust', 'sshd']],
  );
  const match = formatJournalMatch(jailOf(configuration, 'sshd').watch.journalMatch);
  assert.match(match, /^_SYSTEMD_UNIT=ssh\.service \+ _COMM=sshd _UID=0/);
});

test("a machine without jails gets the shipped mail policy, which is the guide's", () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  assert.equal(configuration.from, 'policy');
  assert.deepEqual(configuration.jails.map(({ name }) => name).sort(), [...JAILS].sort());
  assert.ok(!configuration.jails.some(({ name }) => name === 'rspamd'), 'verdicts on content are off');
});

test("the guide's numbers reach the stages", () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  const told = configuration.jails.map(({ name, failure, ban }) => [
    name,
    failure.maxretry,
    failure.findtimeSeconds,
    ban.bantimeSeconds,
  ]);
  assert.deepEqual(
    new Set(told.map(String)),
    new Set([
      'sshd,3,600,43200',
      'apache-auth,5,180,600',
      'postfix,3,600,3600',
      'postfix-sasl,3,600,14400',
      'dovecot,4,600,7200',
      'recidive,5,86400,604800',
    ]),
  );
});

test('each jail bans, mails and reports as the guide says', () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  const { actions } = jailOf(configuration, 'postfix');
  assert.deepEqual(
    actions.map(({ name, native }) => [name, native]),
    [
      ['nftables', 'nftables'],
      ['sendmail-whois', 'sendmail-whois'],
      ['abuseipdb', 'abuseipdb'],
    ],
  );
  assert.equal(actions[0]?.parameters['port'], 'smtp,465,submission');
  assert.equal(actions[0]?.parameters['blocktype'], 'drop');
  assert.equal(actions[1]?.parameters['dest'], 'root@localhost');
  assert.equal(actions[2]?.parameters['abuseipdb_category'], '22');
  assert.equal(jailOf(configuration, 'recidive').actions[0]?.parameters['type'], 'allports');
});

test('a deaf jail can listen the other way: file beside journal, journal beside file', () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  const apache = jailOf(configuration, 'apache-auth');
  assert.equal(apache.watch.backend, 'journal');
  assert.deepEqual(apache.watch.files, [{ glob: '/var/log/apache2/*error.log', from: 'head' }]);
  assert.equal(apache.filter.logtype, 'journal');
  assert.equal(apache.otherFilter?.logtype, 'file');
  const recidive = jailOf(configuration, 'recidive');
  assert.equal(recidive.watch.backend, 'file');
  assert.equal(recidive.countsBans, true);
  assert.ok(recidive.watch.journalMatch.length > 0);
  assert.equal(recidive.otherFilter?.logtype, 'journal');
});

test('every shipped jail is sound, those that are off as well', (context) => {
  const names = [...JAILS, 'rspamd'];
  const text = names.map((name) => `[${name}]\nenabled = true\naction = %(action_mwl)s\n`).join('');
  const configDirectory = folderWith(context, { 'jail.local': text });
  const configuration = loadConfiguration({ configDirectory, checkFilter });
  assert.deepEqual(configuration.problems, []);
  assert.deepEqual(configuration.jails.map(({ name }) => name).sort(), names.sort());
});

test('what was read cannot be changed', () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  const [jail] = configuration.jails;
  assert.ok(jail);
  for (const part of [
    configuration,
    configuration.jails,
    jail,
    jail.failure,
    jail.filter.failregex,
    jail.actions[0],
  ])
    assert.ok(Object.isFrozen(part));
});

test('where both directories hold jails, /etc/bailiff is read and the other is named', (context) => {
  const etcBailiff = folderWith(context, { 'jail.local': '[sshd]\nmaxretry = 2\n' });
  const etcFail2ban = folderWith(context, { 'jail.local': GUIDE });
  const configuration = loadConfiguration({ environment: { etcBailiff, etcFail2ban } });
  assert.deepEqual([configuration.directory, configuration.ignoredDirectory], [etcBailiff, etcFail2ban]);
  assert.deepEqual(
    configuration.jails.map(({ name, failure }) => [name, failure.maxretry]),
    [['sshd', 2]],
  );
});

test('bailiff.conf is read from /etc/bailiff even where the jails come from /etc/fail2ban', (context) => {
  const etcBailiff = folderWith(context, { 'bailiff.local': '[Definition]\nenforce = nftables\n' });
  const etcFail2ban = folderWith(context, { 'jail.local': GUIDE });
  const configuration = loadConfiguration({ environment: { etcBailiff, etcFail2ban } });
  assert.equal(configuration.directory, etcFail2ban);
  assert.equal(configuration.settings.enforce, 'nftables');
});

test("nobody's word on enforcement means observing", () => {
  const configuration = loadConfiguration({
    environment: { etcBailiff: '/nonexistent', etcFail2ban: '/nonexistent' },
  });
  assert.equal(configuration.settings.enforce, undefined);
});
