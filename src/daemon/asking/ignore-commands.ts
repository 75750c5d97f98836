/**
 * Asks `ignorecommand` whether a failure counts, without anybody waiting: few commands at a time, a bounded queue, a time
 * limit; those about one address one after the other. Takes a failure and its jail; calls back once with the verdict. Exit
 * status 0 is yes, 1 no; whatever else comes is told, and is a no.
 */
import { fillCommand, type ShellCommand } from '../../action/shell/command.js';
import { endingOf, quoted } from '../../action/shell/failures.js';
import { notStarted, runShell, type ShellOutcome } from '../../action/shell/run-shell.js';
import type { ShellSurroundings } from '../../action/shell/surroundings.js';
import { tagText } from '../../action/shell/tags.js';
import type { Ban } from '../../ban/ban.js';
import { groupsOf } from '../../failure/failure-groups.js';
import type { IgnoreCache } from '../../failure/options.js';
import type { Match } from '../../filter/match.js';
import type { JailOptions } from '../../jail/options.js';
import type { Clock } from '../../lib/clock.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import { IgnoreVerdicts } from './ignore-cache.js';
import type { NoticeBoard } from '../telling/notice-board.js';

const MOST_AT_ONCE = 4;
const MOST_QUEUED = 1000;
/** From the question to the answer, the queue included; for a command alone Fail2Ban's. */
const PATIENCE_MS = 60_000;
const TELLING_PAUSE_MS = 60_000;

export interface IgnoreVerdict {
  readonly isIgnored: boolean;
  /** The command itself said so, this time. */
  readonly isFresh: boolean;
}

export interface IgnoreCommandsOptions {
  readonly surroundings: ShellSurroundings;
  readonly notices: NoticeBoard;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly mostQueued?: number;
}

type Answered = (verdict: IgnoreVerdict) => void;

interface Question {
  readonly jail: string;
  readonly whom: string;
  readonly command: ShellCommand;
  readonly untilMs: number;
  /** With `ignorecache`: what the verdict is remembered under; then those who ask while it runs get it too. */
  readonly remembered: { readonly key: string; readonly verdicts: IgnoreVerdicts } | undefined;
  readonly answered: Answered[];
  /** Whether the answer no longer matters. */
  readonly isMoot: () => boolean;
}

const NO: IgnoreVerdict = { isIgnored: false, isFresh: false };

export class IgnoreCommands {
  readonly #options: IgnoreCommandsOptions;
  readonly #timeoutMs: number;
  readonly #mostQueued: number;
  readonly #queue: Question[] = [];
  /** Questions that others may join: those that wait by the words of their command, or those with a key until the end. */
  readonly #open = new Map<string, Question>();
  readonly #caches = new Map<string, { readonly of: IgnoreCache; readonly verdicts: IgnoreVerdicts }>();
  readonly #told = new Map<string, number>();
  readonly #end = new AbortController();
  #waiting = 0;
  /** Whom the commands that run are about. */
  readonly #busy = new Set<string>();

  constructor(options: IgnoreCommandsOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? PATIENCE_MS;
    this.#mostQueued = options.mostQueued ?? MOST_QUEUED;
  }

  /**
   * Calls back with what the jail's command says of a failure; at once where it has none, or too many wait. `isMoot`: asked
   * before the command begins; true = it need not.
   */
  ask(jail: JailOptions, match: Match, answered: Answered, isMoot: () => boolean = () => false): void {
    const { ignorecommand, ignorecache } = jail.failure;
    if (ignorecommand === undefined) return answered(NO);
    if (this.#waiting >= this.#mostQueued) {
      this.#tellOverflow(jail.name);
      return answered(NO);
    }
    this.#waiting += 1;
    const done = (verdict: IgnoreVerdict): void => {
      this.#waiting -= 1;
      if (!this.#end.signal.aborted) answered(verdict);
    };
    const untilMs = performance.now() + this.#timeoutMs;
    void this.#prepare(jail, match, ignorecommand, ignorecache).then(
      ({ command, remembered }) => {
        const known = remembered?.verdicts.of(remembered.key);
        if (known !== undefined) return done({ isIgnored: known, isFresh: false });
        const whom = match.id;
        return this.#enqueue({
          jail: jail.name,
          whom,
          command,
          untilMs,
          remembered,
          answered: [done],
          isMoot,
        });
      },
      (error: unknown) => {
        this.#tellFailed(jail.name, match.id, notStarted(error));
        done(NO);
      },
    );
  }

  /** Ends what runs; nobody is called back any more. */
  close(): void {
    this.#queue.length = 0;
    this.#open.clear();
    this.#end.abort();
  }

  async #prepare(
    jail: JailOptions,
    match: Match,
    command: string,
    cache: IgnoreCache | undefined,
  ): Promise<Pick<Question, 'command' | 'remembered'>> {
    const read = this.#tagsOf(jail, match);
    const remembered = cache && {
      key: await filledKey(cache.key, read),
      verdicts: this.#verdicts(jail.name, cache),
    };
    return { command: await fillCommand(command, read), remembered };
  }

  #enqueue(question: Question): void {
    const key = nameOf(question);
    const same = this.#open.get(key);
    if (same !== undefined) return void same.answered.push(...question.answered);
    this.#open.set(key, question);
    this.#queue.push(question);
    this.#next();
  }

  #next(): void {
    while (this.#busy.size < MOST_AT_ONCE) {
      const at = this.#queue.findIndex((question) => !this.#busy.has(laneOf(question)));
      const [question] = at < 0 ? [] : this.#queue.splice(at, 1);
      if (question === undefined) return;
      this.#begin(question);
    }
  }

  #begin(question: Question): void {
    const { remembered, answered } = question;
    this.#busy.add(laneOf(question));
    if (remembered === undefined) this.#open.delete(nameOf(question));
    void this.#run(question).then((verdict) => {
      this.#busy.delete(laneOf(question));
      if (remembered !== undefined) {
        this.#open.delete(nameOf(question));
        if (verdict.isFresh) remembered.verdicts.note(remembered.key, verdict.isIgnored);
      }
      for (const [index, each] of answered.entries())
        each(remembered === undefined || index === 0 ? verdict : { ...verdict, isFresh: false });
      this.#next();
    });
  }

  async #run({ jail, whom, command, untilMs, isMoot }: Question): Promise<IgnoreVerdict> {
    if (isMoot()) return NO;
    const timeoutMs = Math.max(1, untilMs - performance.now());
    const outcome = await runShell(command, { timeoutMs, signal: this.#end.signal });
    if (this.#end.signal.aborted) return NO;
    const { kind, status } = outcome;
    if (kind === 'ended' && (status === 0 || status === 1)) return { isIgnored: status === 0, isFresh: true };
    this.#tellFailed(jail, whom, outcome);
    return { isIgnored: false, isFresh: true };
  }

  /** The tags of a failure, read as those of a ban by it alone would be. */
  #tagsOf(jail: JailOptions, match: Match): (tag: string) => string | Promise<string> | undefined {
    const nowMs = this.#options.clock.now();
    const ban: Ban = {
      kind: 'ban',
      jail: jail.name,
      target: match.id,
      address: match.address,
      bannedAtMs: match.timeMs,
      untilMs: jail.ban.bantimeSeconds < 0 ? undefined : match.timeMs + jail.ban.bantimeSeconds * 1000,
      failures: 0,
      origin: 'jail',
      evidence: [match.text],
      data: groupsOf({ user: match.user, connection: match.connection, data: match.data }),
    };
    const { surroundings } = this.#options;
    const subject = { jail: jail.name, ban, bantimeSeconds: jail.ban.bantimeSeconds, nowMs, surroundings };
    // As yet it is no failure of anybody's, and no ban.
    return (tag) => (tag === 'bancount' || tag === 'failures' ? '0' : tagText(tag, subject));
  }

  #verdicts(jail: string, cache: IgnoreCache): IgnoreVerdicts {
    const known = this.#caches.get(jail);
    if (known?.of === cache) return known.verdicts;
    const verdicts = new IgnoreVerdicts(cache, () => this.#options.clock.now());
    this.#caches.set(jail, { of: cache, verdicts });
    return verdicts;
  }

  #tellFailed(jail: string, whom: string, outcome: ShellOutcome): void {
    const what = `\`ignorecommand\` for ${visible(whom)} ${endingOf(outcome, this.#timeoutMs / 1000)}`;
    this.#tell(jail, 'failed', `${what}${quoted(outcome.said)}. The failure counts.`, 'Try the command by hand as the user that Bailiff runs as.'); // prettier-ignore
  }

  #tellOverflow(jail: string): void {
    this.#tell(jail, 'overflow', 'too many failures wait for `ignorecommand`; what comes counts unasked.', 'Make the command faster, or set `ignorecache`.'); // prettier-ignore
  }

  /** At most once a minute for each jail and for the same. */
  #tell(jail: string, event: 'failed' | 'overflow', text: string, remedy: string): void {
    const key = `${event} ${text.replace(/ for \S+/, '')} ${jail}`;
    const nowMs = performance.now();
    if (nowMs - (this.#told.get(key) ?? -Infinity) < TELLING_PAUSE_MS) return;
    if (this.#told.size > MOST_QUEUED) this.#told.clear();
    this.#told.set(key, nowMs);
    const code = event === 'failed' ? 'daemon.ignorecommand-failed' : 'daemon.ignorecommand-overflow';
    const error = new BailiffError(code, text, { remedy });
    this.#options.notices.post('warning', jail, code, messageOf(error));
  }
}

/** Failures of one address are judged in their order, and a flood of them takes one command's place. */
function laneOf({ jail, whom }: Question): string {
  return `${jail} ${whom}`;
}

function nameOf({ jail, remembered, command }: Question): string {
  return JSON.stringify([jail, remembered === undefined ? command : remembered.key]);
}

async function filledKey(
  key: string,
  read: (tag: string) => string | Promise<string> | undefined,
): Promise<string> {
  let filled = '';
  let from = 0;
  for (const found of key.matchAll(/<([\w.-]+)>/g)) {
    filled += key.slice(from, found.index) + ((await read(found[1] ?? '')) ?? found[0]);
    from = found.index + found[0].length;
  }
  return filled + key.slice(from);
}
