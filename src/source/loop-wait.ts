/**
 * Blocks a thread, which looks for something every few milliseconds, until that is found or its event loop has something to do:
 * a message, a watched file, a timer, the end of the thread. A turn through Node's loop for each look costs eight times as much.
 * By libuv's way to embed its loop (uv_backend_fd, uv_backend_timeout), found through what Node exports for addons
 * (node::GetCurrentEventLoop). Gives undefined where koffi or one of them is missing.
 */

const POLLIN = 1;
/** A wait lasts no longer. */
const BEAT_MS = 1000;

/** A native function; arguments and results are numbers, bigints and buffers as declared. */
type Native = (...values: unknown[]) => unknown;

/** What ended a wait. `loop`: the event loop has something to do, so let it. */
export type WaitEnd = 'found' | 'descriptor' | 'loop';

export interface Wait {
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** -1 for none. */
  readonly descriptor: number;
  /** Anything but 0 ends the wait. */
  readonly look: () => number;
}

/**
 * Blocks until a look finds something, the descriptor can be read, or a timer is due. To be called from a timer or what
 * follows it: after other callbacks the loop has something to do for the caller's sake, and is let in.
 */
export type LoopWait = (wait: Wait) => WaitEnd;

let loaded: Promise<LoopWait | undefined> | undefined;

/** One for all that wait in the thread that calls it, and for no other thread. */
export function loadLoopWait(): Promise<LoopWait | undefined> {
  loaded ??= bind().catch(() => undefined);
  return loaded;
}

async function bind(): Promise<LoopWait | undefined> {
  const { default: koffi } = await import('koffi');
  const program = koffi.load(null);
  const fn = (name: string, result: string, ...types: string[]): Native => program.func(name, result, types);
  const currentIsolate = fn('_ZN2v87Isolate10GetCurrentEv', 'uintptr_t');
  const currentLoop = fn('_ZN4node19GetCurrentEventLoopEPN2v87IsolateE', 'uintptr_t', 'uintptr_t');
  const backendFd = fn('uv_backend_fd', 'int', 'uintptr_t');
  const updateTime = fn('uv_update_time', 'void', 'uintptr_t');
  const backendTimeout = fn('uv_backend_timeout', 'int', 'uintptr_t');
  const poll = fn('poll', 'int', 'void *', 'ulong', 'int');

  const loop = Number(currentLoop(currentIsolate()));
  if (loop === 0) return undefined;
  const ofLoop = Number(backendFd(loop));
  if (ofLoop < 0) return undefined;
  // What libuv is sure to know of wherever it knows of Node's timers. V8 has some of its own.
  setInterval(() => undefined, BEAT_MS).unref();
  // Two of struct pollfd: descriptor, what is asked in the lower half and what is found in the upper one.
  const polled = new Int32Array([ofLoop, 0, 0, 0]);
  return ({ everyMs, descriptor, look }) => {
    // The loop's own time stands still while its thread is busy.
    updateTime(loop);
    // 0: something is due that the descriptor does not tell of. More than the next beat: Node is running timers that are due
    // together, and tells libuv of those that are left when it is through.
    let leftMs = Number(backendTimeout(loop));
    if (leftMs <= 0 || leftMs > BEAT_MS) return 'loop';
    polled[1] = POLLIN;
    polled[2] = descriptor;
    polled[3] = POLLIN;
    for (;;) {
      const pollMs = Math.min(everyMs, leftMs);
      const found = Number(poll(polled, 2, pollMs));
      if (found !== 0) return found < 0 || polled[1] !== POLLIN ? 'loop' : 'descriptor';
      if (look() !== 0) return 'found';
      leftMs -= pollMs;
      if (leftMs <= 0) return 'loop';
    }
  };
}
