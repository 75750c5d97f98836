/**
 * The composition root: store → enforcement → guard → hearing → control socket, and back in reverse.
 * Takes the command line's options and what start.ts has begun; runs until told to stop; gives the exit status.
 * Does nothing else.
 */
import { join } from 'node:path';
import { type Configuration, loadConfiguration } from '../config/configuration.js';
import { startControlServer } from '../control/server.js';
import { stageChecks } from '../jail/stage-checks.js';
import { SignsOfLife } from '../jail/signs-of-life.js';
import { messageOf } from '../lib/errors.js';
import { systemClock } from '../lib/clock.js';
import { packageVersion } from '../lib/package-root.js';
import { daemonPaths } from '../lib/paths.js';
import { Releasers } from '../lib/releasers.js';
import { journalHandleCloser } from '../source/libsystemd.js';
import { startCleanUp } from './deciding/clean-up.js';
import { watchClock } from './host/clock-watch.js';
import { DaemonPort, type PortParts } from './answering/control-port.js';
import { startDeciding } from './deciding/deciding.js';
import type { EarlyHearing } from './hearing/early-hearing.js';
import { Speaker } from './fail2ban/speaker.js';
import { logSettingsOf, serverSettingsOf } from './fail2ban/fail2ban-settings.js';
import { logFileOf, openLog } from './telling/log-targets.js';
import { chooseMode, type Mode } from './enforcing/mode.js';
import { NoticeBoard } from './telling/notice-board.js';
import type { RunOptions } from './options.js';
import { guardedBy } from './guarding.js';
import { runAsServiceUser, whoRuns } from './host/privileges.js';
import { askForProcessor } from './host/priority.js';
import { SystemdNotify } from './host/systemd-notify.js';
import { untilStopped } from './signals.js';
import { statusLine, statusReport } from './answering/status-report.js';
import { tellConfiguration } from './reloading/tell-configuration.js';

const CLOSE_MS = 5_000;
const QUIET_MS = 5_000;
/** An end that takes longer is cut off: every decision is in the store, and the bans stay in the kernel. */
const STOP_MS = 30_000;
/** A rehearsal shows its bans and leaves no file behind. */
const REHEARSAL_LOG = { logLevel: 'notice', logTarget: 'STDERR' } as const;
const MODE_WORDS: Readonly<Record<Mode['name'], string>> = {
  enforcing: 'enforces: what it bans is kept out by nftables.',
  observing:
    "observes: it counts, decides and tells; the machine's firewall is left alone until --enforce nftables.",
  rehearsing:
    'rehearses: no guarded service was found here, so it plays a recorded attack; nothing is touched.',
};

/** What start.ts has begun. */
export interface Begun {
  /** As read without compiling its expressions. */
  readonly configuration: Configuration;
  /** Whether they can be compiled. */
  readonly isSound: Promise<boolean>;
  readonly early: EarlyHearing;
}

/** Runs until told to stop. @returns the exit status. @throws BailiffError where it cannot begin. */
export async function runDaemon(options: RunOptions, begun: Begun): Promise<number> {
  const releasers = new Releasers();
  try {
    return await run(options, begun, releasers);
  } finally {
    setTimeout(() => {
      process.stderr.write(`bailiff: not all was closed in ${STOP_MS / 1000} s; ended all the same\n`);
      process.exit(1);
    }, STOP_MS).unref();
    for (const failure of await releasers.releaseAll()) process.stderr.write(`bailiff: ${failure}\n`);
  }
}

async function run(options: RunOptions, begun: Begun, releasers: Releasers): Promise<number> {
  const startedAtMs = Date.now();
  const { configDirectory, asFail2ban } = options;
  const { settings } = begun.configuration;
  const paths = daemonPaths();
  const stateDirectory = options.stateDirectory ?? settings.stateDirectory ?? paths.stateDirectory;
  const socketPath = options.socketPath ?? settings.socketPath ?? paths.socketPath;
  if ((options.enforce ?? settings.enforce) === 'nftables') askForProcessor();
  const asUser = await runAsServiceUser(settings.user, { stateDirectory, socketPath }, () =>
    begun.early.close(),
  );
  if (asUser !== undefined) return asUser;
  const closeHandle = journalHandleCloser();
  // What is wrong with an expression is told with its place: that takes another reading.
  const configuration = (await begun.isSound)
    ? begun.configuration
    : loadConfiguration({ configDirectory, asFail2ban, ...stageChecks });
  const mode = await chooseMode(
    options,
    configuration,
    logFileOf(logSettingsOf(configuration, stateDirectory)),
    releasers,
  );
  const logSettings = logSettingsOf(configuration, stateDirectory);
  const { log, control } = openLog({ ...logSettings, ...(mode.rehearsal && REHEARSAL_LOG) });
  log.write('notice', 'bailiff', `Bailiff ${packageVersion()} ${MODE_WORDS[mode.name]}`);
  log.write('info', 'bailiff', whoRuns(settings.user));
  const notices = new NoticeBoard(log);
  if ((options.http ?? settings.http ?? 'off') !== 'off')
    notices.post('warning', 'http', 'unbuilt', 'This version has no dashboard; `http` has no effect.');
  const configurationReport = tellConfiguration(configuration, notices);

  const databasePath = mode.rehearsal === undefined ? join(stateDirectory, 'bailiff.sqlite') : ':memory:';
  const deciding = await startDeciding({ mode, settings, databasePath, log, notices, releasers });
  const { store, surroundings, jails, reports, messages, enforcement, ledger, guard } = deciding;
  let isLifted = false;
  await enforcement.start(() => jails.bans());
  releasers.add('firewall', () => enforcement.close(isLifted));
  messages.begun();

  const guarding = guardedBy({
    options,
    configuration,
    configurationReport,
    mode,
    deciding,
    notices,
    startedAtMs,
    early: begun.early,
    closeHandle: await closeHandle,
  });
  const { hearing, hearingState, reloading, speech, quiet } = guarding;
  const life = new SignsOfLife();
  releasers.add('signs of life', () => life.close());
  const systemd = await SystemdNotify.open({
    environment: process.env,
    life,
    status: () => statusLine(mode.name, jails, ledger),
    tell: (text) => notices.post('warning', 'systemd', 'notify', text),
  });
  hearing.start();
  releasers.add('hearing', () => hearing.close(CLOSE_MS));

  const stop = untilStopped({
    reopenLog: () => log.reopen(),
    reload: () => {
      systemd.reloading();
      void reloading
        .reload({ jail: undefined, isRestart: false })
        .catch((error: unknown) => notices.post('alarm', 'configuration', 'reload', messageOf(error)))
        .then(() => systemd.ready());
    },
  });
  const end = (): void => {
    isLifted = true;
    stop.stop('client');
  };
  const fail2ban = serverSettingsOf(configuration, control, databasePath);
  const parts: PortParts = {
    version: packageVersion(),
    startedAtMs,
    mode: mode.name,
    reloading,
    jails,
    guard,
    store,
    enforcement,
    hearing: hearingState,
    trouble: (jail) => hearing.trouble(jail),
    ledger,
    notices,
    reports,
    messages,
    clock: systemClock,
    spared: () => surroundings.spared.all(),
    speaker: new Speaker({ speech, settings: fail2ban, stop: () => port.stop() }),
    stop: end,
  };
  const port = new DaemonPort(parts);
  const server = await startControlServer({
    socketPath,
    port,
    onProblem: (text) => notices.post('warning', 'control', 'problem', text),
  });
  releasers.add('control socket', () => server.close());
  const isQuiet = (): boolean => Date.now() - guard.lastDecisionMs > QUIET_MS;
  releasers.add(
    'clean-up',
    startCleanUp({ jails, store, isQuiet, historySeconds: () => fail2ban.purgeAgeSeconds }),
  );

  releasers.add(
    'clock',
    watchClock({
      clock: systemClock,
      steadyMs: () => performance.now(),
      jumped: (byMs) => {
        log.write('notice', 'bailiff', jumpText(byMs));
        void guard.clockJumped();
      },
    }),
  );

  void life.first.then(() => systemd.ready());
  releasers.add('systemd', () => systemd.stopping());
  await Promise.race([quiet.reached, stop.stopped]);
  options.announce(statusReport(parts));
  const why = await stop.stopped;
  log.write('notice', 'bailiff', farewell(why, isLifted, mode));
  return 0;
}

function jumpText(byMs: number): string {
  const seconds = Math.round(Math.abs(byMs) / 1000);
  return `The clock was set ${byMs < 0 ? 'back' : 'forward'} by ${seconds} s; bans end by it as it is now.`;
}

function farewell(why: string, isLifted: boolean, mode: Mode): string {
  if (isLifted || mode.name !== 'enforcing') return `Stopped (${why}).`;
  return `Stopped (${why}). The bans stay in the kernel until they end; \`nft delete table inet bailiff\` lifts them all.`;
}
