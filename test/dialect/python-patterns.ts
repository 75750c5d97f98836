/**
 * Makes up Python regular expressions and texts for them, from a seed: every construct of the `re` module, in every nesting.
 * Takes a random source; gives a pattern and texts that are made of its own pieces, so that many of them match.
 */
export type Random = () => number;

/** mulberry32: the same numbers for the same seed, everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Trial {
  readonly pattern: string;
  readonly multiline: boolean;
  readonly texts: readonly string[];
}

const LETTERS = ['a', 'b', 'c', 'A', 'B', 'x', '1', '2', '_', ' ', '-', 'é', 'É', 'ж', 'Ж', 'ß', '٣', '中'];
const RARE = [
  '\n',
  '\r',
  '\t',
  '.',
  '[',
  ']',
  '\u001c',
  '\u0085',
  '\u00a0',
  '\u2028',
  'ſ',
  'ŉ',
  'µ',
  'σ',
  'ς',
  'K',
  '²',
  'ª',
  '\ufeff',
  '\u0301',
  '·',
];
const SETS = ['\\w', '\\W', '\\d', '\\D', '\\s', '\\S', '.'];
const CLASSES = [
  '[abc]', '[^a]', '[]a]', '[^]a]', '[a-c]', '[^a-c\\n]', '[\\w-]', '[^\\W_]', '[\\d.]', '[-a]', '[a-]', '[[]', '[\\]]',
  '[^\\s:]', '[\\x61-\\x63]', '[é-ж]', '[\\b]', '[^\\d\\s]', '[a^]', '[+*?]', '[A-Z]', '[^A-Z1]', '[\\n ]', '[\\u0430-\\u044f]',
]; // prettier-ignore
const QUANTIFIERS = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,2}',
  '{,2}',
  '{1,}',
  '{,1}?',
  '{0,3}?',
  '*+',
  '++',
  '?+',
  '{1,2}+',
  '{0}',
];
const EDGES = ['^', '$', '\\A', '\\Z', '\\b', '\\B'];

/** One pattern; `size` bounds its parts. */
export class PatternMaker {
  readonly #random: Random;
  #groups: { readonly name: string | undefined; closed: boolean }[] = [];
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  trial(): Trial {
    this.#groups = [];
    this.#names = 0;
    const flags = this.#chance(0.25)
      ? this.#pick(['(?i)', '(?s)', '(?m)', '(?a)', '(?is)', '(?u)', '(?ia)'])
      : '';
    const verbose = this.#chance(0.05);
    const body = this.#choice(3, false);
    const pattern = verbose ? `(?x)${body} # a comment )\n` : flags + body;
    const texts = Array.from({ length: 6 }, () => this.#text(body));
    return { pattern, multiline: this.#chance(0.1), texts };
  }

  #choice(depth: number, fixed: boolean): string {
    const count = fixed || this.#chance(0.7) ? 1 : 2 + this.#below(2);
    return Array.from({ length: count }, () => this.#sequence(depth, fixed)).join('|');
  }

  #sequence(depth: number, fixed: boolean): string {
    let text = '';
    const count = fixed ? 1 + this.#below(2) : this.#chance(0.05) ? 0 : 1 + this.#below(4);
    for (let index = 0; index < count; index += 1) text += this.#item(depth, fixed);
    return text;
  }

  #item(depth: number, fixed: boolean): string {
    const atom = this.#atom(depth, fixed);
    if (fixed || !this.#chance(0.35) || EDGES.includes(atom) || atom === '' || atom.startsWith('(?#'))
      return atom;
    return atom + this.#pick(QUANTIFIERS);
  }

  #atom(depth: number, fixed: boolean): string {
    const roll = this.#random();
    if (roll < 0.35) return this.#letter();
    if (roll < 0.45) return this.#pick(SETS);
    if (roll < 0.55) return this.#pick(CLASSES);
    if (roll < 0.63) return this.#pick(EDGES);
    if (fixed || depth <= 0) return this.#letter();
    if (roll < 0.73) return this.#capture(depth);
    if (roll < 0.79) return this.#reference();
    if (roll < 0.83) return `(?:${this.#choice(depth - 1, false)})`;
    if (roll < 0.85) return `(?>${this.#choice(depth - 1, false)})`;
    if (roll < 0.88) return `(?${this.#pick(['=', '!'])}${this.#choice(depth - 1, false)})`;
    if (roll < 0.92) return `(?<${this.#pick(['=', '!'])}${this.#choice(0, true)})`;
    if (roll < 0.95)
      return `(?${this.#pick(['i', '-i', 's', 'm', 'i-s', 'x', 'a'])}:${this.#choice(depth - 1, false)})`;
    if (roll < 0.96) return '(?# said (in passing)';
    return this.#condition(depth);
  }

  #capture(depth: number): string {
    const name = this.#chance(0.5) ? `g${(this.#names += 1)}` : undefined;
    const group = { name, closed: false };
    this.#groups.push(group);
    const inner = this.#choice(depth - 1, false);
    group.closed = true;
    return name === undefined ? `(${inner})` : `(?P<${name}>${inner})`;
  }

  #reference(): string {
    const index = this.#closedGroup();
    if (index === undefined) return this.#letter();
    const name = this.#groups[index]?.name;
    return name === undefined ? `(?:\\${index + 1})` : `(?P=${name})`;
  }

  #condition(depth: number): string {
    const index = this.#closedGroup();
    if (index === undefined) return this.#letter();
    const which = this.#groups[index]?.name ?? String(index + 1);
    const no = this.#chance(0.7) ? `|${this.#sequence(depth - 1, false)}` : '';
    return `(?(${which})${this.#sequence(depth - 1, false)}${no})`;
  }

  #closedGroup(): number | undefined {
    const closed = this.#groups.flatMap(({ closed: done }, index) => (done ? [index] : []));
    return closed.length === 0 ? undefined : this.#pick(closed);
  }

  #letter(): string {
    const letter = this.#pick(this.#chance(0.9) ? LETTERS : RARE);
    return letter.replace(/[-.[\]\n\t ]/, (sign) =>
      sign === '\n' ? '\\n' : sign === '\t' ? '\\t' : `\\${sign}`,
    );
  }

  /** Letters of the pattern and others, often ended by a newline. */
  #text(body: string): string {
    const own = Array.from(body).filter((letter) => LETTERS.includes(letter));
    const count = this.#below(9);
    let text = '';
    for (let index = 0; index < count; index += 1)
      text +=
        own.length > 0 && this.#chance(0.7)
          ? this.#pick(own)
          : this.#pick(this.#chance(0.8) ? LETTERS : RARE);
    return this.#chance(0.4) ? `${text}\n` : text;
  }

  #pick<T>(among: readonly T[]): T {
    const picked = among[this.#below(among.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}
