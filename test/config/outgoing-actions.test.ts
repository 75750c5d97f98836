import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.js';
import { stageChecks } from '../../src/jail/stage-checks.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { SMALL_FILTER, folderWith } from './folder.js';

const JAIL = '[own]\nenabled = yes\nfilter = small\nlogpath = /var/log/x\n';

function read(t: TestContext, jail: string, more: Readonly<Record<string, string>> = {}) {
  const folder = folderWith(t, { 'filter.d/small.conf': SMALL_FILTER, 'jail.local': jail, ...more });
  return { folder, read: loadConfiguration({ configDirectory: folder, ...stageChecks }) };
}

/** `severity code file:line section.option` */
function told(folder: string, { problems }: Configuration): readonly string[] {
  return problems.map(
    ({ severity, code, file, line, section, option }) =>
      `${severity} ${code} ${file?.replace(`${folder}/`, '')}:${line} ${section}.${option}`,
  );
}

interface Case {
  readonly what: string;
  readonly jail: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly expected: readonly string[];
  readonly says: RegExp;
}

const MW = 'action = %(action_mw)s\n';
const CASES: readonly Case[] = [
  {
    what: 'a destemail that is no address',
    jail: `[DEFAULT]\ndestemail = admin(at)example.org\n${JAIL}${MW}`,
    expected: ['error action.mail-address jail.local:2 DEFAULT.destemail'],
    says: /`admin\(at\)example.org` is no mail address.*root@localhost/,
  },
  {
    what: 'a destemail that begins an option',
    jail: `${JAIL}destemail = -oQ/tmp@x\n${MW}`,
    expected: ['error action.mail-address jail.local:5 own.destemail'],
    says: /`-oQ\/tmp@x`/,
  },
  {
    what: 'a sender that is no address, beside a destemail that is none',
    jail: `${JAIL}sender = me@@here\ndestemail = @\n${MW}`,
    expected: [
      'error action.mail-address jail.local:5 own.sender',
      'error action.mail-address jail.local:6 own.destemail',
    ],
    says: /me@@here.*`@`/,
  },
  {
    what: 'an address of its own in the call',
    jail: `${JAIL}action = nftables\n  sendmail[dest="a@b.example, c d@",\n  sender=root@localhost]\n`,
    expected: ['error action.mail-address jail.local:6 own.action'],
    says: /`d@`/,
  },
  {
    what: "an address in the action's file",
    jail: `${JAIL}action = sendmail\n`,
    more: { 'action.d/sendmail.local': '[Init]\n\ndest = nobody@\n' },
    expected: ['error action.mail-address action.d/sendmail.local:3 Init.dest'],
    says: /`nobody@`/,
  },
  {
    what: 'a login at a mail server',
    jail: `${JAIL}action = smtp.py[host="mx.example", user="joe", password="hush-hush"]\n`,
    expected: ['error action.mail-login jail.local:5 own.action'],
    says: /does not log in/,
  },
  {
    what: 'a mail server that is none',
    jail: `${JAIL}action = smtp.py[host="mx.example:smtp"]\n`,
    expected: ['error action.mail-server jail.local:5 own.action'],
    says: /127\.0\.0\.1:25/,
  },
  {
    what: 'a webhook without an address',
    jail: `${JAIL}action = nftables\n         webhook\n`,
    expected: ['error action.webhook-url jail.local:6 own.action'],
    says: /`webhook_url` is not set/,
  },
  {
    what: 'a webhook that would go unencrypted, in its file',
    jail: `${JAIL}action = webhook\n`,
    more: { 'action.d/webhook.local': '[Init]\nwebhook_url = http://hooks.example/HUSH-HUSH\n' },
    expected: ['error action.webhook-url action.d/webhook.local:2 Init.webhook_url'],
    says: /unencrypted/,
  },
  {
    what: 'an ntfy without a topic and with a token that is none',
    jail: `${JAIL}action = ntfy[ntfy_url="https://ntfy.example/", ntfy_token="HUSH HUSH"]\n`,
    expected: [
      'error action.webhook-url jail.local:5 own.action',
      'error action.webhook-secret jail.local:5 own.action',
    ],
    says: /names no topic.*no token/,
  },
  {
    what: 'a Slack address that is no address',
    jail: `${JAIL}action = slack[slack_webhook_url="hooks.example/HUSH-HUSH"]\n`,
    expected: ['error action.webhook-url jail.local:5 own.action'],
    says: /is no https address/,
  },
  {
    what: 'a token in a file that is not there',
    jail: `${JAIL}action = ntfy[ntfy_url="https://ntfy.example/x", ntfy_token="file:/nonexistent"]\n`,
    expected: ['error action.webhook-secret jail.local:5 own.action'],
    says: /`ntfy_token` cannot be read/,
  },
  {
    what: 'services of apprise in the open',
    jail: `${JAIL}action = apprise[args="mailto://joe:hush-hush@example.org"]\n`,
    expected: ['error action.webhook-arguments jail.local:5 own.action'],
    says: /--config/,
  },
  {
    what: 'reports that would go unencrypted',
    jail: `${JAIL}action = abuseipdb\n`,
    more: {
      'action.d/abuseipdb.local':
        '[Init]\nabuseipdb_apikey = HUSH-HUSH\nabuseipdb_url = http://127.0.0.1/api\n',
    },
    expected: ['error action.report-url action.d/abuseipdb.local:3 Init.abuseipdb_url'],
    says: /no https address/,
  },
  {
    what: 'a key of AbuseIPDB that is none',
    jail: `${JAIL}action = abuseipdb\n`,
    more: { 'action.d/abuseipdb.local': '[Init]\nabuseipdb_apikey = HUSH HUSH\n' },
    expected: ['error action.report-key action.d/abuseipdb.local:2 Init.abuseipdb_apikey'],
    says: /what no key holds/,
  },
  {
    what: 'a key of AbuseIPDB in a file that is not there',
    jail: `${JAIL}action = abuseipdb[abuseipdb_keyfile=/nonexistent]\n`,
    expected: ['error action.report-key jail.local:5 own.action'],
    says: /cannot be read/,
  },
];

for (const { what, jail, more, expected, says } of CASES)
  test(`${what} is told with file, line, option and remedy; the jail runs, and no secret is quoted`, (t) => {
    const { folder, read: configuration } = read(t, jail, more);
    assert.deepEqual(told(folder, configuration), expected);
    const texts = configuration.problems.map(({ message, remedy }) => `${message} ${remedy}`).join(' ');
    assert.match(texts, says);
    assert.doesNotMatch(JSON.stringify(configuration.problems), /hush/i);
    assert.ok(configuration.problems.every(({ remedy }) => remedy !== undefined));
    assert.deepEqual(configuration.brokenJails, []);
    assert.ok(configuration.jails.some(({ name }) => name === 'own'));
  });

test("the guide's category 22 on Postfix, which is SSH's, is a warning where it stands", () => {
  const configDirectory = join(packageRoot, 'config/policy');
  const configuration = loadConfiguration({ configDirectory, ...stageChecks });
  const guide = readFileSync(join(configDirectory, 'jail.local'), 'utf8').split('\n');
  const line = guide.findIndex((text) => text.includes('"22"')) + 1;
  assert.deepEqual(told(configDirectory, configuration), [
    `warning action.report-category jail.local:${line} postfix.action`,
  ]);
  assert.match(configuration.problems[0]?.message ?? '', /22 is not of its service/);
});

test("a category in the action's file is told once, for the jails that it does not fit", (t) => {
  const jails = ['sshd', 'postfix', 'postfix-sasl'].map(
    (name) => `[${name}]\nenabled = yes\naction = abuseipdb\n`,
  );
  const more = { 'action.d/abuseipdb.local': '[Init]\nabuseipdb_category = 18,22\n' };
  const { folder, read: configuration } = read(t, jails.join(''), more);
  assert.deepEqual(told(folder, configuration), [
    'warning action.report-category action.d/abuseipdb.local:2 Init.abuseipdb_category',
  ]);
});

test('what will be handed over or read by the service itself is no mistake', (t) => {
  const { read: configuration } = read(
    t,
    `${JAIL}sender = Mail Watch <root@<fq-hostname>>\naction = %(action_mw)s\n` +
      '  webhook[webhook_url="credential:hook", webhook_secret="credential:secret"]\n' +
      '  ntfy[ntfy_url="https://ntfy.example/bans"]\n  abuseipdb\n',
  );
  assert.deepEqual(configuration.problems, []);
});

test('smtphost and whoisserver that are no HOST:PORT are told, and give way to their defaults', (t) => {
  const { folder, read: configuration } = read(t, JAIL, {
    'bailiff.local':
      '[Definition]\nsmtphost = 127.0.0.1:smtp\nwhoisserver = whois.example:0\nmailer = pigeon\n',
  });
  assert.deepEqual(told(folder, configuration).toSorted(), [
    'error config.choice bailiff.local:4 Definition.mailer',
    'error config.server bailiff.local:2 Definition.smtphost',
    'error config.server bailiff.local:3 Definition.whoisserver',
  ]);
  const { smtpHost, whoisServer } = configuration.settings;
  assert.deepEqual([smtpHost, whoisServer], ['127.0.0.1:25', 'whois.iana.org']);
  const { read: off } = read(t, JAIL, { 'bailiff.local': '[Definition]\nwhoisserver = off\n' });
  assert.deepEqual([off.problems, off.settings.whoisServer], [[], undefined]);
  for (const whois of ['rdap', 'https://rdap.db.ripe.net', 'https://rdap.example:8443/x/'])
    assert.equal(serverOf(t, whois), whois);
  for (const wrong of ['http://rdap.db.ripe.net', 'https://joe:pw@rdap.example', 'https://', 'https://x/?q='])
    assert.equal(serverOf(t, wrong), 'whois.iana.org', wrong);
});

function serverOf(t: TestContext, whois: string): string | undefined {
  return read(t, JAIL, { 'bailiff.local': `[Definition]\nwhoisserver = ${whois}\n` }).read.settings
    .whoisServer;
}
