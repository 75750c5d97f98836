/**
 * The commands of `bailiff reports`. Takes the program to add them to. Does not parse.
 */
import type { Command } from 'commander';
import { askOptions, asking, countOf } from './asking-command.js';
import { type Perform, type Words, printOptions } from './words.js';

export function addReportCommands(program: Command, perform: Perform): void {
  const reports = program
    .command('reports')
    .description(
      'what leaves the host: reports to AbuseIPDB, mails, webhooks; sent, waiting, or not deserving it',
    )
    .addHelpText('after', '\nExample:\n  bailiff reports');
  asking(reports.command('list', { isDefault: true }), 'bailiff reports list --limit 20')
    .description('what was reported, what waits, and the answers; newest first')
    .option('-n, --limit <number>', 'entries', '100')
    .action((words: Words, command: Command) =>
      perform(async () =>
        (await import('./reports.js')).reportsList(countOf(words.limit), askOptions(command)),
      ),
    );
  asking(
    reports.command('preview'),
    'bailiff reports preview --journal-export day.export --log apache-auth=error.log',
  )
    .description(
      'what would be sent, and what not, with the rule that decided: of what waits, or of recorded logs',
    )
    .option('-n, --limit <number>', 'entries of what waits', '100')
    .option('--journal <path>', 'a journal file or directory')
    .option('--journal-export <file>', 'what journalctl --output=export wrote')
    .option('--log <jail=file>', 'a log file for a jail; may be repeated', collect, [])
    .option('--since <time>', 'from this time on: 2026-11-22, "2026-11-22 12:00:00", ISO 8601, @SECONDS')
    .option('--until <time>', 'up to this time')
    .option('--config <dir>', 'read the configuration from this directory')
    .action((words: Words, command: Command) => perform(() => preview(words, command)));
  asking(reports.command('flush'), 'bailiff reports flush')
    .description('send what waits without its delay')
    .action((_words: Words, command: Command) =>
      perform(async () => (await import('./reports.js')).reportsFlush(askOptions(command))),
    );
  asking(reports.command('forget'), 'bailiff reports forget 192.0.2.1')
    .description('what waits about an address is not sent')
    .argument('<address>', 'the address')
    .action((address: string, _words: Words, command: Command) =>
      perform(async () => (await import('./reports.js')).reportsForget(address, askOptions(command))),
    );
}

async function preview(words: Words, command: Command): Promise<number> {
  const { reportsPreview, reportsPreviewOf } = await import('./reports.js');
  const isRecorded =
    words.journal !== undefined || words.journalExport !== undefined || (words.log ?? []).length > 0;
  if (!isRecorded) return reportsPreview(countOf(words.limit), askOptions(command));
  const { replayRequest } = await import('./replay-request.js');
  const { previewReports } = await import('../jail/report-preview.js');
  const { config }: Words = command.optsWithGlobals();
  const request = { ...replayRequest(words), configDirectory: config, asFail2ban: false };
  return reportsPreviewOf(previewReports(request), printOptions(command.optsWithGlobals()));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
