/**
 * The body of one WebAssembly function, written instruction by instruction.
 * Takes instructions; gives bytes. Every local and every value is an i32 unless its name says otherwise.
 * Source of the format: WebAssembly Core Specification 1.0, chapter 5.
 */

export const OP = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  globalGet: 0x23,
  globalSet: 0x24,
  load32: 0x28,
  load64: 0x29,
  load8: 0x2d,
  load16: 0x2f,
  store16: 0x3b,
  store32: 0x36,
  store64: 0x37,
  store8: 0x3a,
  const32: 0x41,
  const64: 0x42,
  isZero: 0x45,
  equal: 0x46,
  differs: 0x47,
  less: 0x48,
  lessUnsigned: 0x49,
  more: 0x4a,
  moreUnsigned: 0x4b,
  atLeast: 0x4e,
  atMostUnsigned: 0x4d,
  atLeastUnsigned: 0x4f,
  differs64: 0x52,
  add: 0x6a,
  subtract: 0x6b,
  shiftRight: 0x76,
  and: 0x71,
  or: 0x72,
} as const;

const NO_RESULT = 0x40;
const I32 = 0x7f;

export class Code {
  readonly #bytes: number[] = [];
  #locals: number;
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
    this.#locals = parameters;
  }

  /** A local of its own. */
  local(): number {
    this.#locals += 1;
    return this.#locals - 1;
  }

  op(...bytes: readonly number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }

  /** Begins a block, loop or if without a result. */
  begin(kind: typeof OP.block | typeof OP.loop | typeof OP.if): this {
    return this.op(kind, NO_RESULT);
  }

  end(): this {
    return this.op(OP.end);
  }

  get(local: number): this {
    return this.op(OP.localGet, ...unsigned(local));
  }

  set(local: number): this {
    return this.op(OP.localSet, ...unsigned(local));
  }

  global(number: number): this {
    return this.op(OP.globalGet, ...unsigned(number));
  }

  setGlobal(number: number): this {
    return this.op(OP.globalSet, ...unsigned(number));
  }

  const(value: number): this {
    return this.op(OP.const32, ...signed(BigInt(value)));
  }

  const64(value: bigint): this {
    return this.op(OP.const64, ...signed(value));
  }

  /** Loads or stores at the address on the stack plus `offset`, wherever that is. */
  memory(op: number, offset: number): this {
    return this.op(op, 0, ...unsigned(offset));
  }

  call(functionIndex: number): this {
    return this.op(OP.call, ...unsigned(functionIndex));
  }

  /** Ends the function where the value on the stack is not zero: there is no match this way. */
  failIf(): this {
    return this.begin(OP.if).fail().end();
  }

  /** Ends the function: there is no match this way. */
  fail(): this {
    return this.const(0).op(OP.return);
  }

  /** The function as the code section holds it. */
  finished(): readonly number[] {
    const count = this.#locals - this.#parameters;
    const locals = count === 0 ? [0] : [1, ...unsigned(count), I32];
    // What comes behind the last instruction is never reached; without it the body would give nothing.
    const body = [...locals, ...this.#bytes, OP.const32, 0, OP.end];
    return [...unsigned(body.length), ...body];
  }
}

/** LEB128. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}
