/**
 * Reads the configuration again and changes only what changed.
 * Takes what to reload; gives what was done. A jail whose new configuration is wrong runs on with its last valid one, and
 * that is told until it is mended. Files that cannot be read as a whole change nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../../config/configuration.js';
import type { ReadJail } from '../../config/jail-reader.js';
import type { Problem } from '../../config/problem.js';
import type { ConfigurationReport, ReloadReport } from '../../control/reports.js';
import type { JailOptions } from '../../jail/options.js';
import type { LiveJails } from './live-jails.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import { describeProblem, tellConfiguration } from './tell-configuration.js';

export interface ReloadScope {
  /** undefined = all. */
  readonly jail: string | undefined;
  /** Jails begin anew even where nothing of them changed. */
  readonly isRestart: boolean;
}

export interface ReloadParts {
  /** What is wrong is among its problems. @throws BailiffError `daemon.rehearsing`. */
  readonly read: () => Promise<Configuration>;
  /** What is made of a jail before it runs (a jail does not follow the daemon's own log). */
  readonly adapt: (jail: JailOptions) => JailOptions;
  readonly live: Pick<LiveJails, 'options' | 'change' | 'hush'>;
  readonly notices: NoticeBoard;
  /** Told which jails were taken over as they are written. */
  readonly taken: (jails: readonly ReadJail[]) => void;
}

/** What is wrong with a jail file as a whole: a line that is lost may have been the head of a jail. */
const FILE_ERRORS = new Set(['config.syntax', 'config.unreadable', 'config.duplicate']);
const DEFINITION = /\/(?:filter|action)\.d\//;

export class Reloading {
  readonly #parts: ReloadParts;
  readonly #outdated = new Map<string, string>();
  #report: ConfigurationReport;
  #turn: Promise<unknown> = Promise.resolve();
  /** The last one that was asked for, while it has not begun: it reads whatever is written by then. */
  #next: { readonly scope: ReloadScope; readonly done: Promise<ReloadReport> } | undefined;

  /** `report` is what was told of the configuration at the start. */
  constructor(parts: ReloadParts, report: ConfigurationReport) {
    this.#parts = parts;
    this.#report = report;
  }

  get report(): ConfigurationReport {
    return this.#report;
  }

  /** Why a jail does not run on what is written; undefined = it does. */
  outdated(jail: string): string | undefined {
    return this.#outdated.get(jail);
  }

  /** Whether the configuration as it is written now enables a jail of that name. */
  async isConfigured(jail: string): Promise<boolean> {
    return (await this.#parts.read()).enabledJails.includes(jail);
  }

  /** One after the other, and as many as are asked for before it begins at once: what was read first is taken over first. @throws as `read`. */
  reload(scope: ReloadScope): Promise<ReloadReport> {
    if (this.#next !== undefined && isDeepStrictEqual(this.#next.scope, scope)) return this.#next.done;
    const done = this.#turn.then(async () => {
      if (this.#next?.done === done) this.#next = undefined;
      return this.#takeOver(await this.#parts.read(), scope);
    });
    this.#next = { scope, done };
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #takeOver(
    configuration: Configuration,
    { jail: only, isRestart }: ReloadScope,
  ): Promise<ReloadReport> {
    const { notices, live } = this.#parts;
    const running = new Set(live.options().map(({ name }) => name));
    this.#report = tellConfiguration(configuration, notices, running);
    for (const name of this.#outdated.keys()) if (!running.has(name)) this.#mend(name);
    const unreadable = configuration.problems.filter(isOfFile).map(describeProblem);
    if (unreadable.length > 0) {
      for (const name of running) this.#keep(name, unreadable.join(' '));
      return { added: [], changed: [], removed: [], outdated: this.#all(running), skipped: [], unreadable };
    }
    const broken = brokenIn(configuration, running).filter((name) => only === undefined || name === only);
    for (const name of running)
      if (only === undefined || name === only) {
        if (broken.includes(name)) this.#keep(name, reasonFor(name, configuration));
        else this.#mend(name);
      }
    const changes = await live.change((now) => ({
      jails: wanted(configuration, broken, now, only, this.#parts.adapt),
      restarted: isRestart ? restarted(configuration, only) : new Set(),
      isReload: true,
    }));
    for (const name of changes.removed) this.#mend(name);
    const taken = configuration.written.filter(
      ({ options: { name } }) => only === undefined || name === only,
    );
    this.#parts.taken(taken);
    // As it is written a jail runs, even if somebody told it to be idle.
    for (const { options } of taken) await live.hush(options.name, false);
    notices.post('info', 'configuration', 'reload', summaryOf(changes, only));
    return {
      ...changes,
      outdated: this.#all(new Set(broken)),
      skipped: broken
        .filter((name) => !running.has(name))
        .map((jail) => ({ jail, because: reasonFor(jail, configuration) })),
      unreadable: [],
    };
  }

  #mend(name: string): void {
    this.#outdated.delete(name);
    this.#parts.notices.withdraw(name, 'outdated');
  }

  #keep(name: string, because: string): void {
    this.#outdated.set(name, because);
    const text = `Its new configuration is wrong, so it runs on with its last valid one: ${because}`;
    this.#parts.notices.post('alarm', name, 'outdated', text);
  }

  #all(among: ReadonlySet<string>): ReloadReport['outdated'] {
    return [...this.#outdated]
      .filter(([jail]) => among.has(jail))
      .map(([jail, because]) => ({ jail, because }));
  }
}

function isOfFile({ code, severity, file }: Problem): boolean {
  return severity === 'error' && FILE_ERRORS.has(code) && !DEFINITION.test(file ?? '');
}

/** The enabled jails that cannot run as they are written; also one of those that run where `enabled` itself is wrong. */
function brokenIn(configuration: Configuration, running: ReadonlySet<string>): readonly string[] {
  const { brokenJails, enabledJails, problems } = configuration;
  const unclear = [...running].filter(
    (name) =>
      !enabledJails.includes(name) &&
      problems.some(
        ({ severity, section, option }) =>
          severity === 'error' && (section === name || (section === 'DEFAULT' && option === 'enabled')),
      ),
  );
  return [...brokenJails, ...unclear];
}

/** In the order of the files; a broken jail that runs keeps its place behind those before it. */
function wanted(
  configuration: Configuration,
  broken: readonly string[],
  now: readonly JailOptions[],
  only: string | undefined,
  adapt: (jail: JailOptions) => JailOptions,
): readonly JailOptions[] {
  const valid = new Map(configuration.jails.map((jail) => [jail.name, adapt(jail)]));
  const running = new Map(now.map((jail) => [jail.name, jail]));
  if (only !== undefined) {
    const next = valid.get(only) ?? (broken.includes(only) ? running.get(only) : undefined);
    const kept = now.flatMap((jail) => (jail.name === only ? (next ?? []) : jail));
    return running.has(only) || next === undefined ? kept : [...kept, next];
  }
  return [...new Set([...configuration.enabledJails, ...broken])].flatMap(
    (name) => valid.get(name) ?? running.get(name) ?? [],
  );
}

function restarted(configuration: Configuration, only: string | undefined): ReadonlySet<string> {
  const valid = configuration.jails.map(({ name }) => name);
  return new Set(only === undefined ? valid : valid.filter((name) => name === only));
}

function reasonFor(name: string, { problems, brokenReasons }: Configuration): string {
  const first = problems.find(({ severity, section }) => severity === 'error' && section === name);
  return first === undefined ? (brokenReasons[name] ?? 'see its file.') : describeProblem(first);
}

function summaryOf(
  { added, changed, removed }: Pick<ReloadReport, 'added' | 'changed' | 'removed'>,
  only: string | undefined,
): string {
  const said = [
    ['added', added],
    ['changed', changed],
    ['removed', removed],
  ] as const;
  const parts = said.flatMap(([word, names]) => (names.length === 0 ? [] : `${word} ${names.join(', ')}`));
  const what = only === undefined ? 'Read again' : `[${only}] read again`;
  return parts.length === 0 ? `${what}: nothing changed.` : `${what}: ${parts.join('; ')}.`;
}
