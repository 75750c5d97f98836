/**
 * Arithmetic in Python's syntax, without Python: numbers, given names, the usual operators, `a if b else c`, comparisons
 * and a few functions. Nothing else is understood, so nothing else can be done.
 * Takes a text and the names that it may use; gives a function of their values.
 */
import { BailiffError } from './errors.js';
import { FUNCTIONS, POWER, PRODUCTS, SHIFTS, SUMS, type Binary } from './arithmetic-operators.js';

export type Values = Readonly<Record<string, number>>;
export type Arithmetic = (values: Values) => number;

const LONGEST = 1000;
const DEEPEST = 50;
const CONSTANTS: Values = { 'math.pi': Math.PI, 'math.e': Math.E, True: 1, False: 0 };
const TOKEN =
  /\s*(?:((?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?\.?)|([A-Za-z_][\w.]*)|(\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%()<>,]))/gy;

const COMPARISONS: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['<', (a, b) => Number(a < b)],
  ['<=', (a, b) => Number(a <= b)],
  ['>', (a, b) => Number(a > b)],
  ['>=', (a, b) => Number(a >= b)],
  ['==', (a, b) => Number(a === b)],
  ['!=', (a, b) => Number(a !== b)],
]);

/** @throws BailiffError `config.formula` with what is not understood. */
export function parseArithmetic(text: string, names: readonly string[] = []): Arithmetic {
  const parser = new Parser(text, names);
  const value = parser.conditional(0);
  parser.end();
  return value;
}

class Parser {
  readonly #text: string;
  readonly #names: readonly string[];
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#names = names;
    this.#tokens = tokensOf(text);
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#bad();
  }

  /** `a if b else c`. */
  conditional(depth: number): Arithmetic {
    if (depth > DEEPEST) throw this.#bad();
    const yes = this.#or(depth);
    if (!this.#take('if')) return yes;
    const condition = this.#or(depth);
    if (!this.#take('else')) throw this.#bad();
    const no = this.conditional(depth + 1);
    return (values) => (condition(values) === 0 ? no(values) : yes(values));
  }

  #or(depth: number): Arithmetic {
    let left = this.#and(depth);
    while (this.#take('or')) {
      const [a, b] = [left, this.#and(depth)];
      left = (values) => a(values) || b(values);
    }
    return left;
  }

  #and(depth: number): Arithmetic {
    let left = this.#not(depth);
    while (this.#take('and')) {
      const [a, b] = [left, this.#not(depth)];
      left = (values) => a(values) && b(values);
    }
    return left;
  }

  #not(depth: number): Arithmetic {
    if (depth > DEEPEST) throw this.#bad();
    if (!this.#take('not')) return this.#comparison(depth);
    const value = this.#not(depth + 1);
    return (values) => Number(value(values) === 0);
  }

  /** `a < b < c` holds where both do. */
  #comparison(depth: number): Arithmetic {
    const operands = [this.#binary(depth, 0)];
    const tests: Binary[] = [];
    for (let test = COMPARISONS.get(this.#peek()); test !== undefined; test = COMPARISONS.get(this.#peek())) {
      this.#at += 1;
      tests.push(test);
      operands.push(this.#binary(depth, 0));
    }
    const [first] = operands;
    if (first === undefined) throw this.#bad();
    if (tests.length === 0) return first;
    return (values) => {
      const numbers = operands.map((operand) => operand(values));
      return Number(tests.every((test, at) => test(numbers[at] ?? 0, numbers[at + 1] ?? 0) !== 0));
    };
  }

  /** Operators of one precedence, from the left. */
  #binary(depth: number, level: number): Arithmetic {
    const operators = [SHIFTS, SUMS, PRODUCTS][level];
    if (operators === undefined) return this.#sign(depth);
    let left = this.#binary(depth, level + 1);
    for (
      let operator = operators.get(this.#peek());
      operator !== undefined;
      operator = operators.get(this.#peek())
    ) {
      this.#at += 1;
      const [apply, a, b] = [operator, left, this.#binary(depth, level + 1)];
      left = (values) => apply(a(values), b(values));
    }
    return left;
  }

  #sign(depth: number): Arithmetic {
    if (depth > DEEPEST) throw this.#bad();
    if (this.#take('+')) return this.#sign(depth + 1);
    if (this.#take('-')) {
      const value = this.#sign(depth + 1);
      return (values) => -value(values);
    }
    const base = this.#atom(depth);
    if (!this.#take('**')) return base;
    const exponent = this.#sign(depth + 1);
    return (values) => POWER(base(values), exponent(values));
  }

  #atom(depth: number): Arithmetic {
    const token = this.#peek();
    this.#at += 1;
    if (token === '(') {
      const inner = this.conditional(depth + 1);
      if (!this.#take(')')) throw this.#bad();
      return inner;
    }
    if (/^[\d.]/.test(token)) {
      const number = Number(token.replaceAll('_', ''));
      return () => number;
    }
    const constant = CONSTANTS[token];
    if (constant !== undefined) return () => constant;
    if (this.#names.includes(token)) return (values) => values[token] ?? 0;
    const call = FUNCTIONS.get(token);
    if (call === undefined || !this.#take('(')) throw this.#bad();
    const operands = [this.conditional(depth + 1)];
    while (this.#take(',')) operands.push(this.conditional(depth + 1));
    if (!this.#take(')')) throw this.#bad();
    return (values) => call(...operands.map((operand) => operand(values)));
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #bad(): BailiffError {
    const token = this.#tokens[Math.max(0, this.#at - 1)] ?? '';
    return bad(this.#text, `near \`${this.#peek() === '' ? token : this.#peek()}\``);
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trim();
  let end = 0;
  for (const [whole, ...parts] of trimmed.matchAll(TOKEN)) {
    tokens.push(parts.find((part) => part !== undefined) ?? '');
    end += whole.length;
  }
  if (end !== trimmed.length || tokens.length === 0 || text.length > LONGEST)
    throw bad(text, `near \`${trimmed.slice(end, end + 10)}\``);
  return tokens;
}

function bad(text: string, where: string): BailiffError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new BailiffError('config.formula', `\`${shown}\` is not understood ${where}.`, {
    remedy:
      'Use numbers, ban.Time, ban.Count, banFactor, + - * / // % ** << >>, comparisons, `a if b else c`, min, max and math.exp and the like.',
  });
}
