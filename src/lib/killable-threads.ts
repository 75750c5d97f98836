/**
 * Makes threads that begin from now on safe to be killed. Up to Node 20 a worker that is terminated while V8 compiles for
 * it in the background takes the whole process with it (`ForIsolate … Assertion failed: (data.first) != nullptr`): the
 * compiler asks the platform for the worker's queue, which is gone by then. Such threads compile by themselves instead;
 * the main thread is as it was, since it began before.
 */
import { setFlagsFromString } from 'node:v8';

/** Must be called before a thread begins that may be killed while it works. */
export function makeThreadsKillable(): void {
  setFlagsFromString('--no-concurrent-recompilation');
  setFlagsFromString('--no-concurrent-osr');
}
