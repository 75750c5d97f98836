/**
 * The date templates of a trial in Fail2Ban's order: which one finds a line's stamp, how often each did, and how those
 * that hit move up. Takes the datepatterns; gives stamps and the list to print.
 * Source: the order and hits that fail2ban-regex 1.1.0 prints.
 */
import { DateTemplate, type Stamp } from '../dates/date-template.js';
import { DEFAULT_DATEPATTERNS } from '../dates/default-templates.js';
import { statedDate } from './stated-date.js';
import { templateName } from './template-name.js';

export interface RankedTemplate {
  readonly name: string;
  /** As written; empty where it is no pattern. */
  readonly pattern: string;
  /** Its expression as Fail2Ban states it. */
  readonly stated: string;
  readonly template: DateTemplate;
  /** Anchored copies of the defaults count a hundredfold. */
  worth: number;
  hits: number;
  /** Where in the line it stood last. */
  distance: number;
}

const FAR = 0x7fff_ffff;

export class RankedTemplates {
  readonly #templates: RankedTemplate[] = [];
  readonly #names = new Set<string>();
  readonly #year: number;
  #last: RankedTemplate | undefined;
  #lastPlace: readonly [number, number] = [1, FAR];
  #firstUnused = 0;

  /** Throws an Error or RegexSyntaxError where a pattern is wrong. `year`: the current one. */
  constructor(patterns: readonly string[], year: number) {
    this.#year = year;
    for (const pattern of patterns) this.#addPattern(pattern);
  }

  /** As Fail2Ban's output names the whole. */
  get title(): string {
    const [first, second, third] = this.#templates;
    return first === undefined || (second !== undefined && third !== undefined)
      ? 'Default Detectors'
      : first.name;
  }

  get all(): readonly RankedTemplate[] {
    return this.#templates;
  }

  /** The stamp of a line and the template that found it. */
  find(line: string): { readonly stamp: Stamp; readonly template: DateTemplate } | undefined {
    if (this.#templates.length === 0) this.#addDefaults(() => true, true);
    const found = this.#findByLast(line) ?? this.#search(line);
    if (found === undefined) return undefined;
    const { ranked, stamp } = found;
    ranked.hits += 1;
    ranked.distance = placeOf(ranked, stamp);
    let index = this.#templates.indexOf(ranked);
    if (this.#firstUnused === index) this.#firstUnused += 1;
    this.#lastPlace = [ranked.distance, stamp.end];
    if (index > 0 && this.#last !== ranked) index = this.#moveUp(index);
    this.#last = ranked;
    return { stamp, template: ranked.template };
  }

  #findByLast(line: string): { ranked: RankedTemplate; stamp: Stamp } | undefined {
    const ranked = this.#last;
    const stamp = ranked?.template.find(line);
    if (ranked === undefined || stamp === undefined) return undefined;
    const isHere = placeOf(ranked, stamp) === this.#lastPlace[0] && stamp.end === this.#lastPlace[1];
    return this.#templates.length === 1 || ranked.template.anchored || isHere ? { ranked, stamp } : undefined;
  }

  #search(line: string): { ranked: RankedTemplate; stamp: Stamp } | undefined {
    let best: { ranked: RankedTemplate; stamp: Stamp; place: number } | undefined;
    const last = this.#last;
    const lastStamp = last?.template.find(line);
    if (last !== undefined && lastStamp !== undefined)
      best = { ranked: last, stamp: lastStamp, place: placeOf(last, lastStamp) };
    for (const [index, ranked] of this.#templates.entries()) {
      const stamp = ranked === last ? undefined : ranked.template.find(line);
      if (stamp === undefined) continue;
      const place = placeOf(ranked, stamp);
      const next = this.#templates[index + 1];
      if (next === undefined || ranked.template.anchored) return { ranked, stamp };
      if (place === 0 && ranked.hits > 0 && next.hits === 0) return { ranked, stamp };
      // Somewhere else than before: it may be part of the message.
      if (place <= ranked.distance && place <= this.#lastPlace[0]) return { ranked, stamp };
      if (best === undefined || place < best.place) best = { ranked, stamp, place };
    }
    return best;
  }

  /** Moves one that hit to the first unused place or half way up, else one up; gives where it stands now. */
  #moveUp(index: number): number {
    const ranked = this.#templates[index];
    if (ranked === undefined) return index;
    const mayPass = (place: number): boolean => {
      const other = this.#templates[place];
      return other === undefined || weightOf(ranked) > weightOf(other) || other.hits === 0;
    };
    let place = this.#firstUnused < index ? this.#firstUnused : Math.floor(index / 2);
    if (!mayPass(place)) {
      if (place === index - 1 || !mayPass(index - 1)) return index;
      place = index - 1;
    }
    this.#templates.splice(index, 1);
    this.#templates.splice(place, 0, ranked);
    while ((this.#templates[this.#firstUnused]?.hits ?? 0) > 0) this.#firstUnused += 1;
    return place;
  }

  #addPattern(pattern: string): void {
    const upper = pattern.toUpperCase();
    if (!pattern.includes('%')) {
      if (upper === '{DEFAULT}') return this.#addDefaults(() => true, true);
      if (upper === '{^LN-BEG}') return this.#addDefaults((one) => one.template.anchored, true);
    }
    if (/(?<!\\)\{DATE\}/i.test(pattern)) {
      for (const one of DEFAULT_DATEPATTERNS)
        this.#add(withDate(pattern, one), 1, this.#templates.length > 0);
      return undefined;
    }
    return this.#add(pattern, 1, false);
  }

  #addDefaults(isWanted: (ranked: RankedTemplate) => boolean, withAnchored: boolean): void {
    const anchored = DEFAULT_DATEPATTERNS.filter((one) => withAnchored && !/^(?:\{\^LN-BEG\}|\^)/.test(one));
    const all = [
      ...anchored.map((one) => this.#ranked(`{^LN-BEG}${one}`, 100)),
      ...DEFAULT_DATEPATTERNS.map((one) => this.#ranked(one, 1)),
    ];
    for (const ranked of all) if (isWanted(ranked)) this.#append(ranked, true);
  }

  #add(pattern: string, worth: number, passOver: boolean): void {
    this.#append(this.#ranked(pattern, worth), passOver);
  }

  #append(ranked: RankedTemplate, passOver: boolean): void {
    if (this.#names.has(ranked.name)) {
      const known = this.#templates.find(({ name }) => name === ranked.name);
      if (known !== undefined) known.worth = Math.max(known.worth, ranked.worth);
      if (passOver) return;
      throw new Error(`There is already a template with name ${ranked.name}`);
    }
    this.#names.add(ranked.name);
    this.#templates.push(ranked);
  }

  #ranked(pattern: string, worth: number): RankedTemplate {
    const read = /^\{NONE\}$/i.test(pattern) ? '{UNB}^' : pattern;
    const template = new DateTemplate(read, this.#year);
    const written = /^(?:\{\^LN-BEG\}|\^)?(?:L?EPOCH|TAI64N)$/i.test(pattern) ? '' : read;
    const stated = statedDate(pattern, this.#year);
    return { name: templateName(pattern), pattern: written, stated, template, worth, hits: 0, distance: FAR };
  }
}

/** A template anchored at the beginning stands there, whatever it skips. */
function placeOf({ template }: RankedTemplate, stamp: Stamp): number {
  return template.anchored ? 0 : stamp.start;
}

export function weightOf({ hits, worth, distance }: RankedTemplate): number {
  return (hits * worth) / Math.max(1, distance);
}

function withDate(pattern: string, one: string): string {
  const bare = one.replace(/^(?:\{\^LN-BEG\}|\{UNB\})/, '');
  const inner = bare === 'EPOCH' ? 'Epoch' : bare;
  return pattern.replace(/(?<!\\)\{DATE\}/gi, () => inner);
}
