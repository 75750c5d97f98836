/**
 * An `/etc/fail2ban` as it grows over the years: twenty jails over one log, custom filters, two of them over several
 * lines, and shell actions of every kind, each of which writes down what it is told in `$RECORD/JAIL-ACTION`.
 */

/** What each ban and unban is told, beyond the address; quoted as an admin would. */
const TOLD = ['fid', 'family', 'failures', 'time', 'bantime', 'restored', 'F-USER', 'F-PORT', 'matches', 'ip-rev']; // prettier-ignore
/**
 * Asked at the end, and of an address that is banned once: Fail2Ban bans beside writing the ban down, and tells of the
 * ban before after an unban.
 */
const PAST = ['ipmatches', 'ipfailures', 'ipjailmatches', 'ipjailfailures'];

/** A command that writes one line of its words; tags between double quotes, so that nothing of them is run or parted. */
function record(words: string): string {
  return `printf '%%s\\n' "${words}" | tr '\\n' '~' >> "$RECORD/<name>-<actname>"; echo >> "$RECORD/<name>-<actname>"`;
}

const told = (tags: readonly string[]): string => tags.map((tag) => `${tag}=<${tag}>`).join(' ');
const ban = `actionban = ${record(`ban <ip> ${told(TOLD)}`)}
actionunban = ${record(`unban <ip> ${told(TOLD)}`)}\n`;
const life = `actionstart = ${record('start <port>')}\nactionstop = ${record('stop <port>')}\n`;
const families = '[Init]\nset = four\nport = ssh\n[Init?family=inet6]\nset = six\n';
const byFamily = `actionstart = ${record('start <family> <set>')}\nactionstop = ${record('stop <family> <set>')}\n`;

const ACTIONS: Readonly<Record<string, string>> = {
  plain: `[Definition]\n${life}${ban}[Init]\nport = ssh\n`,
  flushing: `[Definition]\n${life}${ban}actionflush = ${record('flush')}\n[Init]\nport = ssh\n`,
  family: `[Definition]\n${byFamily}${ban}${families}`,
  'family-flushing': `[Definition]\n${byFamily}${ban}actionflush = ${record('flush <set>')}\n${families}`,
  early: `[Definition]\nactionstart_on_demand = false\n${byFamily}${ban}${families}`,
  late: `[Definition]\nactionstart_on_demand = true\n${life}${ban}[Init]\nport = ssh\n`,
  past: `[Definition]\nactionban = ${record('ban <ip>')}\nactionunban = ${record(`unban <ip> ${told(PAST)}`)}\n`,
  report: `[Definition]\nnorestored = 1\n${ban}`,
  // Fails at first: looked at, repaired by its own command, tried again.
  failing: `[Definition]\n${byFamily}${ban.replace('\n', '; test -e "$RECORD/<name>-well"\n')}actioncheck = ${record('check <set>')}; test -e "$RECORD/<name>-well"
actionrepair = ${record('repair <set>')}; touch "$RECORD/<name>-well"\n${families}`,
};

const FILTERS: Readonly<Record<string, string>> = {
  word: `[Definition]\nfailregex = ^\\s*<word> bad user <F-USER>.*</F-USER> from <ADDR>(?: port <F-PORT>\\d+</F-PORT>)?$\nword = x\n`,
  // The address stands in one line of a connection, the failure in another.
  connection: `[Definition]\nprefregex = ^\\s*conn <F-MLFID>\\d+</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$
failregex = ^<F-NOFAIL>open</F-NOFAIL> from <ADDR>$\n    ^refused user <F-USER>\\S+</F-USER>$\n    ^<F-MLFFORGET><F-NOFAIL>close</F-NOFAIL></F-MLFFORGET>$\n`,
  // One failure over two lines.
  lines: `[Definition]\nfailregex = ^\\s*query from <ADDR>: <F-USER>\\w+</F-USER>\\n.*\\s*query denied$\n[Init]\nmaxlines = 2\n`,
};

const JAIL_ACTIONS: readonly (readonly [jail: string, action: string])[] = [
  ['j01', 'plain'],
  ['j02', 'plain[port="http,https"]'],
  ['j03', 'flushing'],
  ['j04', 'family'],
  ['j05', 'family-flushing[port=1]'],
  ['j06', 'early'],
  ['j07', 'late'],
  ['j08', 'report'],
  ['j09', 'plain\n    report'],
  ['j10', 'plain[actname=one]\n    plain[actname=two, port=2]'],
  ['j11', 'family\n    flushing\n    report'],
  ['j12', 'late[actname="a-b"]'],
  ['j13', 'plain[port="<known/port>,25"]'],
  ['j14', 'plain[port="http",actname=with-name]\n    late'],
  ['j15', 'early[set="x y"]'],
  ['j16', 'failing'],
];

/** The files of the configuration, by name. `log`: the file that every jail follows. */
export function twentyJails(log: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(ACTIONS)) files[`action.d/${name}.conf`] = text;
  for (const [name, text] of Object.entries(FILTERS)) files[`filter.d/${name}.conf`] = text;
  const jails = JAIL_ACTIONS.map(
    ([jail, action]) => `[${jail}]\nfilter = word[word="${jail}"]\naction = ${action}\n`,
  );
  files['jail.conf'] =
    `[DEFAULT]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 2\nfindtime = 10m\nbantime = 1h
ignoreself = false\nignoreip =\nport = 0:65535\n
${jails.join('')}[connection]\nfilter = connection\naction = plain\n[lines]\nfilter = lines\nmaxretry = 1\naction = family
[p1]\nfilter = word[word=p1]\naction = plain\n[p2]\nfilter = word[word=p2]\naction = past\n`;
  return files;
}

export const WORD_JAILS: readonly string[] = JAIL_ACTIONS.map(([jail]) => jail);
/** How many actions these have together. */
export const ACTIONS_OF_WORD_JAILS = JAIL_ACTIONS.flatMap(([, action]) => action.split('\n')).length;
