/**
 * Calls back each time a thread has spent some processor time: a timer of the kernel on the thread's own clock (timer_create(2)),
 * so that nobody is woken for a thread that does nothing. The kernel looks at such clocks at its ticks, up to 4 ms late.
 * It signals the thread, and libuv tells the main thread: of several such threads all are told. Undefined where koffi is missing.
 */

/** Nobody else uses it, and Node lets it be heard. Where it is not heard it ends the process. */
const SIGNAL = 'SIGVTALRM';
const SIGNAL_NUMBER = 26;
const SIGEV_THREAD_ID = 4;
/** CPUCLOCK_SCHED and CPUCLOCK_PERTHREAD of the kernel: a thread's clock has this and the complement of its number. */
const THREAD_CLOCK = 6;

/** A native function; arguments and results are numbers, bigints and buffers as declared. */
type Native = (...values: unknown[]) => unknown;

/** Takes the number of a thread of this process; gives what stops it, or undefined where it cannot be done. */
export type ThreadTimer = (thread: number, everyMs: number, tick: () => void) => (() => void) | undefined;

let loaded: Promise<ThreadTimer | undefined> | undefined;

/** For the main thread, where signals are heard. */
export function loadThreadTimer(): Promise<ThreadTimer | undefined> {
  loaded ??= bind().catch(() => undefined);
  return loaded;
}

async function bind(): Promise<ThreadTimer> {
  const { default: koffi } = await import('koffi');
  const c = koffi.load(null);
  const create: Native = c.func('timer_create', 'int', ['int', 'void *', 'void *']);
  const set: Native = c.func('timer_settime', 'int', ['uintptr_t', 'int', 'void *', 'void *']);
  const remove: Native = c.func('timer_delete', 'int', ['uintptr_t']);
  const ticks = new Set<() => void>();
  // For good: a signal may be on its way when its timer is removed.
  process.on(SIGNAL, () => {
    for (const tick of ticks) tick();
  });
  return (thread, everyMs, tick) => {
    // A struct sigevent, and a timer_t.
    const event = new Int32Array(16);
    event.set([SIGNAL_NUMBER, SIGEV_THREAD_ID, thread], 2);
    const out = new BigUint64Array(1);
    if (create((~thread << 3) | THREAD_CLOCK, event, out) !== 0) return undefined;
    const timer = out[0] ?? 0n;
    const nanoseconds = BigInt(everyMs) * 1_000_000n;
    set(timer, 0, new BigInt64Array([0n, nanoseconds, 0n, nanoseconds]), null);
    ticks.add(tick);
    return () => {
      ticks.delete(tick);
      remove(timer);
    };
  };
}
