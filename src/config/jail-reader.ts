/**
 * Reads one jail's section into the options of each stage.
 * Takes the sections of all jail files; gives JailOptions and the jail as written (for `config dump`), or undefined when
 * something in it does not hold: that is told with file, line and remedy, and the other jails run.
 */
import type { LoadedAction, PythonAction } from './action-definition.js';
import { placeOfParameter } from './action-place.js';
import type { ReportOptions } from '../action/options.js';
import type { JailOptions } from '../jail/options.js';
import { BailiffError, type Where } from '../lib/errors.js';
import { checkExpressions } from './check-expressions.js';
import { parseDuration } from './duration.js';
import { type FilterOverrides, type LoadedFilter, readFilter } from './filter-definition.js';
import { deepFreeze } from './freeze.js';
import type { JailContext } from './jail-context.js';
import { JailSection } from './jail-section.js';
import { type JailActions, readActions } from './jail-actions.js';
import { parseIgnoreCache, parseSpares } from './jail-expressions.js';
import { readGrowth } from './jail-growth.js';
import { jailTagValues } from './jail-tags.js';
import { readWatch } from './jail-watch.js';
import { type Call, parseCall } from './parameters.js';
import { problemOf } from './problem.js';
import { findSetting } from './settings.js';
import { parseTimeOfDay } from './time-of-day.js';
import { parseBoolean, parseInteger, parseLines, parseWords } from './values.js';

/** Options that a jail may set in place of its filter's. */
export const FILTER_OPTIONS = [
  'prefregex', 'failregex', 'ignoreregex', 'successregex', 'datepattern', 'maxlines', 'usedns', 'logtimezone',
] as const; // prettier-ignore

/** A jail with the texts that it was made from. */
export interface ReadJail {
  readonly options: JailOptions;
  /** Option → text after interpolation, as Fail2Ban would send it to its server. */
  readonly written: ReadonlyMap<string, string>;
  readonly filter: LoadedFilter;
  readonly actions: readonly (LoadedAction | PythonAction)[];
  /** What the jail sets itself in place of its filter's options. */
  readonly overridden: ReadonlySet<string>;
}

/** Reads an enabled jail; undefined = it cannot run, which has been told. */
export function readJail(name: string, context: JailContext): ReadJail | undefined {
  return new JailReader(name, context).read();
}

class JailReader {
  readonly #name: string;
  readonly #context: JailContext;
  #section: JailSection;
  #broken = false;

  constructor(name: string, context: JailContext) {
    this.#name = name;
    this.#context = context;
    this.#section = new JailSection(name, context);
  }

  read(): ReadJail | undefined {
    for (const error of this.#context.sections.errors()) {
      if (error.where.section === this.#name) this.#broken = true;
    }
    const call = this.#attempt('filter', () => this.#filterCall());
    const backend = this.#attempt('backend', () => this.#section.text('backend')) ?? 'auto';
    const journal = call !== undefined && this.#listensToJournal(backend);
    const filter =
      call === undefined
        ? undefined
        : this.#attempt('filter', () => this.#readFilter(call, journal ? 'journal' : 'file'));
    const otherFilter =
      call === undefined || filter === undefined
        ? undefined
        : this.#attempt('filter', () => this.#readFilter(call, journal ? 'file' : 'journal'));
    if (filter !== undefined) {
      this.#section = new JailSection(this.#name, this.#context, filter.known);
      this.#checkFilter(filter, otherFilter);
    }
    const failure = this.#failure();
    const bantimeSeconds = this.#attempt('bantime', () => this.#duration('bantime')) ?? 0;
    const growth = readGrowth(
      (option) => this.#section.text(option),
      (option, read) => this.#attempt(option, read),
    );
    const watch = this.#attempt('journalmatch', () =>
      readWatch(this.#section, this.#context, call?.name ?? '', backend, journal, filter),
    );
    const { actions, told } = this.#actions(filter?.options.name ?? '');
    const digest = this.#attempt('maildigest', () => parseTimeOfDay(this.#section.text('maildigest')));
    if (this.#broken || filter === undefined || otherFilter === undefined || watch === undefined)
      return undefined;
    const options: JailOptions = {
      name: this.#name,
      watch,
      filter: filter.options,
      otherFilter: otherFilter.options,
      failure,
      ban: {
        bantimeSeconds,
        ipv6prefix: failure.ipv6prefix,
        ...(growth !== undefined && { growth }),
        spares: this.#attempt('nolockout', () => parseSpares(this.#section.text('nolockout'))) ?? [],
        breakerBans:
          this.#attempt('breaker', () =>
            parseInteger(this.#section.text('breaker'), ...rangeOf('breaker')),
          ) ?? 0,
      },
      actions: actions.map((action) => action.options),
      ...(actions.some(({ options: { native } }) => native === 'abuseipdb') && {
        report: this.#report(failure.maxretry),
      }),
      ...(digest !== undefined && { messageDigestMinutes: digest }),
      countsBans: call?.name === 'recidive',
    };
    return {
      options: deepFreeze(options),
      written: this.#section.written(),
      filter,
      actions: told,
      overridden: new Set(FILTER_OPTIONS.filter((option) => this.#section.setting(option) !== undefined)),
    };
  }

  #filterCall(): Call {
    const text = this.#section.text('filter').trim();
    if (text !== '') return parseCall(text);
    throw new BailiffError('config.filter-missing', 'the jail has no filter.', {
      remedy: 'Set filter = NAME, a file of filter.d.',
    });
  }

  /** Fail2Ban's `auto` means files; with no file named, only the journal is left. */
  #listensToJournal(backend: string): boolean {
    if (/^systemd\b/i.test(backend)) return true;
    if (this.#context.asFail2ban || !/^auto\b/i.test(backend)) return false;
    return (this.#attempt('logpath', () => parseLines(this.#section.text('logpath'))) ?? []).length === 0;
  }

  #readFilter(call: Call, logtype: 'journal' | 'file'): LoadedFilter {
    const bare = readFilter(call.name, call.parameters, this.#context.layers, { logtype });
    const section = new JailSection(this.#name, this.#context, bare.known);
    const overrides = new Map<
      string,
      { text: string; setting: NonNullable<ReturnType<JailSection['setting']>> }
    >();
    for (const option of FILTER_OPTIONS) {
      const setting = section.setting(option);
      if (setting !== undefined) overrides.set(option, { text: section.text(option), setting });
    }
    if (overrides.size === 0) return bare;
    const laid: FilterOverrides = overrides;
    return readFilter(call.name, call.parameters, this.#context.layers, { logtype, overrides: laid });
  }

  #checkFilter(filter: LoadedFilter, other: LoadedFilter | undefined): void {
    const found = checkExpressions(filter, this.#context.checkFilter);
    const ofOther = other === undefined ? [] : checkExpressions(other, this.#context.checkFilter);
    const seen = new Set<string>();
    for (const error of [...found, ...ofOther]) {
      const key = `${error.where.line}:${error.message}`;
      if (!seen.has(key)) this.#fail(error, { section: this.#name });
      seen.add(key);
    }
  }

  #failure(): JailOptions['failure'] {
    const integer = (option: string): number | undefined =>
      this.#attempt(option, () => parseInteger(this.#section.text(option), ...rangeOf(option)));
    const yes = (option: string): boolean =>
      this.#attempt(option, () => parseBoolean(this.#section.text(option))) ?? false;
    const maxretry = integer('maxretry');
    const command = this.#attempt('ignorecommand', () => this.#section.text('ignorecommand')) ?? '';
    const cache = this.#attempt('ignorecache', () => parseIgnoreCache(this.#section.text('ignorecache')));
    return {
      ...(command !== '' && { ignorecommand: command }),
      ...(cache !== undefined && { ignorecache: cache }),
      maxretry: maxretry ?? 1,
      findtimeSeconds: this.#attempt('findtime', () => this.#duration('findtime')) ?? 1,
      ignoreip: this.#attempt('ignoreip', () => parseWords(this.#section.text('ignoreip'))) ?? [],
      ignoreself: yes('ignoreself'),
      // Follows maxretry unless set: one mistake is told once.
      maxmatches: maxretry === undefined ? 0 : (integer('maxmatches') ?? 0),
      sameattempt: yes('sameattempt'),
      ipv6prefix: integer('ipv6prefix') ?? 128,
      mostCounted: integer('maxcounted') ?? 1,
      knownclientsDays: integer('knownclients') ?? 0,
    };
  }

  #report(maxretry: number): ReportOptions {
    const seconds = (option: 'reportdelay' | 'reportmaxage'): number =>
      this.#attempt(option, () => this.#duration(option)) ?? 0;
    const minFailures = this.#attempt('reportminfailures', () =>
      parseInteger(this.#section.text('reportminfailures'), ...rangeOf('reportminfailures')),
    );
    return {
      minFailures: minFailures ?? maxretry,
      delaySeconds: seconds('reportdelay'),
      maxAgeSeconds: seconds('reportmaxage'),
      ports: this.#attempt('port', () => this.#section.text('port')) ?? '',
      protocol: this.#attempt('protocol', () => this.#section.text('protocol')) ?? 'tcp',
    };
  }

  /** Seconds; -1 only where the table's range begins there, and nothing else below 1. */
  #duration(option: 'findtime' | 'bantime' | 'reportdelay' | 'reportmaxage'): number {
    const text = this.#section.text(option);
    const seconds = parseDuration(text);
    const [least, most] = rangeOf(option);
    if (seconds === least || (seconds >= 1 && seconds <= most)) return seconds;
    throw new BailiffError('config.time', `\`${text}\` is ${seconds} s, outside 1 s to 10 years.`, {
      remedy: least === -1 ? 'Write a time such as 1h; -1 bans for ever.' : 'Write a time such as 10m.',
    });
  }

  #actions(filter: string): Pick<JailActions, 'actions' | 'told'> {
    const text = this.#attempt('action', () => this.#section.text('action'));
    if (text === undefined) return { actions: [], told: [] };
    const place = this.#section.place('action');
    const jailOptions = jailTagValues(this.#texts());
    const found = readActions(text, this.#name, { ...this.#context, jailOptions });
    for (const error of found.errors) this.#fail(error, place);
    // A slip beside an action's definition is told, but leaves no door open: the jail runs with what could be read.
    for (const error of found.actions.flatMap(({ defects }) => defects))
      this.#context.tell(problemOf(error, 'error', place));
    for (const action of found.actions)
      for (const { severity, parameter, error } of this.#context.checkAction?.(action.options, filter) ?? [])
        this.#context.tell(problemOf(error, severity, placeOfParameter(action, parameter, this.#section)));
    for (const error of found.warnings) this.#context.tell(problemOf(error, 'warning', place));
    return found;
  }

  /** What is written for the jail, without what cannot be read: that is told where it is used. */
  #texts(): ReadonlyMap<string, string> {
    try {
      return this.#section.written();
    } catch (error) {
      if (error instanceof BailiffError) return new Map();
      throw error;
    }
  }

  /** Runs one part; what does not hold is told at the option's place and breaks the jail. */
  #attempt<T>(option: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BailiffError)) throw error;
      this.#fail(error, this.#section.place(option));
      return undefined;
    }
  }

  #fail(error: BailiffError, place: Where): void {
    this.#broken = true;
    this.#context.tell(problemOf(error, 'error', place));
  }
}

function rangeOf(option: string): readonly [number, number] {
  return findSetting('jail', option)?.range ?? [0, Number.MAX_SAFE_INTEGER];
}
