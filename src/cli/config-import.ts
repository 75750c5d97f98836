/**
 * `bailiff config import DIR`: takes over a Fail2Ban installation; tells what it changed and why.
 * Takes what was done; prints; gives 1 where something was left undone that the admin has to decide.
 */
import type { TakeOver } from '../daemon/fail2ban/take-over.js';
import { problemText } from './config-check.js';
import { EXIT } from './exit.js';
import type { PrintOptions } from './options.js';
import type { Terminal } from './terminal.js';

const MOST_NAMED = 10;

export function configImport(done: TakeOver, isWritten: boolean, { terminal, json }: PrintOptions): number {
  const kept = done.files.filter(({ what }) => what === 'kept');
  if (json) {
    const problems = done.problems.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      text: problemText(problem),
    }));
    terminal.json({ ...done, problems, written: isWritten, changed: isChanged(done) });
  } else printAll(terminal, done, isWritten);
  return kept.length === 0 && done.changedJails.length === 0 ? EXIT.ok : EXIT.notFound;
}

/** Whether there was anything new. */
function isChanged({ files, bans }: TakeOver): boolean {
  const isNew = files.some(({ what }) => what !== 'same' && what !== 'kept');
  return isNew || ('taken' in bans && bans.taken.jails.some(({ inForce, over }) => inForce + over > 0));
}

function printAll(terminal: Terminal, done: TakeOver, isWritten: boolean): void {
  terminal.line(`Configuration: ${done.from} to ${done.to}`, 'bold');
  for (const { what, path, why } of done.files)
    if (what !== 'same')
      terminal.line(`  ${what.padEnd(8)} ${path}: ${why}.`, what === 'kept' ? 'yellow' : undefined);
  const same = done.files.filter(({ what }) => what === 'same').length;
  if (same > 0) terminal.line(`  ${count(same, 'file')} there already.`);
  if (done.leftAsDistributed > 0)
    terminal.line(
      `  ${count(done.leftAsDistributed, 'file')} left: as the distribution laid them down; Bailiff has its own, or no enabled jail needs them.`,
    );
  if (done.leftOther.length > 0)
    terminal.line(
      `  left: ${named(done.leftOther)}: no configuration is read from ${done.leftOther.length === 1 ? 'it' : 'them'}.`,
    );
  if (done.changedJails.length > 0)
    terminal.line(
      `  The jails ${named(done.changedJails)} mean something else now: compare \`bailiff config dump --config ${done.to}\` with that of ${done.from}.`,
      'red',
    );
  for (const { file, path } of done.namedPaths)
    terminal.line(`  ${file} names ${path}: that file is still needed where it stands.`, 'yellow');
  printBans(terminal, done);
  printProblems(terminal, done);
  if (!isChanged(done)) terminal.line('Nothing new.', 'green');
  else if (!isWritten) terminal.line('Nothing was written (--dry-run).');
  else
    terminal.line(
      'It holds from the next start of Bailiff. Fail2Ban was left as it is; stop it first: systemctl disable --now fail2ban.',
      'green',
    );
  if (done.files.some(({ what }) => what === 'kept'))
    terminal.line(
      'Compare what was kept, and write it anew or repeat with --replace; the old file is put aside.',
      'yellow',
    );
}

function printBans(terminal: Terminal, { bans }: TakeOver): void {
  if ('none' in bans) return terminal.line(`Bans: none taken over: ${bans.none}.`);
  terminal.line(`Bans: ${bans.from} to ${bans.to}`, 'bold');
  for (const { jail, inForce, over, known } of bans.taken.jails)
    terminal.line(
      `  ${jail}: ${inForce} in force, ${over} over${known > 0 ? `, ${known} there already` : ''}.`,
    );
  for (const { jail, id, why } of bans.taken.passedOver.slice(0, MOST_NAMED))
    terminal.line(`  passed over: ${id} in ${jail}: ${why}.`, 'yellow');
  const more = bans.taken.passedOver.length - MOST_NAMED;
  if (more > 0) terminal.line(`  passed over: ${more} more.`, 'yellow');
  if (bans.taken.tooOld > 0)
    terminal.line(
      `  ${count(bans.taken.tooOld, 'ban')} left: over longer ago than Bailiff remembers (historydays).`,
    );
}

function printProblems(terminal: Terminal, { problems, to }: TakeOver): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) terminal.line(`  ${problemText(problem)}`, 'red');
  const warnings = problems.length - errors.length;
  if (warnings > 0)
    terminal.line(`${count(warnings, 'warning')}: \`bailiff config check --config ${to}\` tells them.`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
