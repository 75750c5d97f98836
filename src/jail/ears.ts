/**
 * The ears of all jails, and which of them hears what: journal entries by journalmatch, files by their glob.
 * Takes a chunk of one source; gives the batch to commit. A jail that has heard nothing on the way it is
 * configured for listens on the other way too. Does not open sources.
 */
import { NO_CANDIDATES } from '../filter/candidates.js';
import { ScanRoom } from '../filter/scan-room.js';
import { type JournalMatch, meetsJournalMatch } from '../lib/journal-match.js';
import { bearObjectsYoung } from '../lib/young-objects.js';
import type { LineSieve } from '../source/line-sieve.js';
import { lengthOf, textTable } from '../source/line-table.js';
import type { JournalFields, Lines, Look, SourceId } from '../source/lines.js';
import { Audience } from './audience.js';
import type { Batch, Heard, Way } from './batch.js';
import { batchOf } from './batch-of.js';
import type { Ear } from './ear.js';
import type { Culprit } from './hear-messages.js';
import { EqualEars } from './equal-ears.js';
import { type EarMaking, earsOf, type EarsOptions, type JailEars, listens, partEar } from './jail-ears.js';
import { OddStamps } from './odd-stamps.js';
import { listenedGlobs, type ListenedGlob } from './listened-globs.js';
import type { LineAtHand } from './line-at-hand.js';
import { LineTrail } from './line-trail.js';
import type { HeardSource } from './heard-source.js';
import type { ProgressWriter } from './progress.js';
import { ChunkLooks } from './chunk-looks.js';
import { JournalSieve } from './journal-sieve.js';

const NOTHING_FOUND: Look = [];
const NO_TRAIL = new LineTrail(0);

bearObjectsYoung();

export class Ears {
  readonly #jails: readonly JailEars[];
  readonly #making: EarMaking;
  /** Those that hear for several jails. */
  readonly #shared: Set<Ear>;
  /** Per source of kind journal: route → the ears that it concerns. */
  readonly #routes = new Map<string, Audience[]>();
  /** Per file: the jails that hear it → its audience. */
  readonly #fileAudiences = new Map<string, Audience>();
  /** The audiences met so far, by their ears. */
  readonly #audiences = new Map<string, Audience>();
  readonly #progress: ProgressWriter | undefined;
  readonly #culprits: readonly Culprit[];
  readonly #onSource: (source: SourceId) => void;
  readonly #now: () => number;
  /** The moment at which the chunk that is heard now came. */
  #nowMs = 0;
  /** The latest moment in the past from which on an ear hears. */
  #begunMs = Number.NEGATIVE_INFINITY;
  readonly #room = new ScanRoom();
  readonly #looks = new ChunkLooks(this.#room);
  readonly #sources = new Map<SourceId, HeardSource>();
  readonly #oddStamps: OddStamps;
  #deafCount = -1;

  constructor(options: EarsOptions) {
    this.#making = { options, now: () => this.#nowMs, equal: new EqualEars() };
    this.#jails = options.jails.map((jail, index) => ({
      options: jail,
      heardBefore: options.heardBefore.has(jail.name),
      ears: earsOf(jail, index, this.#making),
    }));
    this.#shared = this.#making.equal.shared();
    this.#now = () => options.now();
    for (const ear of this.#all()) if (ear.sinceMs <= options.now()) this.#begunMs = Math.max(this.#begunMs, ear.sinceMs); // prettier-ignore
    this.#progress = options.progress;
    this.#culprits = options.culprits ?? [];
    this.#onSource = options.onSource ?? (() => undefined);
    this.#oddStamps = new OddStamps(options.onNotice ?? (() => undefined));
  }

  /** Makes every filter ready for its first line. */
  warm(): void {
    for (const { filter } of this.#all()) filter.warm();
  }

  #all(): ReadonlySet<Ear> {
    return new Set(this.#jails.flatMap(({ ears }) => Object.values(ears)));
  }

  /** What is new has times of long ago from now on: the sources know where they stand. */
  #clockWasSetBack(): void {
    for (const ear of this.#all()) ear.hearAll();
    this.#audiences.clear();
    this.#forgetRoutes();
    this.#begunMs = Number.NEGATIVE_INFINITY;
  }

  /** The journal namespaces that any jail listens to; `undefined` = the default one. */
  journalNamespaces(): readonly (string | undefined)[] {
    const heard = this.#jails.filter(({ ears }) => ears.journal !== undefined);
    return [...new Set(heard.map(({ options }) => options.watch.journalNamespace))];
  }

  /** Every journal match that lines are routed by. */
  journalMatches(): readonly JournalMatch[] {
    return this.#jails.flatMap(({ options, ears }) =>
      ears.journal === undefined ? [] : [options.watch.journalMatch],
    );
  }

  /** Every glob that a jail listens to, with that jail. */
  globs(): readonly ListenedGlob[] {
    return listenedGlobs(this.#jails, this.#now);
  }

  /** How far back a source must begin for `jails`, milliseconds since the epoch. */
  sinceMs(way: Way, jails?: readonly string[]): number {
    const ears = this.#jails.flatMap(({ options, ears }) =>
      jails === undefined || jails.includes(options.name) ? (ears[way] ?? []) : [],
    );
    return Math.min(...ears.map((ear) => ear.sinceMs));
  }

  /** Hears a chunk of a journal in `namespace`, with the ears of `only` these jails; undefined = of all. */
  hearJournal(chunk: Lines, namespace: string | undefined, only?: readonly string[]): Batch {
    if (only !== undefined) this.#part(new Set(only));
    this.#forgetRoutesWhenHearingChanged();
    const known = this.#routes.get(chunk.source) ?? [];
    this.#routes.set(chunk.source, known);
    return this.#hear(chunk, this.#audiencesOf(chunk.routes, known, namespace, only));
  }

  /** For who reads a journal with these routes: which lines to keep for all jails together. */
  journalSieve(routes: readonly JournalFields[], namespace: string | undefined): LineSieve {
    return new JournalSieve(this.#audiencesOf(routes, [], namespace, undefined), this.#room);
  }

  /** Hears a chunk of a file on behalf of `jails`. */
  hearFile(chunk: Lines, jails: readonly string[]): Batch {
    this.#forgetRoutesWhenHearingChanged();
    const key = jails.join('\n');
    const audience = this.#fileAudiences.get(key) ?? this.#audienceOfJails(jails);
    this.#fileAudiences.set(key, audience);
    return this.#hear(chunk, () => audience, audience.trail);
  }

  #audienceOfJails(jails: readonly string[]): Audience {
    const names = new Set(jails);
    this.#part(names);
    const ears = this.#jails.flatMap((jail) =>
      names.has(jail.options.name) && listens(jail, 'file') ? (jail.ears.file ?? []) : [],
    );
    return this.#audienceOf([...new Set(ears)], true);
  }

  /** Who hears each route of a journal; `known` remembers. */
  #audiencesOf(
    routes: readonly JournalFields[],
    known: Audience[],
    namespace: string | undefined,
    only: readonly string[] | undefined,
  ): (route: number) => Audience {
    const earsOfRoute = (route: number): readonly Ear[] => [
      ...new Set(this.#earsFor(routes[route] ?? {}, namespace, only)),
    ];
    return (route) => (known[route] ??= this.#audienceOf(earsOfRoute(route), false));
  }

  /** `trail`: what the same ears heard before, where all lines are for the same ones. */
  #hear(chunk: Lines, audienceOf: (route: number) => Audience, trail?: LineTrail): Batch {
    const lines = textTable(chunk.lines);
    const heard: Heard[] = [];
    const used = new Set<Audience>();
    let last: Audience | undefined;
    const source = this.#source(chunk.source);
    const lookAt = this.#looks.at(chunk);
    const hand = this.#looks.linesOf(lines, trail ?? NO_TRAIL);
    this.#nowMs = this.#now();
    if (this.#nowMs < this.#begunMs) this.#clockWasSetBack();
    for (let index = 0; index < lines.length; index += 1) {
      const audience = audienceOf(lines.routes[index] ?? 0);
      if (audience.ears.length === 0) continue;
      if (audience !== last) used.add(audience);
      last = audience;
      audience.count(lines.timesMs[index] ?? Number.NaN);
      const look = lookAt(index, audience) ?? (audience.isWaiting ? NOTHING_FOUND : undefined);
      if (look !== undefined) this.#hearLine(chunk, hand, index, audience, look, source, heard);
    }
    this.#progress?.leave();
    if (trail !== undefined) hand.end();
    source.lines += lengthOf(chunk);
    for (const [route, count] of (chunk.sifted?.passed ?? []).entries()) {
      if (count === undefined) continue;
      const audience = audienceOf(route);
      audience.countPassed(count);
      used.add(audience);
    }
    for (const audience of used) audience.settle();
    const [only] = used;
    const ears =
      used.size === 1 && only !== undefined
        ? only.ears
        : [...new Set([...used].flatMap((audience) => audience.ears))];
    if (chunk.isLive === true) this.#oddStamps.tell(chunk.source, ears, this.#nowMs);
    return batchOf(chunk, heard, ears);
  }

  #hearLine(
    chunk: Lines,
    hand: LineAtHand,
    index: number,
    audience: Audience,
    look: Look,
    source: HeardSource,
    heard: Heard[],
  ): void {
    const line = hand.take(index);
    const around = audience.isDated ? hand : undefined;
    for (const ear of audience.askedBy(look)) {
      if (line.timeMs < ear.sinceMs) continue;
      if (this.#culprits.length > 0 && this.#isCulprit(chunk.source, source.lines + index, ear)) {
        hand.leaveOut();
        continue;
      }
      this.#progress?.enter(source.number, source.lines - source.toldLines + index, ear.index);
      const candidates = look[ear.index] ?? NO_CANDIDATES;
      ear.hear(line, heard, candidates, around, chunk.isLive === true ? this.#nowMs : undefined);
    }
  }

  /** The main thread has the place after all that was heard of a source: a line is counted from there. */
  told(id: SourceId): void {
    const source = this.#source(id);
    source.toldLines = source.lines;
  }

  /** Ears of which only some jails are among `names` hear for each jail alone from now on. */
  #part(names: ReadonlySet<string>): void {
    for (const ear of this.#shared) {
      const asked = ear.listeners.filter(({ jail }) => names.has(jail)).length;
      if (asked === 0 || asked === ear.listeners.length) continue;
      partEar(ear, this.#jails, this.#making);
      this.#shared.delete(ear);
      this.#forgetRoutes();
      this.#audiences.clear();
    }
  }

  #audienceOf(ears: readonly Ear[], isDated: boolean): Audience {
    const key = ears.map((ear) => `${ear.way} ${ear.index}`).join('\n');
    const known = this.#audiences.get(key);
    if (known !== undefined) return known;
    const audience = new Audience(ears, isDated, this.#room);
    this.#audiences.set(key, audience);
    return audience;
  }

  #source(id: SourceId): HeardSource {
    const known = this.#sources.get(id);
    if (known !== undefined) return known;
    const source = { number: this.#sources.size, lines: 0, toldLines: 0 };
    this.#sources.set(id, source);
    this.#onSource(id);
    return source;
  }

  #isCulprit(source: SourceId, number: number, ear: Ear): boolean {
    return this.#culprits.some(
      (culprit) => culprit.line === number && culprit.source === source && ear.hearsFor(culprit.jail),
    );
  }

  #earsFor(
    fields: JournalFields,
    namespace: string | undefined,
    only: readonly string[] | undefined,
  ): readonly Ear[] {
    return this.#jails.flatMap((jail) =>
      (only === undefined || only.includes(jail.options.name)) &&
      jail.options.watch.journalNamespace === namespace &&
      listens(jail, 'journal') &&
      meetsJournalMatch(jail.options.watch.journalMatch, fields)
        ? (jail.ears.journal ?? [])
        : [],
    );
  }

  /** A jail that begins to hear on its own way stops listening on the other one. */
  #forgetRoutesWhenHearingChanged(): void {
    let deafCount = 0;
    for (const { options, ears } of this.#jails)
      if (ears[options.watch.backend]?.recognised === 0) deafCount += 1;
    if (deafCount !== this.#deafCount) this.#forgetRoutes();
    this.#deafCount = deafCount;
  }

  #forgetRoutes(): void {
    this.#routes.clear();
    this.#fileAudiences.clear();
  }
}
