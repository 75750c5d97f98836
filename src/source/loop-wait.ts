/**
 * Blocks a thread until its event loop has something to do or a time is over. A timer's turn through Node's loop costs eight
 * times as much. Whatever wakes the loop (a message, a watched file, the end of the thread) ends the wait at once; timers do not.
 * By libuv's way to embed its loop (uv_backend_fd, uv_backend_timeout), found through what Node exports for addons
 * (node::GetCurrentEventLoop). Gives undefined where koffi or one of them is missing.
 */

const POLLIN = 1;

/** A native function; arguments and results are numbers, bigints and buffers as declared. */
type Native = (...values: unknown[]) => unknown;

/** What ended a wait. `loop`: the event loop has something to do, so let it. */
export type WaitEnd = 'time' | 'descriptor' | 'loop';

/**
 * Waits so many milliseconds, or until the descriptor can be read. To be called from a timer or what follows it: in other
 * callbacks the loop may have something to do for the caller's sake.
 */
export type LoopWait = (milliseconds: number, descriptor: number) => WaitEnd;

/** For the thread that calls it, and for no other. */
export function loadLoopWait(): Promise<LoopWait | undefined> {
  return bind().catch(() => undefined);
}

async function bind(): Promise<LoopWait | undefined> {
  const { default: koffi } = await import('koffi');
  const program = koffi.load(null);
  const fn = (name: string, result: string, ...types: string[]): Native => program.func(name, result, types);
  const currentIsolate = fn('_ZN2v87Isolate10GetCurrentEv', 'uintptr_t');
  const currentLoop = fn('_ZN4node19GetCurrentEventLoopEPN2v87IsolateE', 'uintptr_t', 'uintptr_t');
  const backendFd = fn('uv_backend_fd', 'int', 'uintptr_t');
  const backendTimeout = fn('uv_backend_timeout', 'int', 'uintptr_t');
  const poll = fn('poll', 'int', 'void *', 'ulong', 'int');

  const loop = currentLoop(currentIsolate());
  if (Number(loop) === 0) return undefined;
  const ofLoop = Number(backendFd(loop));
  if (ofLoop < 0) return undefined;
  // Two of struct pollfd: descriptor, what is asked in the lower half and what is found in the upper one.
  const polled = new Int32Array([ofLoop, 0, 0, 0]);
  return (milliseconds, descriptor) => {
    // 0: something is due that the descriptor does not tell of.
    if (Number(backendTimeout(loop)) === 0) return 'loop';
    polled[1] = POLLIN;
    polled[2] = descriptor;
    polled[3] = POLLIN;
    const found = Number(poll(polled, 2, milliseconds));
    if (found === 0) return 'time';
    return found < 0 || polled[1] !== POLLIN ? 'loop' : 'descriptor';
  };
}
