/**
 * The table of jails that `run` prints when it is ready and `status` at any time, and the lines around it.
 * Takes the daemon's report; prints on a terminal. Does not ask the daemon.
 */
import type { JailOverview, NoticeReport, StatusReport } from '../control/reports.js';
import type { Style, Terminal } from './terminal.js';
import { timeText } from './time-text.js';

const MODES: Readonly<Record<StatusReport['mode'], string>> = {
  enforcing: 'enforcing: what is banned is kept out',
  observing:
    "observing: it counts, decides and tells; the machine's firewall is left alone until it runs with --enforce nftables",
  rehearsing: 'rehearsing: no guarded service was found here, so a recording of an attacked host is played',
};

/** Head lines, the table, and what the admin should know. */
export function printStatus(terminal: Terminal, report: StatusReport): void {
  const { configuration } = report;
  const mode = `Bailiff ${report.version}, pid ${report.pid}, since ${timeText(report.startedAtMs)}. `;
  terminal.line(`${mode}It is ${MODES[report.mode]}.`, report.mode === 'enforcing' ? 'green' : 'yellow');
  const as = configuration.asFail2ban ? ', read as Fail2Ban reads it' : '';
  terminal.line(`Configuration: ${configuration.directory ?? 'the shipped mail policy'}${as}.`);
  if (configuration.ignoredDirectory !== null)
    terminal.line(`${configuration.ignoredDirectory} holds jails too and is not read.`, 'yellow');
  terminal.line();
  terminal.table(
    ['JAIL', 'WATCHES', 'HEARS', 'ENFORCES', 'FAILED', 'BANNED'],
    report.jails.map((jail) => [
      jail.name,
      watchesText(jail),
      `${jail.hears.state}: ${jail.hears.text}`,
      enforcesText(jail),
      `${jail.currentlyFailed} of ${jail.totalFailed}`,
      `${jail.currentlyBanned} of ${jail.totalBanned}`,
    ]),
  );
  const isNoticed = (problem: string): boolean => report.notices.some(({ text }) => text === problem);
  for (const problem of configuration.problems)
    if (!isNoticed(problem)) terminal.line(`configuration: ${problem}`, 'yellow');
  for (const notice of report.notices) terminal.line(noticeText(notice), noticeStyle(notice));
  for (const { notices } of report.sources)
    for (const notice of notices) terminal.line(noticeText(notice), noticeStyle(notice));
  for (const [because, targets] of sparedBy(report.neverBanned))
    terminal.line(`Never banned: ${targets.join(', ')}: ${because}.`, 'dim');
  const counted = Object.entries(report.counters).filter(([, count]) => count > 0);
  if (counted.length > 0)
    terminal.line(`Counted: ${counted.map(([name, count]) => `${name} ${count}`).join(', ')}.`);
}

/** Targets that are spared for one reason, together. */
function sparedBy(spared: StatusReport['neverBanned']): ReadonlyMap<string, readonly string[]> {
  const byReason = new Map<string, readonly string[]>();
  for (const { target, because } of spared) byReason.set(because, [...(byReason.get(because) ?? []), target]);
  return byReason;
}

/** `journal A=1 + B=2`, `/var/log/a.log /var/log/b.log`. */
export function watchesText({ watches }: JailOverview): string {
  const journal = watches.journalMatch === '' ? 'journal' : `journal ${watches.journalMatch}`;
  const files = watches.files.length === 0 ? 'no file yet' : watches.files.join(' ');
  return watches.backend === 'journal' ? journal : files;
}

function enforcesText({ enforces }: JailOverview): string {
  if (enforces.length === 0) return 'nothing';
  return enforces
    .map(
      ({ action, ports, state }) =>
        `${action}${ports === null ? '' : ` ${ports}`}${state === 'working' ? '' : ` (${state})`}`,
    )
    .join(', ');
}

function noticeText(notice: NoticeReport): string {
  return `${timeText(notice.atMs)} ${notice.level}: ${notice.about}: ${notice.text}`;
}

function noticeStyle({ level }: NoticeReport): Style {
  return level === 'alarm' ? 'red' : level === 'warning' ? 'yellow' : 'dim';
}
