/**
 * docs/settings.md, made from the table of settings; a test holds the file against it.
 */
import type { SettingDefinition } from './setting-definition.js';
import { type SettingsFile, settingsTable } from './settings.js';

const INTRODUCTIONS: Readonly<Record<SettingsFile, string>> = {
  jail: `## Jails: jail.conf, jail.local, jail.d/

In the section of a jail, or in \`[DEFAULT]\` for all. Read in this order, later over earlier: the shipped \`jail.conf\`,
then in the configuration directory \`jail.conf\`, \`jail.d/*.conf\`, \`jail.local\`, \`jail.d/*.local\`. With
\`--as-fail2ban\` the shipped file is not read, and where a second default is given, that one holds.`,
  fail2ban: `## fail2ban.conf, fail2ban.local

In \`[Definition]\`. Read so that an installation of Fail2Ban can be taken over as it is.`,
  bailiff: `## Bailiff itself: bailiff.conf, bailiff.local

In \`[Definition]\`; from /etc/bailiff or the directory given with \`--config\`, wherever the jails come from.`,
};

/** The whole document. */
export function settingsDocument(): string {
  const parts = (['jail', 'fail2ban', 'bailiff'] as const).map(
    (file) => `${INTRODUCTIONS[file]}\n\n${tableOf(settingsTable[file])}`,
  );
  return `# Settings

Made from \`src/config/settings*.ts\` (\`node scripts/settings-document.mjs\`). Times are seconds or expressions such as
\`10m\`, \`1d12h\`, \`2w\`; yes and no are also \`true\`, \`on\`, \`1\` and \`false\`, \`off\`, \`0\`. A key that no table names and
nothing interpolates is a warning of \`bailiff config check\`.

${parts.join('\n\n')}
`;
}

function tableOf(settings: readonly SettingDefinition[]): string {
  const rows = settings.map((setting) => {
    const idle = setting.idle === true ? ' *(without effect in this version)*' : '';
    return `| \`${setting.name}\` | ${typeOf(setting)} | ${defaultsOf(setting)} | ${setting.help}${idle} |`;
  });
  return ['| setting | type | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf({ type, range, choices }: SettingDefinition): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (range === undefined) return type === 'boolean' ? 'yes or no' : type;
  const [least, most] = range;
  return type === 'time' ? `time, ${least} s to ${most} s` : `${type}, ${least} to ${most}`;
}

function defaultsOf(setting: SettingDefinition): string {
  const shown = (text: string | undefined): string =>
    text === undefined ? 'unset' : text === '' ? 'empty' : `\`${text}\``;
  const { neutral } = setting;
  return neutral === undefined ? shown(setting.default) : `${shown(setting.default)}; ${shown(neutral)}`;
}
